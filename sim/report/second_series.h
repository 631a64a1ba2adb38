// The seconds of a run on the wall clock, in a bounded number of bins whatever the run's length.
//
// The bins begin one second wide. When the run outgrows them, two become one: counts are added, of
// latencies the worst is kept, since a stall must not vanish in a mean. Called by Pictures. Thread
// rule: none of its own. Source: sim/report/README.md, "The HTML report".
#pragma once

#include <cstddef>
#include <vector>

#include "sim/check/entry.h"

namespace sim::report {

class SecondSeries {
 public:
  static constexpr std::size_t kMaxBins = 600;

  void add(const check::SecondPassed& second);

  /// How many seconds a bin has.
  [[nodiscard]] std::size_t width() const { return width_; }
  [[nodiscard]] const std::vector<check::SecondPassed>& bins() const { return bins_; }

 private:
  void halve();

  std::size_t width_ = 1;
  std::vector<check::SecondPassed> bins_;
};

}  // namespace sim::report
