#include "sim/fleet/polygon.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace sim::fleet {
namespace {

Polygon polygon(std::vector<Position> corners) {
  return unwrapped(Polygon{std::move(corners)});
}

/// The even-odd rule; apart from the trapezoids that are tested with it.
bool contains(const Polygon& area, const Position& place) {
  bool inside = false;
  for (std::size_t i = 0; i < area.corners.size(); ++i) {
    const Position& a = area.corners[i];
    const Position& b = area.corners[(i + 1) % area.corners.size()];
    if ((a.latitude > place.latitude) == (b.latitude > place.latitude)) continue;
    const double share = (place.latitude - a.latitude) / (b.latitude - a.latitude);
    if (place.longitude < a.longitude + share * (b.longitude - a.longitude)) inside = !inside;
  }
  return inside;
}

std::vector<Position> drawn(const Polygon& shape, int count) {
  const Area area(shape);
  std::vector<Position> places;
  for (int i = 0; i < count; ++i) {
    engine::Random random(7, engine::Purpose::placement, static_cast<std::uint64_t>(i));
    places.push_back(area.draw(random));
  }
  return places;
}

/// An L: the square from 0 to 2 without the quarter in the north-east.
const Polygon kL = polygon({{0, 0}, {0, 2}, {1, 2}, {1, 1}, {2, 1}, {2, 0}});

TEST(Area, DrawsInsideOnly) {
  for (const Position& place : drawn(kL, 5'000)) {
    EXPECT_TRUE(contains(kL, place)) << place.latitude << ", " << place.longitude;
  }
}

TEST(Area, DrawsEachPartAlike) {
  constexpr int kDraws = 30'000;
  int parts[3] = {0, 0, 0};
  for (const Position& place : drawn(kL, kDraws)) {
    ++parts[place.latitude >= 1 ? 2 : place.longitude >= 1 ? 1 : 0];
  }
  // Three squares of nearly one size; five standard deviations of a third of the draws are 408.
  for (const int part : parts) EXPECT_NEAR(part, kDraws / 3.0, 408);
}

TEST(Area, DrawsATriangleAlikeOnAllSides) {
  const Polygon triangle = polygon({{0, 0}, {0, 3}, {3, 1}});
  constexpr int kDraws = 30'000;
  double latitude = 0;
  double longitude = 0;
  for (const Position& place : drawn(triangle, kDraws)) {
    EXPECT_TRUE(contains(triangle, place));
    latitude += place.latitude / kDraws;
    longitude += place.longitude / kDraws;
  }
  EXPECT_NEAR(latitude, 1.0, 0.02);  // the centroid
  EXPECT_NEAR(longitude, 4.0 / 3, 0.02);
}

TEST(Area, CountsSquareMetresNotDegrees) {
  // On the sphere the part south of 30 degrees is half of the whole up to the pole.
  const Polygon band = polygon({{0, 0}, {0, 10}, {90, 10}, {90, 0}});
  constexpr int kDraws = 20'000;
  int south = 0;
  for (const Position& place : drawn(band, kDraws)) south += place.latitude < 30 ? 1 : 0;
  EXPECT_NEAR(south, kDraws / 2.0, 354);
}

TEST(Area, OfALongAndNarrowPolygonIsDrawnAtOnce) {
  // A thousandth of a millionth of its bounding box: trying points of that would never end.
  const Polygon sliver = polygon({{0, 0}, {40, 40}, {40, 40.00002}, {0, 0.00002}});
  for (const Position& place : drawn(sliver, 2'000)) {
    EXPECT_NEAR(place.longitude, place.latitude + 0.00001, 0.0000101);
  }
}

TEST(Area, GoesOverTheDateLine) {
  const Polygon fiji = polygon({{-18, 179}, {-18, -179}, {-16, -179}, {-16, 179}});
  EXPECT_EQ(fiji.corners[1].longitude, 181);
  int west = 0;
  for (const Position& place : drawn(fiji, 2'000)) {
    EXPECT_GE(std::abs(place.longitude), 179);
    EXPECT_LE(std::abs(place.longitude), 180);
    west += place.longitude > 0 ? 1 : 0;
  }
  EXPECT_NEAR(west, 1'000, 112);
}

TEST(Area, HasTheSamePlaceForTheSameLot) {
  EXPECT_EQ(drawn(kL, 3)[2].latitude, drawn(kL, 3)[2].latitude);
  EXPECT_NE(drawn(kL, 3)[1].latitude, drawn(kL, 3)[2].latitude);
}

TEST(Polygon, IsFlatOnALine) {
  EXPECT_TRUE(is_flat(polygon({{52, 5}, {52.1, 5.1}, {52.2, 5.2}})));
  EXPECT_TRUE(is_flat(polygon({{52, 5}, {52, 5}, {52, 5}})));
  EXPECT_TRUE(is_flat(polygon({{52, 5}, {52, 6}, {52.000005, 5.5}})));
  EXPECT_FALSE(is_flat(polygon({{52, 5}, {52, 6}, {52.00002, 5.5}})));
  EXPECT_FALSE(is_flat(kL));
}

TEST(Polygon, TellsWhichEdgesCross) {
  using Edges = std::pair<std::size_t, std::size_t>;
  EXPECT_EQ(crossing_edges(kL), std::nullopt);
  EXPECT_EQ(crossing_edges(polygon({{0, 0}, {0, 3}, {3, 1}})), std::nullopt);
  EXPECT_EQ(crossing_edges(polygon({{0, 0}, {2, 2}, {2, 0}, {0, 2}})), Edges(0, 2));
  EXPECT_EQ(crossing_edges(polygon({{0, 0}, {0, 2}, {0, 1}, {2, 1}})), Edges(0, 1));  // a spike
  // A corner on another edge.
  EXPECT_EQ(crossing_edges(polygon({{0, 0}, {0, 4}, {2, 4}, {0, 2}, {2, 0}})), Edges(0, 2));
}

TEST(Polygon, RoundAPoleIsNone) {
  EXPECT_TRUE(goes_round_a_pole(polygon({{80, 0}, {80, 120}, {80, -120}})));
  EXPECT_FALSE(goes_round_a_pole(polygon({{80, 170}, {80, -170}, {70, 180}})));
}

}  // namespace
}  // namespace sim::fleet
