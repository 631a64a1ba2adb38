// Seconds in bins: nothing is lost when they are put together, and no stall is evened out.
#include "sim/report/second_series.h"

#include <gtest/gtest.h>

namespace sim::report {
namespace {

using namespace std::chrono_literals;

check::SecondPassed second(std::uint64_t number, std::chrono::nanoseconds longest = 1ms) {
  check::SecondPassed passed;
  passed.second = number;
  passed.due = 10;
  passed.delivered = 9;
  passed.skipped = 1;
  passed.max = longest;
  return passed;
}

TEST(SecondSeries, HasABinForEachSecondAtFirst) {
  SecondSeries series;
  for (std::uint64_t i = 0; i < SecondSeries::kMaxBins; ++i) series.add(second(i));
  EXPECT_EQ(series.width(), 1U);
  EXPECT_EQ(series.bins().size(), SecondSeries::kMaxBins);
}

TEST(SecondSeries, PutsTwoTogetherWhenThereAreTooMany) {
  SecondSeries series;
  const std::uint64_t seconds = SecondSeries::kMaxBins * 5 + 3;
  for (std::uint64_t i = 0; i < seconds; ++i) series.add(second(i, i == 777 ? 4s : 1ms));
  EXPECT_LE(series.bins().size(), SecondSeries::kMaxBins);
  EXPECT_EQ(series.width(), 8U);
  std::uint64_t due = 0, skipped = 0;
  for (const auto& bin : series.bins()) {
    due += bin.due;
    skipped += bin.skipped;
  }
  EXPECT_EQ(due, 10 * seconds);
  EXPECT_EQ(skipped, seconds);
  EXPECT_EQ(series.bins()[777 / 8].max, 4s);
  EXPECT_EQ(series.bins()[777 / 8 + 1].max, 1ms);
}

TEST(SecondSeries, IsBoundedWhateverAJournalSays) {
  SecondSeries series;
  for (std::uint64_t i = 0; i < 10'000; ++i) series.add(second(i % 7 == 0 ? ~std::uint64_t{0} : 0));
  EXPECT_LE(series.bins().size(), SecondSeries::kMaxBins);
}

}  // namespace
}  // namespace sim::report
