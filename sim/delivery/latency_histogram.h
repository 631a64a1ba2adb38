// A histogram of times, of fixed size, whose quantiles are within 1% of the truth.
//
// Buckets grow geometrically from 1 us to an hour, so a run of any length costs the same memory, and
// histograms of several threads can be added. Called by check (thresholds) and report (percentiles).
// Thread rule: one thread each; merge afterwards. Source: own layout, after HdrHistogram's idea.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <vector>

namespace sim::delivery {

class LatencyHistogram {
 public:
  LatencyHistogram();
  void add(std::chrono::nanoseconds value);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The value below which the share `q` (0..1) of the values lies; 0 where there are none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double q) const;
  [[nodiscard]] std::chrono::nanoseconds max() const { return max_; }
  [[nodiscard]] std::chrono::nanoseconds mean() const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
  double sum_ns_ = 0;
};

}  // namespace sim::delivery
