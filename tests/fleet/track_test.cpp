#include "sim/fleet/track.h"

#include <gtest/gtest.h>

namespace sim::fleet {
namespace {

using namespace std::chrono_literals;

Track walk(bool repeat) {
  return {{{0s, {52, 5, 1}}, {10s, {52.1, 5, 1}}, {30s, {52.1, 5.4, 3}}}, repeat};
}

TEST(PositionAt, IsThatOfThePointsAtTheirMoments) {
  EXPECT_EQ(position_at(walk(false), 0s).latitude, 52);
  EXPECT_EQ(position_at(walk(false), 10s).latitude, 52.1);
  EXPECT_EQ(position_at(walk(false), 10s).longitude, 5);
  EXPECT_EQ(position_at(walk(false), 30s).longitude, 5.4);
}

TEST(PositionAt, GoesStraightBetweenPoints) {
  EXPECT_NEAR(position_at(walk(false), 2500ms).latitude, 52.025, 1e-12);
  EXPECT_NEAR(position_at(walk(false), 25s).longitude, 5.3, 1e-12);
  EXPECT_NEAR(position_at(walk(false), 25s).height_m, 2.5, 1e-12);
}

TEST(PositionAt, StaysAtTheEnd) {
  EXPECT_EQ(position_at(walk(false), 24h).longitude, 5.4);
}

TEST(PositionAt, BeginsAnewWithRepeat) {
  EXPECT_EQ(position_at(walk(true), 30s).latitude, 52);
  EXPECT_EQ(position_at(walk(true), 30s).longitude, 5);
  EXPECT_NEAR(position_at(walk(true), 24h + 5s).latitude, 52.05, 1e-12);
}

TEST(PositionAt, IsTheFirstPointBeforeTheStart) {
  EXPECT_EQ(position_at(walk(true), -5s).latitude, 52);
}

TEST(PositionAt, JumpsBetweenPointsOfOneMoment) {
  const Track jump{{{0s, {1, 1}}, {5s, {2, 2}}, {5s, {3, 3}}, {6s, {4, 4}}}, false};
  EXPECT_NEAR(position_at(jump, 5s - 1ns).latitude, 2, 1e-6);
  EXPECT_EQ(position_at(jump, 5s).latitude, 3);
}

TEST(PositionAt, TakesTheShortWayOverTheDateLine) {
  const Track ship{{{0s, {-17, 179}}, {2s, {-17, -179}}}, false};
  EXPECT_NEAR(position_at(ship, 500ms).longitude, 179.5, 1e-9);
  EXPECT_NEAR(position_at(ship, 1500ms).longitude, -179.5, 1e-9);
}

TEST(PositionAt, OfASinglePointIsThatPoint) {
  const Track still{{{0s, {1, 2}}}, true};
  EXPECT_EQ(position_at(still, 0s).longitude, 2);
  EXPECT_EQ(position_at(still, 9h).longitude, 2);
}

}  // namespace
}  // namespace sim::fleet
