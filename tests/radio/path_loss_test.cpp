#include "sim/radio/path_loss.h"

#include <gtest/gtest.h>

namespace sim::radio {
namespace {

TEST(LogDistancePathLoss, IsTheLawsAtOneKilometreAndGrowsByDecades) {
  const LogDistancePathLoss oulu{LogDistance{}};
  EXPECT_DOUBLE_EQ(oulu.mean_db(1000), 128.95);
  EXPECT_DOUBLE_EQ(oulu.mean_db(10'000), 128.95 + 23.2);
  EXPECT_DOUBLE_EQ(oulu.mean_db(100), 128.95 - 23.2);
  EXPECT_DOUBLE_EQ(oulu.shadowing_sigma_db(), 7.8);
}

TEST(LogDistancePathLoss, TakesAtLeastAMetre) {
  const LogDistancePathLoss law{{.at_1km_db = 120, .exponent = 3, .shadowing_sigma_db = 0}};
  EXPECT_DOUBLE_EQ(law.mean_db(1), 30);
  EXPECT_DOUBLE_EQ(law.mean_db(0), 30);
  EXPECT_DOUBLE_EQ(law.mean_db(0.5), 30);
}

}  // namespace
}  // namespace sim::radio
