// A learnt network as a scenario that people read and change.
//
// Devices that send alike are one entry; where there are several of them their places go into a
// list beside the scenario. Names that are no identifiers of the network get others. Called by cli
// and comparison. Thread rule: pure. Source: scenarios/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/likeness/network.h"

namespace sim::likeness {

struct ScenarioWords {
  std::string name;     ///< what reports call it
  std::string remarks;  ///< stands above it, as comments; lines
  std::string dialect;
  std::uint64_t seed = 1;
  /// What lists of places are called ("learnt.places"); empty: each device is an entry of its own.
  std::string lists;
};

struct ScenarioText {
  std::string yaml;
  std::vector<std::pair<std::string, std::string>> lists;  ///< names and texts
};

ScenarioText scenario_text(const LearntNetwork& network, const ScenarioWords& words);

}  // namespace sim::likeness
