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

TEST(ConcentratorTimestamp, IsOffByTheJitterThatIsDrawn) {
  const Clock clock{.offset_us = 100, .jitter_us = 3};
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 1s, 1), 1'000'103U);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 1s, -2), 1'000'094U);
  EXPECT_EQ(concentrator_timestamp(clock, kStart, kStart + 1s), 1'000'100U);
  EXPECT_EQ(concentrator_timestamp({.jitter_us = 3}, kStart, kStart + kWrap, -1), 4'294'967'293U);
}

TEST(Rebooted, CountsFromNearZero) {
  const Clock clock{.offset_us = 4'000'000'000, .drift_ppm = -3.5};
  const auto up = kStart + 5h + 123'456'789ns;
  const Clock anew = rebooted(clock, kStart, up, 2s);
  EXPECT_EQ(concentrator_timestamp(anew, kStart, up), 2'000'000U);
  EXPECT_NEAR(concentrator_timestamp(anew, kStart, up + 100s), 101'999'650, 1);
  EXPECT_EQ(concentrator_timestamp(rebooted(clock, kStart, up), kStart, up), 3'000'000U);
}

TEST(Rebooted, StaysTheSameGateway) {
  const Clock clock{.kind = ClockKind::ntp, .drift_ppm = 2, .jitter_us = 5, .error = 30min};
  const Clock anew = rebooted(clock, kStart, kStart + 1h);
  EXPECT_EQ(anew.kind, clock.kind);
  EXPECT_EQ(anew.drift_ppm, clock.drift_ppm);
  EXPECT_EQ(anew.jitter_us, clock.jitter_us);
  EXPECT_EQ(time_of_day(anew, kStart, kStart + 2h), kStart + 2h + 30min);
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

TEST(TimeOfDay, IsAheadOrBehindByItsError) {
  const Clock ahead{.kind = ClockKind::gps, .error = 30min};
  EXPECT_EQ(time_of_day(ahead, kStart + 1ms), kStart + 30min + 1ms);
  const Clock behind{.kind = ClockKind::ntp, .error = -5s};
  EXPECT_EQ(time_of_day(behind, kStart + 1ms), kStart - 5s);
}

TEST(TimeOfDay, CountsFrom1980WhereNobodySetIt) {
  constexpr SimTime kEpoch{315'964'800s};  // 1980-01-06T00:00:00Z
  const Clock clock{.kind = ClockKind::gps, .starts_1980 = true};
  EXPECT_EQ(time_of_day(clock, kStart, kStart), kEpoch);
  EXPECT_EQ(time_of_day(clock, kStart, kStart + 90min + 5us), kEpoch + 90min + 5us);
  const Clock anew = rebooted(clock, kStart, kStart + 2h, 4s);
  EXPECT_EQ(time_of_day(anew, kStart, kStart + 2h), kEpoch + 4s);
}

TEST(TimeOfDay, DoesNotFollowTheConcentratorsDrift) {
  const Clock clock{.kind = ClockKind::gps, .offset_us = 77, .drift_ppm = 50};
  EXPECT_EQ(time_of_day(clock, kStart + 1h), kStart + 1h);
}

}  // namespace
}  // namespace sim::fleet
