#include "sim/fleet/position.h"

#include <gtest/gtest.h>

#include <numbers>

namespace sim::fleet {
namespace {

constexpr Position kAmsterdam{.latitude = 52.3676, .longitude = 4.9041};
constexpr double kRadiusM = 6'371'000;

TEST(Distance, IsZeroBetweenAPlaceAndItself) {
  EXPECT_EQ(distance_m(kAmsterdam, kAmsterdam), 0);
}

TEST(Distance, OfADegreeIsThatOfTheSphere) {
  const double degree = kRadiusM * std::numbers::pi / 180;
  EXPECT_NEAR(distance_m({0, 0}, {1, 0}), degree, 0.01);
  EXPECT_NEAR(distance_m({0, 0}, {0, 1}), degree, 0.01);
  EXPECT_NEAR(distance_m({60, 10}, {60, 10.001}), degree / 2000, 0.01);
}

TEST(Distance, BetweenKnownCities) {
  EXPECT_NEAR(distance_m(kAmsterdam, {48.8566, 2.3522}), 430'000, 1'000);       // Paris
  EXPECT_NEAR(distance_m(kAmsterdam, {40.7128, -74.0060}), 5'860'000, 10'000);  // New York
}

TEST(Distance, IsTheSameInBothDirections) {
  EXPECT_EQ(distance_m(kAmsterdam, {48.8566, 2.3522}), distance_m({48.8566, 2.3522}, kAmsterdam));
}

TEST(Distance, GoesTheShortWayOverTheDateLine) {
  EXPECT_NEAR(distance_m({0, 179.5}, {0, -179.5}), distance_m({0, 0}, {0, 1}), 0.01);
}

TEST(Distance, ReachesTheOtherSideOfTheEarth) {
  EXPECT_NEAR(distance_m({0, 0}, {0, 180}), kRadiusM * std::numbers::pi, 0.1);
  EXPECT_NEAR(distance_m({90, 0}, {-90, 77}), kRadiusM * std::numbers::pi, 0.1);
}

TEST(Distance, DoesNotLookAtTheHeight) {
  EXPECT_EQ(distance_m({52, 4, 0}, {52, 4, 100}), 0);
}

TEST(Moved, LiesThatFarAwayInEveryDirection) {
  for (const double distance : {1.0, 250.0, 3'000.0, 40'000.0}) {
    for (int eighth = 0; eighth < 8; ++eighth) {
      const Position there = moved(kAmsterdam, distance, eighth * std::numbers::pi / 4);
      EXPECT_NEAR(distance_m(kAmsterdam, there), distance, 1e-3);
    }
  }
}

TEST(Moved, CountsTheBearingFromNorthOverEast) {
  const Position north = moved(kAmsterdam, 1000, 0);
  EXPECT_GT(north.latitude, kAmsterdam.latitude);
  EXPECT_NEAR(north.longitude, kAmsterdam.longitude, 1e-9);
  const Position east = moved(kAmsterdam, 1000, std::numbers::pi / 2);
  EXPECT_GT(east.longitude, kAmsterdam.longitude);
  EXPECT_NEAR(east.latitude, kAmsterdam.latitude, 1e-5);
}

TEST(Moved, ComesBackOnTheOppositeBearing) {
  const Position there = moved({0, 10, 30}, 5'000, std::numbers::pi / 2);
  const Position back = moved(there, 5'000, -std::numbers::pi / 2);
  EXPECT_NEAR(back.latitude, 0, 1e-9);
  EXPECT_NEAR(back.longitude, 10, 1e-9);
  EXPECT_EQ(back.height_m, 30);
}

TEST(Moved, KeepsLongitudesInRangeOverTheDateLine) {
  const Position east = moved({-17, 179.999}, 3'000, std::numbers::pi / 2);
  EXPECT_LT(east.longitude, -179.9);
  EXPECT_GE(east.longitude, -180);
  const Position west = moved({-17, -179.999}, 3'000, -std::numbers::pi / 2);
  EXPECT_GT(west.longitude, 179.9);
  EXPECT_LE(west.longitude, 180);
}

}  // namespace
}  // namespace sim::fleet
