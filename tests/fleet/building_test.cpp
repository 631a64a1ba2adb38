#include "sim/fleet/building.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace sim::fleet {
namespace {

std::vector<double> losses(int count) {
  std::vector<double> all;
  for (int i = 0; i < count; ++i) {
    all.push_back(drawn_building_loss_db(3, static_cast<std::uint64_t>(i)));
  }
  return all;
}

TEST(BuildingLoss, StaysWithinWhatTheTablesCanGive) {
  const std::vector<double> all = losses(20'000);
  EXPECT_GE(*std::min_element(all.begin(), all.end()), 4);
  EXPECT_LE(*std::max_element(all.begin(), all.end()), 53);
  EXPECT_LT(*std::min_element(all.begin(), all.end()), 6);
  EXPECT_GT(*std::max_element(all.begin(), all.end()), 45);
}

TEST(BuildingLoss, HasTheMeanOfItsParts) {
  constexpr int kCount = 50'000;
  double sum = 0;
  for (const double loss : losses(kCount)) sum += loss;
  // The wall: 0.25 * 7.5 + 0.65 * 15 + 0.10 * 21 = 13.725 dB. Inside: with U from 0 to 9 dB beside
  // none, one (4 to 10), two (8 to 20) or three (12 to 30) walls, the larger has the means 4.5,
  // 7.386, 14.0014 and 21, so 0.283 * 4.5 + 0.283 * 7.386 + 0.284 * 14.0014 + 0.15 * 21.
  const double inside = 0.283 * 4.5 + 0.283 * 7.386 + 0.284 * 14.0014 + 0.15 * 21;
  EXPECT_NEAR(sum / kCount, 13.725 + inside, 0.15);
}

TEST(BuildingLoss, IsEachDevicesOwn) {
  EXPECT_EQ(drawn_building_loss_db(3, 7), drawn_building_loss_db(3, 7));
  EXPECT_NE(drawn_building_loss_db(3, 7), drawn_building_loss_db(3, 8));
  EXPECT_NE(drawn_building_loss_db(3, 7), drawn_building_loss_db(4, 7));
}

}  // namespace
}  // namespace sim::fleet
