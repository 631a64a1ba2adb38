// What is drawn for gateways, held against what the gateways of the deployed network were.
#include "sim/fleet/gateway_profile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace sim::fleet {
namespace {

using namespace std::chrono_literals;

constexpr int kGateways = 5000;

std::vector<GatewayProfile> mixed_network() {
  std::vector<GatewayProfile> network;
  for (int i = 0; i < kGateways; ++i) {
    engine::Random lot(7, engine::Purpose::gateway_profile, static_cast<std::uint64_t>(i));
    network.push_back(mixed_profile(lot));
  }
  return network;
}

std::vector<Clock> clocks(int count) {
  std::vector<Clock> drawn;
  for (int i = 0; i < count; ++i) {
    engine::Random lot(7, engine::Purpose::gateway_clock, static_cast<std::uint64_t>(i));
    drawn.push_back(drawn_clock(lot));
  }
  return drawn;
}

double share(const std::function<bool(const GatewayProfile&)>& holds) {
  const auto network = mixed_network();
  return static_cast<double>(std::count_if(network.begin(), network.end(), holds)) / kGateways;
}

double share(ChannelNumbers numbers, RfChains rf_chains) {
  return share([&](const GatewayProfile& one) {
    return one.channels == numbers && one.rf_chains == rf_chains;
  });
}

/// Three standard deviations of a share over so many gateways.
constexpr double kNear = 0.022;

TEST(MixedProfile, NumbersChannelsAsTheDeployedNetworkDid) {
  EXPECT_NEAR(share(ChannelNumbers::ascending, RfChains::zero), 0.47, kNear);
  EXPECT_NEAR(share(ChannelNumbers::semtech, RfChains::zero), 0.31, kNear);
  EXPECT_NEAR(share(ChannelNumbers::semtech, RfChains::by_radio), 0.10, kNear);
  EXPECT_NEAR(share(ChannelNumbers::zero, RfChains::zero), 0.12, kNear);
}

TEST(MixedProfile, KnowsTheTimeAsTheDeployedNetworkDid) {
  const auto knows = [](ClockKind kind) {
    return share([kind](const GatewayProfile& one) { return one.clock == kind; });
  };
  EXPECT_NEAR(knows(ClockKind::none), 0.57, kNear);
  EXPECT_NEAR(knows(ClockKind::ntp), 0.33, kNear);
  EXPECT_NEAR(knows(ClockKind::gps), 0.10, kNear);
}

TEST(MixedProfile, HasGatewaysOfEveryKind) {
  for (const GatewayKind kind :
       {GatewayKind::packet_forwarder, GatewayKind::kerlink, GatewayKind::station,
        GatewayKind::indoor, GatewayKind::multi_antenna}) {
    EXPECT_EQ(gateway_profile(kind).kind, kind);
    EXPECT_GT(share([kind](const GatewayProfile& one) { return one.kind == kind; }), 0.02);
  }
}

TEST(GatewayProfile, OfThePacketForwarderIsWhatThePlanSays) {
  const GatewayProfile& usual = gateway_profile(GatewayKind::packet_forwarder);
  EXPECT_EQ(usual.channels, ChannelNumbers::semtech);
  EXPECT_EQ(usual.rf_chains, RfChains::by_radio);
  EXPECT_EQ(usual.clock, ClockKind::gps);
  EXPECT_EQ(usual.antenna_gain_dbi, 0);
  EXPECT_EQ(usual.backhaul.fastest, 13ms);
  EXPECT_EQ(usual.backhaul.loss, 0);
}

TEST(GatewayProfile, HasTheDelaysOfRealNetworks) {
  double least = 1e9;
  double most = 0;
  for (const GatewayProfile& one : mixed_network()) {
    const double fastest_ms = static_cast<double>(one.backhaul.fastest.count()) / 1e6;
    const double spread_ms = static_cast<double>(one.backhaul.spread.count()) / 1e6;
    const double median_ms = fastest_ms + std::log(2.0) * spread_ms;
    least = std::min(least, median_ms);
    most = std::max(most, median_ms);
    EXPECT_LT(fastest_ms + std::log(20.0) * spread_ms, 300);
  }
  EXPECT_NEAR(least, 17, 1);
  EXPECT_NEAR(most, 115, 1);
}

TEST(DrawnClock, DriftsAwayFromOthersAsCrystalsDo) {
  const auto drawn = clocks(600);
  std::vector<double> pairs;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      pairs.push_back(std::abs(drawn[i].drift_ppm - drawn[j].drift_ppm));
    }
  }
  std::sort(pairs.begin(), pairs.end());
  EXPECT_NEAR(pairs[pairs.size() / 2], 0.42, 0.06);
  EXPECT_LE(pairs.back(), 5);
  EXPECT_GT(pairs.back(), 3);  // one in ten is of another kind
}

TEST(DrawnClock, StampsWithinMicroseconds) {
  std::vector<double> jitters;
  for (const Clock& clock : clocks(2000)) jitters.push_back(clock.jitter_us);
  std::sort(jitters.begin(), jitters.end());
  EXPECT_GE(jitters.front(), 0.5);
  EXPECT_NEAR(jitters[jitters.size() / 2], 3, 0.2);
  EXPECT_LE(std::hypot(jitters.back(), jitters.back()), 11);
  EXPECT_GT(jitters.back(), 6);
}

TEST(DrawnClock, BeganLongBeforeTheRun) {
  const auto drawn = clocks(1000);
  const auto late = std::count_if(drawn.begin(), drawn.end(), [](const Clock& clock) {
    return clock.offset_us >= 0x8000'0000U;
  });
  EXPECT_NEAR(static_cast<double>(late) / 1000, 0.5, 0.05);
}

}  // namespace
}  // namespace sim::fleet
