#include "sim/fleet/gateway.h"

#include <gtest/gtest.h>

namespace sim::fleet {
namespace {

using engine::SimDuration;
using engine::SimTime;
using namespace std::chrono_literals;

constexpr SimTime kStart{std::chrono::seconds(1'772'352'000)};
constexpr auto kWrap = std::chrono::microseconds(std::int64_t{1} << 32);

TEST(ConcentratorTimestamp, CountsWholeMicrosecondsFromTheOffset) {
  const Clock clock{.offset_us = 1000};
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart), 1000u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 1s), 1'001'000u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 1us + 999ns), 1001u);
}

TEST(ConcentratorTimestamp, WrapsExactlyAtTwoToThe32Microseconds) {
  const Clock clock;
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + kWrap - 1us), 4'294'967'295u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + kWrap - 1ns), 4'294'967'295u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + kWrap), 0u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + kWrap + 1us), 1u);
}

TEST(ConcentratorTimestamp, WrapsEarlierWithAnOffset) {
  const Clock clock{.offset_us = 4'294'967'290};
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 5us), 4'294'967'295u);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 6us), 0u);
}

TEST(ConcentratorTimestamp, StaysExactForYears) {
  const Clock clock{.offset_us = 17};
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 100'000 * kWrap + 5us), 22u);
}

TEST(ConcentratorTimestamp, DriftsByItsShareOfTheTime) {
  EXPECT_EQ(concentrator_timestamp({.drift_ppm = 10}, kStart, kStart + 100s), 100'001'000u);
  EXPECT_EQ(concentrator_timestamp({.drift_ppm = -10}, kStart, kStart + 100s), 99'999'000u);
  EXPECT_EQ(concentrator_timestamp({.drift_ppm = 0.4}, kStart, kStart + 1s), 1'000'000u);
  EXPECT_EQ(concentrator_timestamp({.drift_ppm = 0.6}, kStart, kStart + 1s), 1'000'001u);
}

TEST(ConcentratorTimestamp, CountsBackwardsBeforeTheStart) {
  EXPECT_EQ(concentrator_timestamp({.offset_us = 3}, kStart, kStart - 5us), 4'294'967'294u);
}

TEST(TimeOfDay, IsUnknownWithoutAClock) {
  EXPECT_EQ(time_of_day({.kind = ClockKind::none}, kStart), std::nullopt);
}

TEST(TimeOfDay, IsWholeSecondsWithNtp) {
  const Clock clock{.kind = ClockKind::ntp};
  EXPECT_EQ(time_of_day(clock, kStart + 999'999'999ns), kStart);
  EXPECT_EQ(time_of_day(clock, kStart + 1s), kStart + 1s);
}

TEST(TimeOfDay, IsWholeMicrosecondsWithGps) {
  const Clock clock{.kind = ClockKind::gps};
  EXPECT_EQ(time_of_day(clock, kStart + 123'456'789ns), kStart + 123'456us);
}

TEST(TimeOfDay, DoesNotFollowTheConcentratorsDrift) {
  const Clock clock{.kind = ClockKind::gps, .offset_us = 77, .drift_ppm = 50};
  EXPECT_EQ(time_of_day(clock, kStart + 1h), kStart + 1h);
}

}  // namespace
}  // namespace sim::fleet
