#include "sim/radio/link_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace sim::radio {
namespace {

using engine::SimTime;
using lorawan::lora;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

constexpr SimTime kStart{std::chrono::seconds(1'772'352'000)};
constexpr double kNoise125 = -117.031;  // -174 + 10 log10(125000) + 6

/// The same loss everywhere, and no shadowing: links of an exact strength.
class FixedPathLoss final : public PathLoss {
 public:
  explicit FixedPathLoss(double loss_db) : loss_db_(loss_db) {}
  [[nodiscard]] double mean_db(double /*distance_m*/) const override { return loss_db_; }
  [[nodiscard]] double shadowing_sigma_db() const override { return 0; }

 private:
  double loss_db_;
};

fleet::Gateway gateway_at(const fleet::Position& at, double antenna_gain_dbi = 0) {
  fleet::Gateway made;
  made.at = at;
  made.antenna_gain_dbi = antenna_gain_dbi;
  return made;
}

fleet::Gateway gateway_with(const fleet::Clock& clock) {
  fleet::Gateway made;
  made.clock = clock;
  return made;
}

fleet::Gateway with_pinned_snr(fleet::Gateway gateway, float snr_db) {
  gateway.pin.snr_db = snr_db;
  return gateway;
}

fleet::Gateway with_pinned_rssi(fleet::Gateway gateway, float rssi_dbm) {
  gateway.pin.rssi_dbm = rssi_dbm;
  return gateway;
}

fleet::Transmission frame(std::uint64_t number, const lorawan::DataRate& rate) {
  fleet::Transmission made;
  made.number = number;
  made.data_rate = rate;
  made.channel.number = 4;
  made.channel.rf_chain = 1;
  made.start = kStart + 10s;
  made.end = made.start + 50ms;
  return made;
}

/// What one gateway reports of `count` frames at that loss.
std::vector<Reception> receptions(double loss_db, const lorawan::DataRate& rate, int count,
                                  const RadioModel& model = {}) {
  const FixedPathLoss path_loss(loss_db);
  const std::vector<fleet::Gateway> gateways(1);
  const LinkBudget budget(1, path_loss, gateways, kStart, model);
  std::vector<Reception> heard;
  for (int i = 0; i < count; ++i) {
    const auto reception =
        budget.receive(frame(static_cast<std::uint64_t>(i), rate), Link{0, loss_db});
    if (reception) heard.push_back(*reception);
  }
  return heard;
}

Reception heard_once(const fleet::Gateway& gateway, const fleet::Transmission& transmission,
                     double loss_db) {
  const FixedPathLoss path_loss(loss_db);
  const std::vector<fleet::Gateway> gateways = {gateway};
  const LinkBudget budget(1, path_loss, gateways, kStart);
  return budget.receive(transmission, Link{0, loss_db}).value();
}

double mean_rssi(const std::vector<Reception>& heard) {
  double sum = 0;
  for (const Reception& reception : heard) sum += static_cast<double>(reception.rssi_dbm);
  return sum / static_cast<double>(heard.size());
}

TEST(ReceivedSignal, IsTheSignalAloneWhenItIsStrong) {
  const Signal signal = received_signal(-50, kNoise125, 11);
  EXPECT_NEAR(signal.rssi_dbm, -50, 0.01);
  EXPECT_NEAR(signal.snr_db, 11, 0.01);  // as far as the demodulator tells
}

TEST(ReceivedSignal, IsTheNoiseAloneWhenTheSignalIsWeak) {
  const Signal signal = received_signal(-160, kNoise125, 11);
  EXPECT_NEAR(signal.rssi_dbm, kNoise125, 0.01);
  EXPECT_NEAR(signal.snr_db, -160 - kNoise125, 0.01);
}

TEST(ReceivedSignal, AddsSignalAndNoiseInBetween) {
  const Signal signal = received_signal(kNoise125, kNoise125, 11);
  EXPECT_NEAR(signal.rssi_dbm, kNoise125 + 3.01, 0.01);
  EXPECT_NEAR(signal.snr_db, -0.33, 0.01);
}

TEST(ReceivedSignal, HasMoreNoiseInAWiderBandAndAWorseReceiver) {
  EXPECT_NEAR(noise_dbm(500'000, 6), kNoise125 + 6.02, 0.01);
  EXPECT_NEAR(noise_dbm(125'000, 9), kNoise125 + 3, 0.01);
}

TEST(LinkBudget, ReportsNothingBelowASharpFloor) {
  RadioModel fading = ideal_radio();
  fading.fading_db = 2.6;
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    const lorawan::DataRate rate = lora(sf, 125'000);
    // The signal lies at the floor, so that fading decides.
    const double loss = 14 - (kNoise125 + lorawan::snr_floor_db(rate));
    const std::vector<Reception> heard = receptions(loss, rate, 1000, fading);
    EXPECT_NEAR(static_cast<double>(heard.size()), 500, 60) << int{sf};
    for (const Reception& reception : heard) {
      // Half a step of the report's lattice, and what saturation takes, may lie below.
      EXPECT_GE(static_cast<double>(reception.snr_db), lorawan::snr_floor_db(rate) - 0.25);
    }
    EXPECT_TRUE(receptions(loss + 20, rate, 200, fading).empty()) << int{sf};
    EXPECT_EQ(receptions(loss - 20, rate, 200, fading).size(), 200u) << int{sf};
  }
}

TEST(LinkBudget, ReportsWholeDbmAndQuartersOfADecibel) {
  for (double loss = 60; loss <= 155; loss += 5) {
    for (const Reception& reception : receptions(loss, lora(12, 125'000), 50)) {
      EXPECT_EQ(reception.rssi_dbm, std::round(reception.rssi_dbm));
      EXPECT_GE(reception.rssi_dbm, -127);
      EXPECT_EQ(reception.snr_db * 4, std::round(reception.snr_db * 4));
      EXPECT_LE(reception.snr_db, 15);
    }
  }
}

TEST(LinkBudget, NeverReportsAnRssiBelowWhatAConcentratorCan) {
  fleet::Gateway quiet;
  quiet.noise_figure_db = -15;
  EXPECT_EQ(heard_once(quiet, frame(0, lora(12, 125'000)), 145).rssi_dbm, -127);
}

TEST(LinkBudget, HearsTheNearerLouderOnAverage) {
  const LogDistancePathLoss law{{.shadowing_sigma_db = 0}};
  double before = 0;
  for (const double distance : {250.0, 500.0, 1000.0, 2000.0}) {
    const double mean = mean_rssi(receptions(law.mean_db(distance), lora(12, 125'000), 400));
    EXPECT_LT(mean, before) << distance;
    before = mean;
  }
}

TEST(LinkBudget, FadesByTwoAndAHalfDecibelsFromFrameToFrame) {
  RadioModel model;
  model.channel_db = 0;  // which is the same for all of them
  const std::vector<Reception> heard = receptions(80, lora(7, 125'000), 2000, model);
  const double mean = mean_rssi(heard);
  EXPECT_NEAR(mean, 14 - 80, 0.25);
  double squares = 0;
  for (const Reception& reception : heard) {
    squares += std::pow(static_cast<double>(reception.rssi_dbm) - mean, 2);
  }
  EXPECT_NEAR(std::sqrt(squares / static_cast<double>(heard.size())), 2.6, 0.2);
}

// Petäjäjärvi's law at 14 dBm with a gain of 2 dB: at these distances half of the places are heard.
TEST(LinkBudget, ReachesHalfOfThePlacesAtTheMedianRange) {
  const double ranges_km[] = {3.16, 4.05, 5.19, 6.65, 8.52, 10.92};
  const LogDistancePathLoss law{LogDistance{}};
  const std::vector<fleet::Gateway> gateways = {gateway_at({0, 0}, 2)};
  const LinkBudget budget(3, law, gateways, kStart, ideal_radio());
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    const fleet::Position place = fleet::moved({0, 0}, ranges_km[sf - 7] * 1000, 1);
    int heard = 0;
    constexpr std::uint32_t kDevices = 3000;
    for (std::uint32_t device = 0; device < kDevices; ++device) {
      for (const Link& link : budget.links(device, place, 14)) {
        if (budget.receive(frame(device, lora(sf, 125'000)), link)) ++heard;
      }
    }
    EXPECT_NEAR(static_cast<double>(heard) / kDevices, 0.5, 0.035) << int{sf};
  }
}

TEST(LinkBudget, StampsTheEndOfTheFrameWithTheGatewaysClocks) {
  const fleet::Gateway gateway = gateway_with({.kind = fleet::ClockKind::gps, .offset_us = 7});
  const Reception heard = heard_once(gateway, frame(0, lora(7, 125'000)), 80);
  EXPECT_EQ(heard.timestamp_us, 10'050'007u);
  EXPECT_EQ(heard.time, kStart + 10s + 50ms);
  EXPECT_EQ(heard.channel, 4);
  EXPECT_EQ(heard.rf_chain, 1);
  const fleet::Gateway without = gateway_with({.kind = fleet::ClockKind::none});
  EXPECT_EQ(heard_once(without, frame(0, lora(7, 125'000)), 80).time, std::nullopt);
}

TEST(LinkBudget, LetsCopiesArriveWithinTheDeduplicationWindow) {
  const SimTime end = frame(0, lora(7, 125'000)).end;
  auto first = engine::SimDuration::max();
  auto last = engine::SimDuration::min();
  for (const Reception& reception : receptions(80, lora(7, 125'000), 2000)) {
    first = std::min(first, reception.arrived - end);
    last = std::max(last, reception.arrived - end);
  }
  EXPECT_GE(first, 13ms);
  EXPECT_LT(first, 14ms);
  EXPECT_GT(last, 80ms);
  EXPECT_LE(last, 13ms + 180ms);
}

TEST(LinkBudget, ReportsNoSnrOfFskFrames) {
  const std::vector<Reception> heard = receptions(80, lorawan::fsk(50'000), 20);
  ASSERT_EQ(heard.size(), 20u);
  for (const Reception& reception : heard) EXPECT_EQ(reception.snr_db, 0);
  EXPECT_TRUE(receptions(140, lorawan::fsk(50'000), 50).empty());
}

TEST(LinkBudget, WritesPinnedValuesAsTheyAre) {
  const SimTime pinned_time = kStart + 77s;
  fleet::Gateway gateway;
  gateway.pin.rssi_dbm = -25.5F;
  gateway.pin.snr_db = 5.1F;
  gateway.pin.timestamp_us = 2'463'457'000;
  gateway.pin.time = pinned_time;
  gateway.pin.channel = 7;
  gateway.pin.rf_chain = 0;
  const Reception heard = heard_once(gateway, frame(0, lora(7, 125'000)), 80);
  EXPECT_EQ(heard.rssi_dbm, -25.5F);
  EXPECT_EQ(heard.snr_db, 5.1F);
  EXPECT_EQ(heard.timestamp_us, 2'463'457'000u);
  EXPECT_EQ(heard.time, pinned_time);
  EXPECT_EQ(heard.channel, 7);
  EXPECT_EQ(heard.rf_chain, 0);
}

TEST(LinkBudget, HearsAPinnedStrengthFromAnywhere) {
  const fleet::Gateway by_rssi = with_pinned_rssi({}, -120);
  EXPECT_EQ(heard_once(by_rssi, frame(0, lora(7, 125'000)), 300).rssi_dbm, -120);
  const fleet::Gateway by_snr = with_pinned_snr({}, -30);
  EXPECT_EQ(heard_once(by_snr, frame(0, lora(7, 125'000)), 300).snr_db, -30);
}

TEST(LinkBudget, IsAFunctionOfSeedFrameAndGateway) {
  const FixedPathLoss path_loss(120);
  const std::vector<fleet::Gateway> gateways(2);
  const LinkBudget one(1, path_loss, gateways, kStart);
  const LinkBudget same(1, path_loss, gateways, kStart);
  const LinkBudget other(2, path_loss, gateways, kStart);
  int differences = 0;
  for (std::uint64_t number = 50; number-- > 0;) {
    const fleet::Transmission sent = frame(number, lora(9, 125'000));
    const auto reported = one.receive(sent, Link{0, 120});
    const auto again = same.receive(sent, Link{0, 120});
    ASSERT_TRUE(reported && again);
    EXPECT_EQ(reported->snr_db, again->snr_db);
    EXPECT_EQ(reported->arrived, again->arrived);
    if (other.receive(sent, Link{0, 120})->snr_db != reported->snr_db) ++differences;
    if (one.receive(sent, Link{1, 120})->snr_db != reported->snr_db) ++differences;
  }
  EXPECT_GT(differences, 80);
}

TEST(LinkBudget, KeepsTheGatewaysThatMayEverHear) {
  const LogDistancePathLoss law{{.shadowing_sigma_db = 0}};
  const fleet::Position here{52, 5};
  const fleet::Position far = fleet::moved(here, 2'000'000, 0);
  fleet::Gateway on_one_channel = gateway_at(far);
  on_one_channel.pin.channel = 1;
  const std::vector<fleet::Gateway> gateways = {
      gateway_at(fleet::moved(here, 500, 0)),     gateway_at(far),
      with_pinned_snr(gateway_at(far), 5),        on_one_channel,
      gateway_at(fleet::moved(here, 1000, 0), 3),
  };
  const LinkBudget budget(1, law, gateways, kStart);
  const std::vector<Link> links = budget.links(0, here, 14);
  std::vector<std::uint32_t> kept;
  kept.reserve(links.size());
  for (const Link& link : links) kept.push_back(link.gateway);
  ASSERT_THAT(kept, ElementsAre(0, 2, 4));
  EXPECT_NEAR(links[0].loss_db, law.mean_db(500), 0.01);
  EXPECT_NEAR(links[2].loss_db, 128.95 - 3, 0.01);
}

TEST(LinkBudget, KeepsFewerGatewaysForADeviceThatIsAlwaysFast) {
  const LogDistancePathLoss law{{.shadowing_sigma_db = 0}};
  const fleet::Position here{52, 5};
  std::vector<fleet::Gateway> gateways;
  for (int km = 1; km <= 90; ++km) gateways.push_back(gateway_at(fleet::moved(here, km * 1000, 0)));
  const LinkBudget budget(1, law, gateways, kStart);
  std::vector<Link> slow;
  std::vector<Link> fast;
  budget.find_links({.at = here}, slow);
  budget.find_links({.at = here, .lowest_snr_db = lowest_snr_db(lora(7, 125'000))}, fast);
  // 13 dB are a factor of 3.6 in distance.
  EXPECT_GT(slow.size(), 3 * fast.size());
  ASSERT_FALSE(fast.empty());
  // What is left out is never heard.
  const Link next{static_cast<std::uint32_t>(fast.size()),
                  law.mean_db(1000.0 * static_cast<double>(fast.size() + 1))};
  for (std::uint64_t i = 0; i < 5'000; ++i) {
    EXPECT_FALSE(budget.receive(frame(i, lora(7, 125'000)), next));
  }
}

TEST(LinkBudget, KeepsALinksShadowingWhateverOtherGatewaysThereAre) {
  const LogDistancePathLoss law{LogDistance{}};
  const fleet::Position here{52, 5};
  const std::vector<fleet::Gateway> one(1, gateway_at(fleet::moved(here, 500, 0)));
  const std::vector<fleet::Gateway> three(3, one[0]);
  const LinkBudget alone(1, law, one, kStart);
  const LinkBudget among(1, law, three, kStart);
  const std::vector<Link> links = among.links(5, here, 14);
  ASSERT_EQ(links.size(), 3u);
  EXPECT_EQ(alone.links(5, here, 14).at(0).loss_db, links[0].loss_db);
  EXPECT_NE(links[0].loss_db, links[1].loss_db);
  EXPECT_NE(alone.links(6, here, 14).at(0).loss_db, links[0].loss_db);
}

/// How many of 1000 downlinks a device hears at that loss.
int heard_downlinks(double loss_db, const lorawan::DataRate& rate, double eirp_dbm) {
  const FixedPathLoss path_loss(loss_db);
  const std::vector<fleet::Gateway> gateways(1);
  const LinkBudget budget(1, path_loss, gateways, kStart);
  int heard = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    if (budget.hears_downlink(Link{0, loss_db}, rate, eirp_dbm, number)) ++heard;
  }
  return heard;
}

TEST(LinkBudget, LetsDevicesHearDownlinksByTheSameLaw) {
  EXPECT_EQ(heard_downlinks(100, lora(7, 125'000), 14), 1000);
  EXPECT_EQ(heard_downlinks(170, lora(7, 125'000), 14), 0);
  const double marginal = 14 - (kNoise125 - 8.5);  // where half of the frames are heard
  EXPECT_NEAR(heard_downlinks(marginal, lora(7, 125'000), 14), 500, 60);
  EXPECT_EQ(heard_downlinks(marginal, lora(9, 125'000), 27), 1000);
}

TEST(LinkBudget, LetsDevicesHearGatewaysOfPinnedStrength) {
  const FixedPathLoss path_loss(300);
  const std::vector<fleet::Gateway> gateways = {with_pinned_rssi({}, -100)};
  const LinkBudget budget(1, path_loss, gateways, kStart);
  EXPECT_TRUE(budget.hears_downlink(Link{0, 300}, lora(7, 125'000), 14, 0));
}

}  // namespace
}  // namespace sim::radio
