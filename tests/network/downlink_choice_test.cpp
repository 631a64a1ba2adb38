// Windows and gateways as the deployed network chose them.
#include "sim/network/downlink_choice.h"

#include <gtest/gtest.h>

namespace sim::network {
namespace {

using namespace std::chrono_literals;
using engine::SimTime;
using lorawan::lora;

constexpr SimTime kEnd{1'700'000'000s};

const lorawan::ChannelPlan& eu868() {
  return *lorawan::find_channel_plan("EU868");
}

radio::Reception heard_by(std::uint32_t gateway, float rssi, float snr) {
  radio::Reception reception;
  reception.gateway = gateway;
  reception.rssi_dbm = rssi;
  reception.snr_db = snr;
  return reception;
}

std::vector<Window> windows_after(std::uint8_t sf, engine::SimDuration airtime = 60ms) {
  return {{1, kEnd + 1s, {868'100'000, lora(sf, 125'000), 5}, 14, airtime},
          {2, kEnd + 2s, {869'525'000, lora(9, 125'000), 5}, 27, airtime}};
}

const auto kAll = [](std::uint32_t) { return true; };

TEST(DownlinkChoice, TakesTheFirstWindowAfterFastUplinksAndTheSecondAfterSlowOnes) {
  const GatewayUsage idle(1, eu868());
  Uplink uplink;
  uplink.receptions = {heard_by(0, -60, 9)};
  for (std::uint8_t sf = 7; sf <= 12; ++sf) {
    const auto choice = choose_downlink(uplink, windows_after(sf), idle, kEnd + 300ms, kAll);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->window.number, sf <= 8 ? 1 : 2) << int{sf};
  }
}

TEST(DownlinkChoice, TakesTheGatewayThatHearsBest) {
  const GatewayUsage idle(3, eu868());
  Uplink uplink;
  uplink.receptions = {heard_by(2, -110, -3), heard_by(0, -70, 9), heard_by(1, -90, 8)};
  EXPECT_EQ(choose_downlink(uplink, windows_after(7), idle, kEnd + 300ms, kAll)->gateway, 0U);
  const auto without = [](std::uint32_t gateway) { return gateway != 0; };
  EXPECT_EQ(choose_downlink(uplink, windows_after(7), idle, kEnd + 300ms, without)->gateway, 1U);
}

TEST(DownlinkChoice, KeepsTheDutyCycleOfEachGateway) {
  GatewayUsage usage(1, eu868());
  Uplink uplink;
  uplink.receptions = {heard_by(0, -60, 9)};
  usage.sends(0, {1, kEnd, {868'300'000, lora(7, 125'000), 5}, 14, 60ms});
  // Six seconds of silence in 868.0 to 868.6 MHz; the other band is free.
  EXPECT_EQ(choose_downlink(uplink, windows_after(7), usage, kEnd + 300ms, kAll)->window.number, 2);
  usage.sends(0, {2, kEnd, {869'525'000, lora(9, 125'000), 5}, 27, 300ms});
  EXPECT_FALSE(choose_downlink(uplink, windows_after(7), usage, kEnd + 300ms, kAll));
}

TEST(DownlinkChoice, SendsOneFrameAtATime) {
  GatewayUsage usage(1, *lorawan::find_channel_plan("US915"));
  const Window window{1, kEnd + 1s, {923'300'000, lora(10, 500'000), 5}, 26, 100ms};
  usage.sends(0, window);
  Window next = window;
  next.start += 99ms;
  EXPECT_FALSE(usage.may_send(0, next));
  next.start += 1ms;
  EXPECT_TRUE(usage.may_send(0, next));
}

TEST(DownlinkChoice, SendsNothingTooLate) {
  const GatewayUsage idle(1, eu868());
  Uplink uplink;
  uplink.receptions = {heard_by(0, -60, 9)};
  EXPECT_EQ(choose_downlink(uplink, windows_after(7), idle, kEnd + 1s, kAll)->window.number, 2);
  EXPECT_FALSE(choose_downlink(uplink, windows_after(7), idle, kEnd + 2s, kAll));
}

TEST(DownlinkChoice, AvoidsABusyGateway) {
  GatewayUsage usage(2, eu868());
  Uplink uplink;
  uplink.receptions = {heard_by(0, -60, 9), heard_by(1, -62, 9)};
  for (int i = 0; i < 100; ++i) usage.heard(0, 0, kEnd - 50s, 1s);
  EXPECT_EQ(choose_downlink(uplink, windows_after(7), usage, kEnd + 300ms, kAll)->gateway, 1U);
}

/// A window of an uplink on that channel.
Window first_window_on(const lorawan::UplinkChannel& channel) {
  return {1, kEnd + 1s, {channel.frequency_hz, lora(7, 125'000), 5}, 14, 60ms};
}

TEST(DownlinkChoice, CountsUseOnTheChannelThatWasHeard) {
  const auto channels = eu868().uplink_channels;
  for (std::size_t busy = 0; busy < channels.size(); ++busy) {
    GatewayUsage usage(1, eu868());
    usage.heard(0, busy, kEnd - 50s, 6s);
    const Window elsewhere{2, kEnd + 2s, {869'525'000, lora(9, 125'000), 5}, 27, 60ms};
    for (const lorawan::UplinkChannel& channel : channels) {
      const double more = usage.score(0, first_window_on(channel)) - usage.score(0, elsewhere);
      // 1% of the last ten minutes.
      const bool same = channel.frequency_hz == channels[busy].frequency_hz;
      EXPECT_NEAR(more, same ? 1 : 0, 1e-9) << busy << " " << channel.frequency_hz;
    }
  }
}

TEST(DownlinkChoice, LeavesABusyChannelForTheSecondWindow) {
  const auto channels = eu868().uplink_channels;
  Uplink uplink;
  uplink.receptions = {heard_by(0, -60, 9)};
  for (std::size_t busy = 0; busy < channels.size(); ++busy) {
    GatewayUsage usage(1, eu868());
    for (int i = 0; i < 20; ++i) usage.heard(0, busy, kEnd - 50s, 1s);
    const auto choice = choose_downlink(uplink, windows_after(7), usage, kEnd + 300ms, kAll);
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->window.number, channels[busy].frequency_hz == 868'100'000 ? 2 : 1) << busy;
  }
}

}  // namespace
}  // namespace sim::network
