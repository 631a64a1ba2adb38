// Reads the expectation `stored: { count: 3 }, to: "probe-*"`, but for its `to`.
// Called by the reader of expectations. Thread rule: pure but for problems.
// Source: scenarios/README.md, "expect".
#pragma once

#include <string_view>
#include <unordered_set>

#include "sim/check/expectation.h"
#include "sim/scenario/draft.h"

namespace sim::scenario {

/// `node` is the value of `stored`. What is wrong is in problems.
check::StoredExpectation read_stored(const Node& node, Problems& problems);

/// Which devices the probe is asked about, over all expectations: there is a limit.
class ProbedDevices {
 public:
  /// Adds those that a glob matches; a problem at `node` where they become too many.
  void add(std::string_view glob, const Draft& draft, const Node& node, Problems& problems);

 private:
  std::unordered_set<std::size_t> devices_;  // their indices
  bool told_ = false;
};

}  // namespace sim::scenario
