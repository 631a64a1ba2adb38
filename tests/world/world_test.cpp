#include "sim/world/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;

TEST(World, SendsOnItsIntervalWithACounterThatCountsUp) {
  const FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  for (std::uint32_t i = 0; i < 6; ++i) {
    EXPECT_EQ(recorder.uplinks[i].f_cnt, i);
    EXPECT_EQ(recorder.uplinks[i].number, i + 1);
    EXPECT_FALSE(recorder.uplinks[i].is_retry);
    EXPECT_THAT(recorder.uplinks[i].payload, ElementsAre(1, 2, 3, 4));
  }
  const auto gap = recorder.uplinks[1].received_at - recorder.uplinks[0].received_at;
  EXPECT_THAT(gap, Ge(10min - 200ms));
  EXPECT_THAT(gap, Le(10min + 200ms));
}

TEST(World, MergesTheReceptionsOfAllGatewaysIntoOneUplink) {
  const FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  const network::Uplink& uplink = recorder.uplinks.at(0);
  ASSERT_THAT(uplink.receptions, SizeIs(2));
  EXPECT_NE(uplink.receptions[0].gateway, uplink.receptions[1].gateway);
  EXPECT_LE(uplink.receptions[0].arrived, uplink.receptions[1].arrived);
  EXPECT_EQ(uplink.received_at, uplink.receptions[0].arrived);
  EXPECT_EQ(recorder.published[0], uplink.receptions[0].arrived + 200ms);
}

TEST(World, IsTheSameForTheSameSeedAndAnotherForAnother) {
  FieldPlan plan = small_field();
  plan.devices[0].sends.jitter = 0.05;
  World first(plan);
  World second(plan);
  Recorder a;
  Recorder b;
  a.run(first);
  b.run(second);
  plan.seed = 2;
  World third(plan);
  Recorder c;
  c.run(third);
  ASSERT_EQ(a.uplinks.size(), b.uplinks.size());
  for (std::size_t i = 0; i < a.uplinks.size(); ++i) {
    EXPECT_EQ(a.uplinks[i].received_at, b.uplinks[i].received_at);
    EXPECT_EQ(a.uplinks[i].receptions[0].rssi_dbm, b.uplinks[i].receptions[0].rssi_dbm);
  }
  EXPECT_NE(a.uplinks[1].received_at, c.uplinks[1].received_at);
}

TEST(World, AddingADeviceChangesNothingOfTheOthers) {
  FieldPlan plan = small_field();
  World alone(plan);
  Recorder a;
  a.run(alone);
  plan.devices.push_back(device_near("dev-2"));
  plan.devices[1].sends.first = 3min;
  World together(plan);
  Recorder b;
  b.run(together);
  std::erase_if(b.uplinks, [](const network::Uplink& u) { return u.device != 0; });
  ASSERT_EQ(a.uplinks.size(), b.uplinks.size());
  for (std::size_t i = 0; i < a.uplinks.size(); ++i) {
    EXPECT_EQ(a.uplinks[i].tx.frequency_hz, b.uplinks[i].tx.frequency_hz);
  }
}

TEST(World, RepeatsAConfirmedFrameUntilItIsAcknowledged) {
  FieldPlan plan = small_field();
  plan.devices[0].confirmed = true;
  plan.devices[0].downlink_loss = 0.5;
  plan.duration = 6h;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  std::map<std::uint32_t, int> copies;
  for (const network::Uplink& uplink : recorder.uplinks) {
    EXPECT_EQ(uplink.is_retry, copies[uplink.f_cnt] > 0);
    ++copies[uplink.f_cnt];
    EXPECT_EQ(uplink.attempt, copies[uplink.f_cnt]);
  }
  EXPECT_EQ(copies.size(), 36U);
  EXPECT_GT(recorder.uplinks.size(), 50U);
  EXPECT_THAT(recorder.given_up, SizeIs(Le(2U)));
}

TEST(World, GivesUpAfterEightAttempts) {
  FieldPlan plan = small_field();
  plan.devices[0].confirmed = true;
  plan.devices[0].downlink_loss = 1;
  plan.duration = 10min;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(8));
  ASSERT_THAT(recorder.given_up, SizeIs(1));
  EXPECT_EQ(recorder.given_up[0].attempts, 8);
}

TEST(World, WaitsBetweenAttemptsAsTheStandardSays) {
  FieldPlan plan = small_field();
  plan.devices[0].confirmed = true;
  plan.devices[0].downlink_loss = 1;
  plan.devices[0].mac.keeps_duty_cycle = false;
  plan.duration = 10min;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  for (std::size_t i = 1; i < recorder.uplinks.size(); ++i) {
    const auto gap = recorder.uplinks[i].received_at - recorder.uplinks[i - 1].received_at;
    EXPECT_THAT(gap, Ge(3s - 200ms));  // the second window at 2 s, then 1 to 3 s
    EXPECT_THAT(gap, Le(5s + 300ms));
  }
}

TEST(World, SendsADownlinkInTheWindowOfTheUplinkThatItAnswers) {
  const FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  EXPECT_TRUE(world.enqueue(downlink_to(0, 1)).empty());
  recorder.run(world);
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].uplink, 1U);
  EXPECT_EQ(recorder.sent[0].number, 1U);
  EXPECT_TRUE(recorder.sent[0].heard);
  EXPECT_FALSE(recorder.sent[0].ack);
  EXPECT_EQ(world.pending_downlinks(), 0U);
}

TEST(World, KeepsALateDownlinkForTheNextUplink) {
  const FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  recorder.take(world, world.step());  // the 100 ms are over
  world.enqueue(downlink_to(0, 1));
  EXPECT_EQ(world.pending_downlinks(), 1U);
  recorder.run(world);
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].uplink, 2U);
}

TEST(World, TellsWhichDownlinksAReplacementDisplaced) {
  const FieldPlan plan = small_field();
  World world(plan);
  EXPECT_TRUE(world.enqueue(downlink_to(0, 1)).empty());
  EXPECT_THAT(world.enqueue(downlink_to(0, 2)), ElementsAre(1));
}

TEST(World, SendsAConfirmedDownlinkUntilTheDeviceAcknowledgesIt) {
  FieldPlan plan = small_field();
  plan.devices[0].downlink_loss = 0.6;
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  world.enqueue(downlink_to(0, 1, true));
  recorder.run(world);
  ASSERT_THAT(recorder.acknowledged, SizeIs(1));
  EXPECT_EQ(recorder.acknowledged[0].number, 1U);
  EXPECT_TRUE(recorder.sent.front().first_time);
  for (std::size_t i = 1; i < recorder.sent.size(); ++i) {
    EXPECT_FALSE(recorder.sent[i].first_time);
    EXPECT_FALSE(recorder.sent[i - 1].heard);
  }
  EXPECT_TRUE(recorder.sent.back().heard);
}

TEST(World, ADeviceReactsToADownlink) {
  FieldPlan plan = small_field();
  fleet::Reaction rule;
  rule.f_port = 2;
  rule.set.set("open", payload::Value(true));
  rule.every = 1min;
  plan.devices[0].on_downlink = {rule};
  plan.devices[0].payload =
      payload::GeneratedFields{{{"open", payload::Constant{payload::Value(false)}}}};
  plan.format = plan.downlink_format = *payload::parse_template("{open:bool}");
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  world.enqueue(downlink_to(0, 1));
  recorder.run(world);
  ASSERT_THAT(recorder.reacted, SizeIs(1));
  EXPECT_THAT(recorder.uplinks[0].payload, ElementsAre(0));
  EXPECT_THAT(recorder.uplinks[1].payload, ElementsAre(1));
  EXPECT_THAT(recorder.uplinks, SizeIs(Ge(58U)));
}

TEST(World, SaysWhatADeviceCouldNotEncode) {
  FieldPlan plan = small_field();
  plan.duration = 5min;
  plan.devices[0].payload =
      payload::GeneratedFields{{{"level", payload::Constant{payload::Value(300)}}}};
  plan.format = plan.downlink_format = *payload::parse_template("{level:u8}");
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.not_sent, SizeIs(1));
  EXPECT_THAT(recorder.not_sent[0].reason, ::testing::HasSubstr("level"));
  EXPECT_THAT(recorder.uplinks, SizeIs(0));
}

TEST(World, AGatewayHearsNothingDuringAnOutage) {
  FieldPlan plan = small_field();
  plan.outages = {{kStart + 15min, 10min, 0}};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.gateways, SizeIs(2));
  EXPECT_FALSE(recorder.gateways[0].up);
  EXPECT_TRUE(recorder.gateways[1].up);
  EXPECT_THAT(recorder.uplinks[1].receptions, SizeIs(2));  // at 10 min
  EXPECT_THAT(recorder.uplinks[2].receptions, SizeIs(1));  // at 20 min
  EXPECT_THAT(recorder.uplinks[3].receptions, SizeIs(2));  // at 30 min
}

TEST(World, AFrameThatNobodyHearsIsLostAndSaysSo) {
  FieldPlan plan = small_field();
  plan.outages = {{kStart, 2h, 0}, {kStart, 2h, 1}};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(0));
  EXPECT_THAT(recorder.lost, SizeIs(6));
}

TEST(World, StopsSendingWhenTold) {
  const FieldPlan plan = small_field();
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 2);
  world.stop_sending();
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(2));
}

TEST(World, PinnedValuesAreTakenAsTheyAre) {
  FieldPlan plan = small_field();
  plan.gateways.resize(1);
  plan.gateways[0].at = {0, 0, 0};  // on another continent: a pinned strength is heard all the same
  plan.gateways[0].pin = {-25.0F, 5.0F, 12345, engine::SimTime{}, std::uint8_t{0}, std::uint8_t{0}};
  plan.devices[0].pin.time = engine::SimTime{};
  plan.devices[0].pin.frequency_hz = 868'100'000;
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  const network::Uplink& uplink = recorder.uplinks.at(0);
  EXPECT_EQ(uplink.received_at, engine::SimTime{});
  EXPECT_EQ(uplink.tx.frequency_hz, 868'100'000U);
  EXPECT_EQ(uplink.receptions[0].rssi_dbm, -25.0F);
  EXPECT_EQ(uplink.receptions[0].snr_db, 5.0F);
  EXPECT_EQ(uplink.receptions[0].timestamp_us, 12345U);
  EXPECT_EQ(uplink.receptions[0].time, engine::SimTime{});
}

TEST(World, KnowsTheLargestDownlinkOfADevice) {
  FieldPlan plan = small_field();
  plan.devices.push_back(device_near("slow"));
  plan.devices[1].data_rate_index = 0;
  World world(plan);
  EXPECT_EQ(world.max_downlink_payload(0), 242U);
  EXPECT_EQ(world.max_downlink_payload(1), 51U);
}

}  // namespace
}  // namespace sim::world
