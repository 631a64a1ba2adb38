#include "sim/delivery/latency_histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/engine/random.h"

namespace sim::delivery {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr double kQuantiles[] = {0, 0.001, 0.01, 0.07, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1};

// The definition: the least value that the share q of the values does not exceed.
nanoseconds exact_quantile(const std::vector<nanoseconds>& sorted, double q) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (static_cast<double>(i + 1) >= q * static_cast<double>(sorted.size()) - 1e-9)
      return sorted[i];
  }
  return sorted.back();
}

void expect_within_one_percent(std::vector<nanoseconds> values) {
  LatencyHistogram histogram;
  for (const nanoseconds value : values) histogram.add(value);
  std::sort(values.begin(), values.end());
  for (const double q : kQuantiles) {
    const auto wanted = static_cast<double>(exact_quantile(values, q).count());
    EXPECT_NEAR(static_cast<double>(histogram.quantile(q).count()), wanted, wanted / 100)
        << "q = " << q << " of " << values.size();
  }
  EXPECT_EQ(histogram.max(), values.back());
  EXPECT_EQ(histogram.quantile(1), values.back());
  EXPECT_EQ(histogram.count(), values.size());
}

std::vector<nanoseconds> random_values(std::size_t count, std::uint64_t seed) {
  engine::Random random(seed, engine::Purpose::jitter, 0);
  std::vector<nanoseconds> values;
  // Even in the logarithm, from a microsecond to an hour.
  for (std::size_t i = 0; i < count; ++i) {
    values.emplace_back(static_cast<std::int64_t>(1e3 * std::pow(3.6e9, random.uniform())));
  }
  return values;
}

TEST(LatencyHistogram, IsEmptyAtFirst) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.max(), 0ns);
  EXPECT_EQ(histogram.mean(), 0ns);
  for (const double q : kQuantiles) EXPECT_EQ(histogram.quantile(q), 0ns);
}

TEST(LatencyHistogram, HasQuantilesWithinOnePercentOfTheExactOnes) {
  for (const std::size_t count : {1U, 2U, 3U, 10U, 100U, 1'000U, 100'000U}) {
    expect_within_one_percent(random_values(count, count));
  }
}

TEST(LatencyHistogram, IsAsExactAtTheEdgesOfItsBuckets) {
  for (int power = 0; power <= 41; ++power) {
    const nanoseconds edge{std::int64_t{1} << power};
    expect_within_one_percent({edge - 1ns, edge, edge + 1ns});
  }
  expect_within_one_percent({1us, 1h});
}

TEST(LatencyHistogram, TakesTheRankThatTheShareMeans) {
  LatencyHistogram histogram;
  for (int i = 1; i <= 100; ++i) histogram.add(nanoseconds{i});
  EXPECT_EQ(histogram.quantile(0.07), 7ns);
  EXPECT_EQ(histogram.quantile(0.5), 50ns);
  EXPECT_EQ(histogram.quantile(0.501), 51ns);
  EXPECT_EQ(histogram.quantile(0.99), 99ns);
  EXPECT_EQ(histogram.quantile(0), 1ns);
  EXPECT_EQ(histogram.mean(), 50ns);
}

TEST(LatencyHistogram, IsTheSameMergedAsAddedInOne) {
  LatencyHistogram all;
  LatencyHistogram first;
  LatencyHistogram second;
  const auto values = random_values(1'000, 7);
  for (std::size_t i = 0; i < values.size(); ++i) {
    all.add(values[i]);
    (i % 3 == 0 ? first : second).add(values[i]);
  }
  first.merge(second);
  first.merge(LatencyHistogram());
  for (const double q : kQuantiles) EXPECT_EQ(first.quantile(q), all.quantile(q));
  EXPECT_EQ(first.count(), all.count());
  EXPECT_EQ(first.max(), all.max());
  EXPECT_NEAR(static_cast<double>(first.mean().count()), static_cast<double>(all.mean().count()),
              1);
}

TEST(LatencyHistogram, CountsWhatIsOutOfItsRange) {
  LatencyHistogram histogram;
  histogram.add(-5s);
  EXPECT_EQ(histogram.quantile(0.5), 0ns);
  EXPECT_EQ(histogram.max(), 0ns);
  histogram.add(nanoseconds::max());
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.max(), nanoseconds::max());
  EXPECT_EQ(histogram.quantile(1), nanoseconds::max());
  EXPECT_GE(histogram.quantile(0.99), 1h);
}

TEST(LatencyHistogram, TakesAShareOutOfRangeAsTheNearestOne) {
  LatencyHistogram histogram;
  histogram.add(1ns);
  histogram.add(9ns);
  EXPECT_EQ(histogram.quantile(-1), 1ns);
  EXPECT_EQ(histogram.quantile(std::nan("")), 1ns);
  EXPECT_EQ(histogram.quantile(7), 9ns);
}

TEST(LatencyHistogram, TellsTheBucketsThatHaveValues) {
  LatencyHistogram histogram;
  for (const nanoseconds value : {5ns, 5ns, nanoseconds(1ms), nanoseconds(2h)}) {
    histogram.add(value);
  }
  const auto buckets = histogram.buckets();
  ASSERT_EQ(buckets.size(), 3U);
  EXPECT_EQ(buckets[0].from, 5ns);
  EXPECT_EQ(buckets[0].to, 6ns);
  EXPECT_EQ(buckets[0].count, 2U);
  EXPECT_LE(buckets[1].from, 1ms);
  EXPECT_GT(buckets[1].to, 1ms);
  EXPECT_LT(buckets[1].to - buckets[1].from, 10us);
  EXPECT_EQ(buckets[2].count, 1U);
}

}  // namespace
}  // namespace sim::delivery
