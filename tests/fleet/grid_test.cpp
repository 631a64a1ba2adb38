#include "sim/fleet/grid.h"

#include <gtest/gtest.h>

namespace sim::fleet {
namespace {

constexpr Grid kGrid{{52, 5, 0}, 3, 4, 500};

TEST(Cell, CountsEastAndThenNorth) {
  EXPECT_EQ(cell(kGrid, 0).latitude, 52);
  EXPECT_EQ(cell(kGrid, 0).longitude, 5);
  EXPECT_EQ(cell(kGrid, 3).latitude, 52);
  EXPECT_GT(cell(kGrid, 3).longitude, 5);
  EXPECT_EQ(cell(kGrid, 4).longitude, 5);
  EXPECT_GT(cell(kGrid, 4).latitude, 52);
}

TEST(Cell, KeepsTheSpacingInBothDirections) {
  for (const std::uint64_t index : {0U, 1U, 2U, 4U, 9U}) {
    EXPECT_NEAR(distance_m(cell(kGrid, index), cell(kGrid, index + 1)), 500, 0.01) << index;
  }
  EXPECT_NEAR(distance_m(cell(kGrid, 1), cell(kGrid, 5)), 500, 0.1);
  EXPECT_NEAR(distance_m(cell(kGrid, 0), cell(kGrid, 8)), 1'000, 0.1);
}

TEST(Cell, GoesOverTheDateLine) {
  EXPECT_NEAR(cell({{0, 179.999, 0}, 1, 2, 1'000}, 1).longitude, -179.992, 0.001);
}

TEST(FitsOnEarth, RefusesPolesAndFullCircles) {
  EXPECT_TRUE(fits_on_earth(kGrid));
  EXPECT_FALSE(fits_on_earth({{88, 0, 0}, 1'000, 1, 500}));
  EXPECT_FALSE(fits_on_earth({{-89.5, 0, 0}, 1, 1, 500}));
  EXPECT_TRUE(fits_on_earth({{0, 0, 0}, 1, 40'000, 1'000}));
  EXPECT_FALSE(fits_on_earth({{0, 0, 0}, 1, 41'000, 1'000}));
  EXPECT_FALSE(fits_on_earth({{60, 0, 0}, 1, 30'000, 1'000}));
}

}  // namespace
}  // namespace sim::fleet
