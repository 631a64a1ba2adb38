// When uplinks are due under a load: by hand where that is easy, by integration where it is not.
#include "sim/delivery/load_profile.h"

#include <gtest/gtest.h>

#include <cmath>

namespace sim::delivery {
namespace {

using namespace std::chrono_literals;

std::vector<LoadProfile::Due> all_of(const LoadProfile& profile, Arrivals arrivals,
                                     std::uint64_t seed = 1) {
  Pacer pacer(profile, arrivals, seed);
  std::vector<LoadProfile::Due> dues;
  while (const auto due = pacer.next()) dues.push_back(*due);
  return dues;
}

TEST(LoadProfile, SpacesUplinksEvenlyAtAConstantRate) {
  const LoadProfile profile({{"steady", 10, 10, 1s}});
  const auto dues = all_of(profile, Arrivals::even);
  ASSERT_EQ(dues.size(), 10U);
  EXPECT_EQ(profile.total(), 10U);
  for (std::size_t i = 0; i < dues.size(); ++i) {
    EXPECT_EQ(dues[i].offset, 100ms * static_cast<int>(i));
    EXPECT_EQ(dues[i].phase, 0U);
  }
}

TEST(LoadProfile, GrowsEvenlyAlongARamp) {
  // N(t) = 50 t^2 over two seconds: the n-th uplink is due at sqrt(n / 50).
  const LoadProfile profile({{"ramp", 0, 200, 2s}});
  const auto dues = all_of(profile, Arrivals::even);
  ASSERT_EQ(dues.size(), 200U);
  for (std::size_t i = 0; i < dues.size(); ++i) {
    const double seconds = std::chrono::duration<double>(dues[i].offset).count();
    EXPECT_NEAR(seconds, std::sqrt(static_cast<double>(i) / 50), 1e-8);
  }
}

TEST(LoadProfile, SlowsDownToNothing) {
  const LoadProfile profile({{"down", 100, 0, 1s}});
  const auto dues = all_of(profile, Arrivals::even);
  ASSERT_EQ(dues.size(), 50U);
  EXPECT_LT(dues.back().offset, 1s);
  for (std::size_t i = 1; i < dues.size(); ++i) EXPECT_GT(dues[i].offset, dues[i - 1].offset);
}

TEST(LoadProfile, GoesFromPhaseToPhaseWithoutLosingAFraction) {
  // 2.5 uplinks in the first phase: the third is its last, and the fourth comes half a distance
  // after the second phase's beginning.
  const LoadProfile profile({{"one", 2.5, 2.5, 1s}, {"pause", 0, 0, 10s}, {"two", 100, 100, 1s}});
  const auto dues = all_of(profile, Arrivals::even);
  EXPECT_EQ(profile.total(), 103U);
  ASSERT_EQ(dues.size(), 103U);
  EXPECT_EQ(dues[2].offset, 800ms);
  EXPECT_EQ(dues[2].phase, 0U);
  EXPECT_EQ(dues[3].offset, 11s + 5ms);
  EXPECT_EQ(dues[3].phase, 2U);
}

TEST(LoadProfile, HasNothingWithoutPhasesOrRates) {
  EXPECT_EQ(LoadProfile().total(), 0U);
  EXPECT_FALSE(LoadProfile().due_after(0));
  const LoadProfile silent({{"silence", 0, 0, 1h}});
  EXPECT_EQ(silent.total(), 0U);
  EXPECT_TRUE(all_of(silent, Arrivals::even).empty());
}

TEST(LoadProfile, HasItsMomentsInOrderWhateverThePhases) {
  const LoadProfile profile({{"a", 0, 1'000, 100ms},
                             {"b", 1'000, 0, 100ms},
                             {"c", 333.3, 777.7, 250ms},
                             {"d", 5, 5, 1s}});
  for (const Arrivals arrivals : {Arrivals::even, Arrivals::random}) {
    const auto dues = all_of(profile, arrivals);
    for (std::size_t i = 1; i < dues.size(); ++i) {
      EXPECT_GE(dues[i].offset, dues[i - 1].offset);
      EXPECT_GE(dues[i].phase, dues[i - 1].phase);
    }
    EXPECT_LE(dues.back().offset, 1450ms);
  }
}

TEST(Pacer, HasIndependentArrivalsByTheSeed) {
  const LoadProfile profile({{"steady", 1'000, 1'000, 100s}});
  const auto dues = all_of(profile, Arrivals::random, 7);
  // The number is that of a Poisson process, and distances vary as much as they are long.
  EXPECT_NEAR(static_cast<double>(dues.size()), 100'000, 5 * std::sqrt(100'000));
  double sum = 0, squares = 0;
  for (std::size_t i = 1; i < dues.size(); ++i) {
    const double gap = std::chrono::duration<double>(dues[i].offset - dues[i - 1].offset).count();
    sum += gap;
    squares += gap * gap;
  }
  const double count = static_cast<double>(dues.size() - 1);
  const double mean = sum / count;
  EXPECT_NEAR(mean, 0.001, 0.00002);
  EXPECT_NEAR(std::sqrt(squares / count - mean * mean) / mean, 1, 0.02);

  const auto offsets = [](const std::vector<LoadProfile::Due>& list) {
    std::vector<std::chrono::nanoseconds> result;
    for (const auto& due : list) result.push_back(due.offset);
    return result;
  };
  EXPECT_EQ(offsets(dues), offsets(all_of(profile, Arrivals::random, 7)));
  EXPECT_NE(offsets(dues), offsets(all_of(profile, Arrivals::random, 8)));
}

}  // namespace
}  // namespace sim::delivery
