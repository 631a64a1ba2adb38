// A histogram of times, of fixed size, whose quantiles are within 1% of the truth.
//
// Each power of two from a nanosecond to more than an hour has 128 buckets (36 KiB in all), so a
// run of any length costs the same memory, and histograms of several threads can be added. Called
// by check (thresholds) and report (percentiles). Thread rule: one thread each; merge afterwards.
// Source: own layout, after HdrHistogram's idea.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace sim::delivery {

class LatencyHistogram {
 public:
  LatencyHistogram();
  /// Counts a value; a negative one as 0. Values of more than 73 minutes share one bucket.
  void add(std::chrono::nanoseconds value);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The least value that the share `q` (0..1) of the values does not exceed; 0 where there are
  /// none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double q) const;
  [[nodiscard]] std::chrono::nanoseconds max() const { return max_; }
  [[nodiscard]] std::chrono::nanoseconds mean() const;

  /// Values of at least `from` and less than `to`.
  struct Bucket {
    std::chrono::nanoseconds from, to;
    std::uint64_t count;
  };
  /// The buckets that have values, in order.
  [[nodiscard]] std::vector<Bucket> buckets() const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
  double sum_ns_ = 0;
};

}  // namespace sim::delivery
