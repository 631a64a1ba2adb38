#include "sim/report/time_series.h"

#include <gtest/gtest.h>

#include <numeric>

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using Kind = TimeSeries::Kind;

std::uint64_t sum(const TimeSeries& series, Kind kind) {
  std::uint64_t all = 0;
  for (const TimeSeries::Bin& bin : series.bins()) all += bin[static_cast<std::size_t>(kind)];
  return all;
}

TEST(TimeSeries, CountsInBinsOfASecondAtFirst) {
  TimeSeries series;
  series.add(Kind::uplinks, 0s);
  series.add(Kind::uplinks, 999ms);
  series.add(Kind::delivered, 1s);
  ASSERT_EQ(series.bins().size(), 2U);
  EXPECT_EQ(series.width(), 1s);
  EXPECT_EQ(series.bins()[0][static_cast<std::size_t>(Kind::uplinks)], 2U);
  EXPECT_EQ(series.bins()[1][static_cast<std::size_t>(Kind::delivered)], 1U);
}

TEST(TimeSeries, MakesTwoBinsOneWhereARunIsLonger) {
  TimeSeries series;
  for (int second = 0; second < 1'000; ++second) {
    series.add(Kind::uplinks, std::chrono::seconds(second));
  }
  EXPECT_EQ(series.width(), 8s);  // 180 bins of 4 s are too few
  EXPECT_EQ(series.bins().size(), 125U);
  for (const TimeSeries::Bin& bin : series.bins()) {
    EXPECT_EQ(bin[static_cast<std::size_t>(Kind::uplinks)], 8U);
  }
}

TEST(TimeSeries, LosesNothingAndStaysSmallOverYears) {
  TimeSeries series;
  for (int day = 0; day < 3'650; ++day) {
    series.add(Kind::lost, std::chrono::hours(24) * day);
    ASSERT_LE(series.bins().size(), TimeSeries::kMaxBins);
  }
  EXPECT_EQ(sum(series, Kind::lost), 3'650U);
  EXPECT_GT(series.bins().size(), TimeSeries::kMaxBins / 2);
}

TEST(TimeSeries, TakesWhatIsBeforeTheBeginningForIt) {
  TimeSeries series;
  series.add(Kind::calls, -5s);
  ASSERT_EQ(series.bins().size(), 1U);
  EXPECT_EQ(sum(series, Kind::calls), 1U);
}

}  // namespace
}  // namespace sim::report
