// When devices send: on a grid, at random, by the hour, in bursts.
#include "sim/fleet/send_pattern.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "sim/engine/random.h"

namespace sim::fleet {
namespace {

using namespace std::chrono_literals;
using engine::SimTime;

/// The moments of `count` uplinks from midnight on.
std::vector<SimTime> moments(const SendPattern& pattern, int count) {
  std::vector<SimTime> found;
  SendPlace place;
  for (int i = 0; i < count; ++i) {
    found.push_back(place.due);
    move_on(pattern, pattern.every,
            engine::random_words(1, engine::Purpose::traffic, static_cast<std::uint64_t>(i)),
            place);
  }
  return found;
}

TEST(SendPattern, KeepsItsGridWhateverTheJitter) {
  const auto exact = moments({0s, 10min, 0}, 100);
  const auto shaken = moments({0s, 10min, 0.05}, 100);
  bool moved = false;
  for (int i = 1; i < 100; ++i) {
    const auto n = static_cast<std::size_t>(i);
    EXPECT_EQ(exact[n], SimTime{} + i * 10min);
    EXPECT_LE(std::chrono::abs(shaken[n] - exact[n]), 30s);
    moved = moved || std::chrono::abs(shaken[n] - exact[n]) > 20s;
  }
  EXPECT_TRUE(moved);
}

TEST(SendPattern, WaitsExponentiallyWhereItIsRandom) {
  SendPattern pattern{0s, 10min, 0};
  pattern.traffic = Traffic::poisson;
  const auto found = moments(pattern, 20'001);
  double longer = 0;
  for (std::size_t i = 1; i < found.size(); ++i) {
    if (found[i] - found[i - 1] > 20min) ++longer;
  }
  const double mean_min =
      std::chrono::duration<double, std::ratio<60>>(found.back() - found.front()).count() / 20'000;
  EXPECT_NEAR(mean_min, 10, 0.25);
  EXPECT_NEAR(longer / 20'000, std::exp(-2.0), 0.01);
}

TEST(SendPattern, IsAsBusyAsTheHourOfTheDay) {
  SendPattern pattern{0s, 1min, 0};
  pattern.traffic = Traffic::day_curve;
  DayCurve day{};
  for (std::size_t hour = 0; hour < 24; ++hour) day[hour] = hour < 6 ? 0 : hour < 12 ? 3 : 0.5;
  pattern.day = std::make_shared<const DayCurve>(day);
  std::vector<double> by_hour(24);
  const auto found = moments(pattern, 30'000);
  for (const SimTime moment : found) {
    const auto hour = std::chrono::floor<std::chrono::hours>(moment.time_since_epoch()).count();
    ++by_hour[static_cast<std::size_t>(hour % 24)];
  }
  double night = 0, morning = 0, rest = 0;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    (hour < 6 ? night : hour < 12 ? morning : rest) += by_hour[hour] / 30'000;
  }
  EXPECT_LE(night, 1.0 / 30'000);  // the first alone
  EXPECT_NEAR(morning, 0.75, 0.02);
  EXPECT_NEAR(rest, 0.25, 0.02);
}

TEST(SendPattern, SendsBurstsAfterEvents) {
  SendPattern pattern{0s, 1h, 0};
  pattern.traffic = Traffic::events;
  pattern.burst = 3;
  pattern.spacing = 10s;
  const auto found = moments(pattern, 300);
  for (std::size_t i = 0; i + 2 < found.size(); i += 3) {
    EXPECT_EQ(found[i + 1] - found[i], 10s);
    EXPECT_EQ(found[i + 2] - found[i + 1], 10s);
  }
  const double hours =
      std::chrono::duration<double, std::ratio<3600>>(found.back() - found.front()).count();
  EXPECT_NEAR(hours / 99, 1, 0.3);
}

}  // namespace
}  // namespace sim::fleet
