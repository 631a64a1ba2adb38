// The near gateways, against looking at all of them.
#include "sim/radio/gateway_index.h"

#include <gtest/gtest.h>

#include "sim/engine/random.h"

namespace sim::radio {
namespace {

std::vector<std::uint32_t> found_near(const GatewayIndex& index, const fleet::Position& at) {
  std::vector<std::uint32_t> found;
  index.visit_near(at, [&](std::uint32_t gateway, double) { found.push_back(gateway); });
  return found;
}

TEST(GatewayIndex, FindsExactlyTheGatewaysWithinTheHorizon) {
  engine::Random random(5, engine::Purpose::placement, 1);
  // All over the earth, crowded at the poles and at the date line.
  std::vector<fleet::Gateway> gateways(3'000);
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    const double kind = static_cast<double>(i % 3);
    gateways[i].at = {kind == 0 ? random.uniform(-90, 90) : random.uniform(86, 90),
                      kind == 1 ? random.uniform(179, 180) : random.uniform(-180, 180), 0};
    if (i % 3 == 2) gateways[i].at = fleet::moved({51, 4}, random.uniform(0, 300'000), 7.0 * kind);
  }
  const GatewayIndex index(gateways);
  std::size_t most = 0;
  for (const fleet::Position at :
       {fleet::Position{51, 4}, {89.5, 20}, {88, -179.9}, {52, 3.2}, {-89.9, 0}, {0, 180}}) {
    std::vector<std::uint32_t> near;
    for (std::uint32_t i = 0; i < gateways.size(); ++i) {
      if (fleet::distance_m(at, gateways[i].at) <= kHorizonM) near.push_back(i);
    }
    EXPECT_EQ(found_near(index, at), near) << at.latitude << ' ' << at.longitude;
    most = std::max(most, near.size());
  }
  EXPECT_GT(most, 100U);
}

TEST(GatewayIndex, TellsTheDistance) {
  std::vector<fleet::Gateway> gateways(1);
  gateways[0].at = fleet::moved({52, 5}, 12'345, 1);
  const GatewayIndex index(gateways);
  index.visit_near({52, 5},
                   [](std::uint32_t, double metres) { EXPECT_NEAR(metres, 12'345, 0.01); });
}

}  // namespace
}  // namespace sim::radio
