// What a search for the highest rate found: its trials, and how sure the rate is.
// Called by cli. Thread rule: pure. Source: sim/cli/README.md, "The highest rate".
#pragma once

#include <string>
#include <vector>

#include "sim/delivery/rate_search.h"
#include "sim/report/report.h"

namespace sim::report {

/// A run at one rate.
struct RateTrial {
  double rate = 0;  ///< uplinks a second
  bool held = false;
  std::chrono::nanoseconds p50{0}, p99{0};
  std::string why;  ///< it did not hold; empty where it did
};

/// A rate holds where every check passed, and the endpoint did not fall behind from the first half
/// of the run to the second: the report is one of a load with two equal phases.
RateTrial trial_of(double rate, const Report& report);

/// A line for a trial, and the sentence at the end.
std::string trial_text(const RateTrial& trial);
std::string search_text(const delivery::RateSearch& search);
std::string search_json(const delivery::RateSearch& search, const std::vector<RateTrial>& trials);

}  // namespace sim::report
