// What devices keep to: duty cycle, adaptive data rate, repetitions, counters, classes, batteries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::SizeIs;

std::vector<std::uint32_t> counters(const Recorder& recorder) {
  std::vector<std::uint32_t> found;
  for (const network::Uplink& uplink : recorder.uplinks) found.push_back(uplink.f_cnt);
  return found;
}

TEST(DutyCycle, PutsFramesOffAndTellsUntilWhen) {
  FieldPlan plan = small_field();
  plan.devices[0].data_rate_index = 0;  // SF12: 1.2 s on the air
  plan.devices[0].sends = {1s, 30s, 0};
  plan.duration = 30min;
  World limited(plan);
  Recorder with;
  with.run(limited);
  EXPECT_FALSE(with.delayed.empty());
  // Two parts of the band with 1% each: 36 s of 1800, so at most some 30 frames of 1.3 s.
  EXPECT_LE(with.uplinks.size(), 31U);
  EXPECT_GE(with.uplinks.size(), 24U);
  plan.devices[0].mac.keeps_duty_cycle = false;
  World unlimited(plan);
  Recorder without;
  without.run(unlimited);
  EXPECT_TRUE(without.delayed.empty());
  EXPECT_EQ(without.uplinks.size(), 60U);
}

TEST(DutyCycle, IsNoneInTheUnitedStates) {
  FieldPlan plan = small_field();
  plan.channels = lorawan::find_channel_plan("US915");
  plan.devices[0].data_rate_index = 0;
  plan.devices[0].sends = {1s, 2s, 0};
  plan.duration = 10min;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_TRUE(recorder.delayed.empty());
  EXPECT_EQ(recorder.uplinks.size(), 300U);
}

TEST(AdaptiveDataRate, MakesANearDeviceFastAndQuiet) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.adr = true;
  plan.devices[0].data_rate_index = 0;
  plan.duration = 10h;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_FALSE(recorder.adapted.empty());
  EXPECT_GT(recorder.uplinks.back().data_rate_index, 0);
  EXPECT_EQ(recorder.uplinks.front().data_rate_index, 0);
}

TEST(AdaptiveDataRate, LeavesDevicesAloneThatDoNotAskForIt) {
  FieldPlan plan = small_field();
  plan.devices[0].data_rate_index = 0;
  plan.duration = 10h;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_TRUE(recorder.adapted.empty());
  EXPECT_EQ(recorder.uplinks.back().data_rate_index, 0);
}

TEST(AdaptiveDataRate, BacksOffWhereNothingIsHeard) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.adr = true;
  plan.devices[0].eirp_dbm = 2;
  plan.devices[0].downlink_loss = 1;
  plan.duration = 40h;
  World world(plan);
  struct Listener final : AirWatcher {
    std::vector<fleet::Transmission> frames;
    void device_sent(const fleet::Transmission& frame, bool) override { frames.push_back(frame); }
    void gateway_received(std::uint32_t, const fleet::Transmission&) override {}
    void gateway_sent(std::uint32_t, const network::Window&) override {}
  } listener;
  world.watch_air(listener);
  Recorder recorder;
  recorder.run(world);
  ASSERT_GT(listener.frames.size(), 200U);
  EXPECT_EQ(listener.frames[94].eirp_dbm, 2);
  EXPECT_EQ(listener.frames[95].eirp_dbm, 14);  // the 96th: 64 and 32
  EXPECT_EQ(listener.frames[126].data_rate_index, 5);
  EXPECT_EQ(listener.frames[127].data_rate_index, 4);
  EXPECT_EQ(listener.frames[159].data_rate_index, 3);
  // From the 64th on the device asks, and the network answers each.
  EXPECT_FALSE(recorder.sent.empty());
}

TEST(LinkCheck, IsAnsweredWithoutAPayload) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.link_check_every = 3;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  ASSERT_THAT(recorder.sent, SizeIs(2));
  EXPECT_EQ(recorder.sent[0].number, 0U);
  EXPECT_FALSE(recorder.sent[0].ack);
}

TEST(Repetitions, OfUnconfirmedFramesAreDroppedByTheNetwork) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 5;
  plan.devices[0].mac.transmissions = 3;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(counters(recorder), ::testing::ElementsAre(5, 6, 7, 8, 9, 10));
  ASSERT_THAT(recorder.refused, SizeIs(12));
  EXPECT_TRUE(recorder.refused[0].duplicate);
}

TEST(Repetitions, EndWithADownlink) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 5;
  plan.devices[0].mac.transmissions = 3;
  plan.duration = 1min;
  World world(plan);
  world.enqueue(downlink_to(0, 1));
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.sent, SizeIs(1));
  EXPECT_THAT(recorder.refused, SizeIs(0));
}

TEST(Counters, WrapAtSixteenBitsAndAreRefusedThen) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 65'534;
  plan.devices[0].mac.counter_16_bits = true;
  World checked(plan);
  Recorder recorder;
  recorder.run(checked);
  EXPECT_THAT(counters(recorder), ::testing::ElementsAre(65'534, 65'535));
  EXPECT_THAT(recorder.refused, SizeIs(4));
  plan.devices[0].mac.trusted_counter = true;
  World trusted(plan);
  Recorder all;
  all.run(trusted);
  EXPECT_THAT(counters(all), ::testing::ElementsAre(65'534, 65'535, 0, 1, 2, 3));
}

TEST(Counters, CanBeResetForgottenAndSkipped) {
  using Kind = DeviceAction::Kind;
  const auto run_with = [](Kind kind, std::uint32_t count) {
    FieldPlan plan = small_field();
    plan.devices[0].first_f_cnt = 100;
    plan.actions.push_back({kStart + 25min, kind, {0}, 0s, 0s, count});
    World world(plan);
    Recorder recorder;
    recorder.run(world);
    return recorder;
  };
  using ::testing::ElementsAre;
  const Recorder reset = run_with(Kind::reset_counter, 0);
  EXPECT_THAT(counters(reset), ElementsAre(100, 101, 102));
  EXPECT_EQ(reset.refused.at(0).verdict, network::CounterVerdict::not_higher);
  EXPECT_THAT(counters(run_with(Kind::forget, 0)), ElementsAre(100, 101, 102, 0, 1, 2));
  EXPECT_THAT(counters(run_with(Kind::skip_counter, 500)),
              ElementsAre(100, 101, 102, 603, 604, 605));
  const Recorder far = run_with(Kind::skip_counter, 20'000);
  EXPECT_EQ(far.refused.at(0).verdict, network::CounterVerdict::gap_too_large);
}

TEST(ClassC, GetsADownlinkAtOnce) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.class_c = true;
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  const engine::SimTime later = world.now() + 5min;
  world.enqueue(downlink_to(0, 3), later);
  while (!world.done() && recorder.sent.empty()) recorder.take(world, world.step());
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].window, 0);
  EXPECT_TRUE(recorder.sent[0].heard);
  EXPECT_GE(world.now(), later);
  EXPECT_LT(world.now(), later + 2s);
}

TEST(ClassA, GetsALateDownlinkWithItsNextUplink) {
  FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  world.enqueue(downlink_to(0, 3), world.now() + 5min);
  recorder.run(world);
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].uplink, 2U);
}

TEST(Battery, RunsDownUntilTheDeviceIsSilent) {
  FieldPlan plan = small_field();
  plan.devices[0].battery = fleet::Battery{0.01, 2};  // 36 mAs
  plan.duration = 10h;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.changed, SizeIs(1));
  EXPECT_EQ(recorder.changed[0].what, "its battery is empty");
  EXPECT_GT(recorder.uplinks.size(), 2U);
  EXPECT_LT(recorder.uplinks.size(), 20U);
}

TEST(SendNow, IsAnUplinkOutOfTurn) {
  FieldPlan plan = small_field();
  plan.actions.push_back({kStart + 5min, DeviceAction::Kind::send, {0}, 0s, 3s, 0});
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(7));
  EXPECT_GE(recorder.uplinks[1].received_at, kStart + 5min);
  EXPECT_LE(recorder.uplinks[1].received_at, kStart + 5min + 4s);
}

}  // namespace
}  // namespace sim::world
