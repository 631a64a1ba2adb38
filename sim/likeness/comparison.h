// How far what a scenario makes is from what was recorded.
//
// The scenario is generated and counted as the recording was; each feature has a distance of 0
// (alike) to 1 (nothing in common). Called by `lnsim learn`. Thread rule: one thread.
// Source: sim/likeness/README.md.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/likeness/features.h"
#include "sim/likeness/scenario_text.h"
#include "sim/scenario/plan.h"

namespace sim::likeness {

/// As many uplinks as are generated for a comparison, at most.
constexpr std::uint64_t kMostCompared = 200'000;

struct Distance {
  std::string_view feature;  ///< "interval"
  std::string_view measure;  ///< "KS" or "TV"
  double value = 0;
};

std::vector<Distance> distances(const Features& recorded, const Features& generated);

/// A table, a feature a line, without an end of the last line.
std::string table_of(const std::vector<Distance>& distances);

/// Counts what the plan makes.
FeatureCounter generated(const scenario::Plan& plan);

/// The plan of a text that is not written yet. The error is all that is wrong with it.
tl::expected<scenario::Plan, std::string> plan_of(const ScenarioText& text);

}  // namespace sim::likeness
