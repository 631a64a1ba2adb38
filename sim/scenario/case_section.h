// What a case of the conformance suite says of itself: the `case` of its file.
//
// A case is a scenario with this one key more. Read before the rest, since the suite needs its id
// to load it. Called by load() and by conformance. Thread rule: pure.
// Source: sim/conformance/README.md.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sim/check/expectation.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

struct CaseHead {
  std::string id;   ///< "4.2/1": section, topic, number; never changes
  int section = 0;  ///< 4
  std::string title;
  check::Level level = check::Level::must;
  std::string requirement;                  ///< in words
  std::string source;                       ///< where it comes from
  std::string meaning;                      ///< what a failure means for the endpoint's users
  std::vector<std::string> needs;           ///< "downlink", "probe", "authorization"
  std::chrono::milliseconds limit{20'000};  ///< of wall time
  check::Place place;
};

/// The place of an id in the order of cases: 4.2/1 comes before 4.10/1.
std::vector<int> case_order(const std::string& id);

std::optional<CaseHead> read_case_head(const Node& node, Problems& problems);

}  // namespace sim::scenario
