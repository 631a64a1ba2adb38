// What a gateway's profile and keys make of it, and what happens to it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "sim/scenario/load.h"
#include "tests/scenario/schema_check.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::load_text;
using Channels = std::vector<fleet::ReportedChannel>;

/// The gateways of a scenario with these mappings, less their names and places.
std::vector<fleet::Gateway> gateways(const std::vector<std::string>& keys,
                                     const std::string& region = "EU868") {
  std::string text = "name: x\nregion: " + region + "\ngateways:\n";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    text += "  - { id: gw-" + std::to_string(i) + ", at: [52.0, 5.0]" + keys[i] + " }\n";
  }
  text += "devices: [{ id: dev-1, every: 10min }]\n";
  if (keys.size() < 10) {
    EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  }
  const auto plan = load_text(text);
  EXPECT_TRUE(plan) << errors_of(plan);
  return plan ? plan->field.gateways : std::vector<fleet::Gateway>(keys.size());
}

fleet::Gateway gateway(const std::string& keys, const std::string& region = "EU868") {
  return gateways({keys}, region).front();
}

TEST(GatewayProfiles, APacketForwarderIsTheDefault) {
  for (const char* keys : {"", ", profile: packet-forwarder", ", profile: outdoor"}) {
    const fleet::Gateway one = gateway(keys);
    EXPECT_EQ(one.snr_form, fleet::SnrForm::tenths);
    EXPECT_EQ(one.channels, Channels{});
    EXPECT_EQ(one.clock.kind, fleet::ClockKind::gps);
    EXPECT_EQ(one.clock.error, 0s);
    EXPECT_GT(one.clock.jitter_us, 0);
    EXPECT_EQ(one.antenna_gain_dbi, 0);
    EXPECT_EQ(one.antennas, 1);
    EXPECT_EQ(one.backhaul.fastest, 13ms);
    EXPECT_EQ(one.backhaul.spread, 20ms);
    EXPECT_EQ(one.backhaul.loss, 0);
  }
}

TEST(GatewayProfiles, SetWhatBelongsToThem) {
  const auto all = gateways({", profile: kerlink", ", profile: station", ", profile: indoor",
                             ", profile: multi-antenna"});
  EXPECT_EQ(all[0].snr_form, fleet::SnrForm::whole);
  EXPECT_EQ(all[0].channels.at(0), (fleet::ReportedChannel{0, 0}));
  EXPECT_EQ(all[0].backhaul.fastest, 69ms);
  EXPECT_EQ(all[1].snr_form, fleet::SnrForm::quarters);
  EXPECT_EQ(all[1].channels, Channels(10));
  EXPECT_EQ(all[1].clock.kind, fleet::ClockKind::none);
  EXPECT_EQ(all[2].antenna_gain_dbi, -10);
  EXPECT_NEAR(all[2].snr_ceiling_db, 12.6, 1.5);
  EXPECT_EQ(all[2].channels.at(0), (fleet::ReportedChannel{5, 0}));  // 868.1 MHz
  EXPECT_EQ(all[3].antennas, 2);
  EXPECT_NEAR(all[3].snr_ceiling_db, 9.4, 1.5);
}

TEST(GatewayProfiles, GiveWayToKeysInAnyOrder) {
  for (const std::string profile : {"station", "indoor", "mixed"}) {
    const std::string keys =
        ", clock: ntp, gain: 3dB, forwarder: kerlink, channels: semtech, rf_chain: by-radio"
        ", antennas: 2, profile: " +
        profile + ", backhaul: { fastest: 1s, spread: 0, loss: 50% }";
    const fleet::Gateway one = gateway(keys);
    EXPECT_EQ(one.clock.kind, fleet::ClockKind::ntp);
    EXPECT_EQ(one.antenna_gain_dbi, 3);
    EXPECT_EQ(one.snr_form, fleet::SnrForm::whole);
    EXPECT_EQ(one.channels, Channels{});
    EXPECT_EQ(one.antennas, 2);
    EXPECT_EQ(one.backhaul.fastest, 1s);
    EXPECT_EQ(one.backhaul.spread, 0s);
    EXPECT_DOUBLE_EQ(one.backhaul.loss, 0.5);
  }
}

TEST(GatewayProfiles, KeepWhatABackhaulDoesNotSay) {
  const fleet::Gateway one = gateway(", profile: kerlink, backhaul: { loss: 0% }");
  EXPECT_EQ(one.backhaul.fastest, 69ms);
  EXPECT_EQ(one.backhaul.loss, 0);
}

TEST(GatewayProfiles, NumberTheChannelsOfTheRegion) {
  const fleet::Gateway cn = gateway(", channels: ascending", "CN470");
  // 487.1 to 487.7 MHz come first in the plan, on radio 1; 486.3 MHz is the lowest.
  EXPECT_EQ(cn.channels.at(0), (fleet::ReportedChannel{4, 1}));
  EXPECT_EQ(cn.channels.at(4), (fleet::ReportedChannel{0, 0}));
  const fleet::Gateway us = gateway(", channels: ascending, rf_chain: zero", "US915");
  EXPECT_EQ(us.channels.at(7), (fleet::ReportedChannel{7, 0}));
  EXPECT_EQ(us.channels.at(8), (fleet::ReportedChannel{8, 0}));  // 500 kHz wide
}

TEST(GatewayProfiles, AMixIsTheSameInEveryRunAndNoTwoAreAlike) {
  const std::vector<std::string> keys(2000, ", profile: mixed");
  const auto one = gateways(keys);
  const auto again = gateways(keys);
  const auto share = [&](const std::function<bool(const fleet::Gateway&)>& holds) {
    return static_cast<double>(std::count_if(one.begin(), one.end(), holds)) / 2000;
  };
  EXPECT_NEAR(share([](const auto& g) { return g.clock.kind == fleet::ClockKind::none; }), .57,
              .035);
  EXPECT_NEAR(share([](const auto& g) { return g.channels.empty(); }), .10, .025);
  EXPECT_NEAR(share([](const auto& g) { return g.channels == Channels(10); }), .12, .025);
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].channels, again[i].channels);
    EXPECT_EQ(one[i].clock.offset_us, again[i].clock.offset_us);
    EXPECT_EQ(one[i].clock.drift_ppm, again[i].clock.drift_ppm);
  }
}

TEST(ClockFaults, AreWhatTheyAreCalled) {
  const auto all =
      gateways({", clock_fault: 1980", ", clock_fault: 1980-shown", ", clock_fault: empty",
                ", clock_fault: { ahead: 30min }", ", clock: ntp, clock_fault: { behind: 5s }",
                ", profile: mixed, clock_fault: { ahead: 1d }"});
  EXPECT_TRUE(all[0].clock.starts_1980);
  EXPECT_FALSE(all[0].clock.unfiltered);
  EXPECT_EQ(all[0].clock.kind, fleet::ClockKind::gps);
  EXPECT_TRUE(all[1].clock.starts_1980);
  EXPECT_TRUE(all[1].clock.unfiltered);
  EXPECT_EQ(all[2].clock.kind, fleet::ClockKind::none);
  EXPECT_EQ(all[3].clock.error, 30min);
  EXPECT_EQ(all[4].clock.error, -5s);
  EXPECT_EQ(all[4].clock.kind, fleet::ClockKind::ntp);
  EXPECT_EQ(all[5].clock.error, 24h);
}

TEST(GatewaySteps, AreOutagesOfThreeKinds) {
  const std::string text = test::kSmall +
                           "timeline:\n"
                           "  - { at: 1min, gateway: gw-1, outage: 2min }\n"
                           "  - { at: 10min, gateway: gw-1, reboot: 45s }\n"
                           "  - { at: 20min, gateway: gw-1, backhaul_outage: 5min, then: flush }\n"
                           "  - { at: 30min, gateway: gw-1, backhaul_outage: 5min, then: drop }\n"
                           "  - { at: 40min, gateway: gw-1, backhaul_outage: 5min }\n";
  EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  const auto plan = load_text(text);
  ASSERT_TRUE(plan) << errors_of(plan);
  using Kind = world::Outage::Kind;
  const auto& outages = plan->field.outages;
  ASSERT_EQ(outages.size(), 5U);
  EXPECT_EQ(outages[0].kind, Kind::outage);
  EXPECT_EQ(outages[1].kind, Kind::reboot);
  EXPECT_EQ(outages[1].at, plan->field.start + 10min);
  EXPECT_EQ(outages[1].length, 45s);
  EXPECT_EQ(outages[2].kind, Kind::backhaul);
  EXPECT_TRUE(outages[2].flush);
  EXPECT_FALSE(outages[3].flush);
  EXPECT_FALSE(outages[4].flush);
}

}  // namespace
}  // namespace sim::scenario
