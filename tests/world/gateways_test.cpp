// What gateways do to a frame: outages of all kinds, antennas, ghosts, pins, what meets on the air.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::SizeIs;

FieldPlan one_gateway() {
  FieldPlan plan = small_field();
  plan.gateways.resize(1);
  return plan;
}

TEST(Reboot, BeginsTheConcentratorsCounterAnew) {
  FieldPlan plan = one_gateway();
  plan.gateways[0].clock.offset_us = 3'000'000'000;
  plan.outages = {{kStart + 15min, 1min, 0, Outage::Kind::reboot, false}};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_GT(recorder.uplinks[1].receptions[0].timestamp_us, 3'000'000'000U);
  // Four minutes after it came back, and some seconds of booting.
  EXPECT_LT(recorder.uplinks[2].receptions[0].timestamp_us, 260'000'000U);
  EXPECT_THAT(recorder.gateways, SizeIs(2));
}

TEST(Backhaul, FlushesWhatItKeptInOrderAndTooLateForAnAnswer) {
  FieldPlan plan = one_gateway();
  plan.devices[0].first_f_cnt = 10;
  plan.outages = {{kStart + 5min, 30min, 0, Outage::Kind::backhaul, true}};
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 2);
  world.enqueue(downlink_to(0, 1), world.now());
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  for (std::size_t i = 1; i <= 3; ++i) {
    EXPECT_EQ(recorder.uplinks[i].f_cnt, 10 + i);
    EXPECT_GE(recorder.uplinks[i].received_at, kStart + 35min);
    EXPECT_LE(recorder.uplinks[i].received_at, kStart + 35min + 100ms);
  }
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].uplink, recorder.uplinks[4].number);
}

TEST(Backhaul, LosesWhatItDrops) {
  FieldPlan plan = one_gateway();
  plan.outages = {{kStart + 5min, 30min, 0, Outage::Kind::backhaul, false}};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(3));
  ASSERT_THAT(recorder.lost, SizeIs(3));
  EXPECT_EQ(recorder.lost[0].reason, "lost between gateway and network");
}

TEST(LateCopies, AreAMessageThatTheCountersRefuse) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 10;
  plan.gateways[1].backhaul.fastest = 900ms;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_THAT(recorder.uplinks[0].receptions, SizeIs(1));
  ASSERT_THAT(recorder.refused, SizeIs(6));
  EXPECT_TRUE(recorder.refused[0].duplicate);
}

TEST(LateCopies, AreSwallowedWithinTheSecondWindow) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 10;
  plan.gateways[1].backhaul = {300ms, 1ms, 0};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks[0].receptions, SizeIs(1));
  EXPECT_THAT(recorder.refused, SizeIs(0));
}

TEST(Antennas, ReportAReceptionEach) {
  FieldPlan plan = one_gateway();
  plan.receiver.ghosts = false;
  plan.gateways[0].antennas = 2;
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  const auto& receptions = recorder.uplinks[0].receptions;
  ASSERT_THAT(receptions, SizeIs(2));
  EXPECT_NE(receptions[0].antenna, receptions[1].antenna);
  EXPECT_EQ(receptions[0].gateway, receptions[1].gateway);
}

TEST(Ghosts, AreWeakCopiesOfLoudFramesOnAnotherChannel) {
  FieldPlan plan = one_gateway();
  plan.devices[0].at = fleet::moved(plan.gateways[0].at, 5, 0);
  plan.devices[0].at.height_m = 30;
  plan.devices[0].sends = {1s, 1min, 0};
  plan.duration = 10h;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  int ghosts = 0;
  for (const network::Uplink& uplink : recorder.uplinks) {
    if (uplink.receptions.size() < 2) continue;
    ++ghosts;
    const radio::Reception& real = uplink.receptions[0];
    const radio::Reception& ghost = uplink.receptions[1];
    EXPECT_GT(real.rssi_dbm, -60);
    EXPECT_LE(ghost.rssi_dbm, real.rssi_dbm - 34);
    EXPECT_NE(ghost.channel, real.channel);
    EXPECT_LE(ghost.timestamp_us - real.timestamp_us, 8U);
    EXPECT_LE(ghost.snr_db, -5);
  }
  EXPECT_GT(ghosts, 10);
  EXPECT_LT(ghosts, static_cast<int>(recorder.uplinks.size()) / 2);
}

TEST(Pins, MakeExactlyTheseGatewaysHearExactlyThat) {
  FieldPlan plan = small_field();
  plan.gateways.push_back(gateway_near("gw-far"));
  plan.gateways[2].at = {-33, 151, 10};
  plan.devices[0].pin.rssi_dbm = -103.0F;
  plan.devices[0].pin.snr_db = -2.5F;
  plan.devices[0].pin.gateways = {0, 2};
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  std::vector<std::uint32_t> gateways;
  for (const radio::Reception& reception : recorder.uplinks[0].receptions) {
    gateways.push_back(reception.gateway);
    EXPECT_EQ(reception.rssi_dbm, -103);
    EXPECT_EQ(reception.snr_db, -2.5F);
  }
  EXPECT_THAT(gateways, ::testing::UnorderedElementsAre(0, 2));
}

/// Two devices that send the same at the same moment.
FieldPlan collision(double second_eirp_dbm) {
  FieldPlan plan = one_gateway();
  plan.receiver = radio::ideal_radio();
  plan.devices.push_back(plan.devices[0]);
  plan.devices[1].id = "dev-2";
  plan.devices[1].eirp_dbm = second_eirp_dbm;
  for (fleet::Device& device : plan.devices) device.pin.frequency_hz = 868'100'000;
  plan.duration = 1min;
  return plan;
}

TEST(Collision, DestroysBothWhereNeitherIsStronger) {
  const FieldPlan plan = collision(14);
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(0));
  ASSERT_THAT(recorder.lost, SizeIs(2));
  EXPECT_EQ(recorder.lost[0].reason, "destroyed by a collision");
}

TEST(Collision, LetsTheStrongerThrough) {
  const FieldPlan plan = collision(8);
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(1));
  EXPECT_EQ(recorder.uplinks[0].device, 0U);
}

TEST(HalfDuplex, MakesAGatewayDeafWhileItAcknowledges) {
  FieldPlan plan = one_gateway();
  plan.receiver = radio::ideal_radio();
  plan.devices[0].confirmed = true;
  plan.devices.push_back(device_near("dev-2"));
  // The acknowledgement goes out a second after the frame's end.
  plan.devices[1].sends.first = plan.devices[0].sends.first + 1050ms;
  plan.duration = 1min;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.lost, SizeIs(1));
  EXPECT_EQ(recorder.lost[0].device, 1U);
  EXPECT_EQ(recorder.lost[0].reason, "the gateway was sending");
}

TEST(MovingDevice, IsHeardWhereItPasses) {
  FieldPlan plan = one_gateway();
  fleet::Track track;
  fleet::Position near = plan.gateways[0].at;
  near.height_m = 1;
  const fleet::Position far = fleet::moved(near, 60'000, 0);
  track.points = {{0s, far}, {1h, near}};
  plan.devices[0].track = std::make_shared<const fleet::Track>(track);
  plan.devices[0].at = far;
  plan.devices[0].sends = {10s, 1min, 0};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_FALSE(recorder.uplinks.empty());
  EXPECT_GT(recorder.lost.size(), 20U);
  EXPECT_GT(recorder.uplinks.front().received_at, kStart + 20min);
  EXPECT_GT(recorder.uplinks.back().receptions[0].rssi_dbm,
            recorder.uplinks.front().receptions[0].rssi_dbm + 5);
}

TEST(World, IsTheSameAgainAndForEachDeviceWhateverOthersDo) {
  FieldPlan plan = small_field();
  plan.path_loss.shadowing_sigma_db = 7.8;
  World world(plan);
  Recorder first;
  first.run(world);
  plan.devices.push_back(device_near("dev-far"));
  plan.devices[1].at = {10, 10, 1};
  World with_another(plan);
  Recorder second;
  second.run(with_another);
  ASSERT_EQ(first.uplinks.size(), second.uplinks.size());
  for (std::size_t i = 0; i < first.uplinks.size(); ++i) {
    EXPECT_EQ(first.uplinks[i].received_at, second.uplinks[i].received_at);
    EXPECT_EQ(first.uplinks[i].payload, second.uplinks[i].payload);
    EXPECT_EQ(first.uplinks[i].receptions[0].rssi_dbm, second.uplinks[i].receptions[0].rssi_dbm);
  }
}

TEST(GatewayUse, IsCountedOnTheChannelOfTheFrame) {
  const auto channels = lorawan::find_channel_plan("EU868")->uplink_channels.first(8);
  for (const lorawan::UplinkChannel& busy : channels) {
    FieldPlan plan = one_gateway();
    plan.interference = nullptr;
    plan.duration = 5min;
    plan.devices[0].pin.frequency_hz = 868'500'000;
    plan.devices[0].sends = {4min, 10min, 0};
    // Two minutes and more on one channel, in slow frames; on the device's own, RX1 is worse for
    // it.
    fleet::Device other = device_near("dev-2");
    other.pin.frequency_hz = busy.frequency_hz;
    other.mac.keeps_duty_cycle = false;
    other.data_rate_index = 0;
    other.sends = {0s, 2s, 0};
    plan.devices.push_back(other);
    World world(plan);
    world.enqueue(downlink_to(0, 1));
    Recorder recorder;
    recorder.run(world);
    ASSERT_THAT(recorder.sent, SizeIs(1));
    EXPECT_EQ(recorder.sent[0].window, busy.frequency_hz == 868'500'000 ? 2 : 1)
        << busy.frequency_hz;
  }
}

}  // namespace
}  // namespace sim::world
