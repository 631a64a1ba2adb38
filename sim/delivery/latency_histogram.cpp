#include "sim/delivery/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace sim::delivery {

namespace {

// 2^7 buckets for each power of two: a bucket is at most 1/128 of its values wide, and its middle
// is at most 0.4% away from any of them. Values below 2^7 ns have a bucket each.
constexpr int kPrecision = 7;
constexpr std::uint64_t kBuckets = std::uint64_t{1} << kPrecision;
constexpr int kOctaves = 42;  // 2^42 ns are 73 minutes
constexpr std::uint64_t kLimit = std::uint64_t{1} << kOctaves;
constexpr std::size_t kSize = (kOctaves - kPrecision + 1) * kBuckets;

std::size_t bucket_of(std::uint64_t ns) {
  ns = std::min(ns, kLimit - 1);
  if (ns < kBuckets) return ns;
  const int shift = static_cast<int>(std::bit_width(ns)) - 1 - kPrecision;
  // The leading bit of ns >> shift stands for the octave, so it adds one row of buckets by itself.
  return static_cast<std::size_t>(shift) * kBuckets + (ns >> shift);
}

/// Where a bucket begins, and how wide it is.
struct Span {
  std::uint64_t low, width;
};

Span span_of(std::size_t bucket) {
  if (bucket < 2 * kBuckets) return {bucket, 1};
  const std::size_t shift = bucket / kBuckets - 1;
  return {(bucket - shift * kBuckets) << shift, std::uint64_t{1} << shift};
}

std::uint64_t middle_of(std::size_t bucket) {
  const Span span = span_of(bucket);
  return span.low + span.width / 2;
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(kSize) {}

void LatencyHistogram::add(std::chrono::nanoseconds value) {
  value = std::max(value, std::chrono::nanoseconds{0});
  ++buckets_[bucket_of(static_cast<std::uint64_t>(value.count()))];
  ++count_;
  max_ = std::max(max_, value);
  sum_ns_ += static_cast<double>(value.count());
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  std::transform(buckets_.begin(), buckets_.end(), other.buckets_.begin(), buckets_.begin(),
                 [](std::uint64_t a, std::uint64_t b) { return a + b; });
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ns_ += other.sum_ns_;
}

std::chrono::nanoseconds LatencyHistogram::quantile(double q) const {
  if (count_ == 0) return std::chrono::nanoseconds{0};
  if (q >= 1) return max_;
  // The factor takes back what the product is rounded up by: 7% of 100 values are 7, not 8.
  const double share = q > 0 ? q * static_cast<double>(count_) * (1 - 1e-12) : 0;
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share)));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    seen += buckets_[bucket];
    if (seen < rank) continue;
    const auto value = static_cast<std::chrono::nanoseconds::rep>(middle_of(bucket));
    return std::min(std::chrono::nanoseconds{value}, max_);
  }
  return max_;
}

std::chrono::nanoseconds LatencyHistogram::mean() const {
  if (count_ == 0) return std::chrono::nanoseconds{0};
  return std::chrono::nanoseconds{
      static_cast<std::chrono::nanoseconds::rep>(sum_ns_ / static_cast<double>(count_))};
}

std::vector<LatencyHistogram::Bucket> LatencyHistogram::buckets() const {
  std::vector<Bucket> found;
  for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] == 0) continue;
    const Span span = span_of(bucket);
    found.push_back({std::chrono::nanoseconds(span.low),
                     std::chrono::nanoseconds(span.low + span.width), buckets_[bucket]});
  }
  return found;
}

}  // namespace sim::delivery
