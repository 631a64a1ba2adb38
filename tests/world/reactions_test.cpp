// What a downlink makes a device do: choose it, change how the device sends, silence, boot, move
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::uint32_t> counters(const Recorder& recorder) {
  std::vector<std::uint32_t> found;
  for (const network::Uplink& uplink : recorder.uplinks) found.push_back(uplink.f_cnt);
  return found;
}

std::vector<std::string> changes(const Recorder& recorder) {
  std::vector<std::string> found;
  for (const DeviceChanged& change : recorder.changed) found.emplace_back(change.what);
  return found;
}

/// The minutes after the start in which the uplinks were published.
std::vector<int> minutes(const Recorder& recorder) {
  std::vector<int> found;
  for (const engine::SimTime moment : recorder.published) {
    found.push_back(static_cast<int>((moment - kStart) / 1min));
  }
  return found;
}

/// A device with one rule gets a downlink after its first uplink, ten seconds after the start, and
/// sends every ten minutes for an hour.
Recorder run_with(FieldPlan plan, const fleet::Reaction& rule) {
  plan.devices[0].on_downlink = {rule};
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  world.enqueue(downlink_to(0, 1));
  recorder.run(world);
  EXPECT_THAT(recorder.reacted, SizeIs(1));
  return recorder;
}

FieldPlan counting_field() {
  FieldPlan plan = small_field();
  plan.format = *payload::parse_template("{boots:u8} {open:bool}");
  plan.devices[0].payload = payload::GeneratedFields{
      {{"boots", payload::Count{1, 1}}, {"open", payload::Constant{payload::Value(false)}}}};
  return plan;
}

TEST(Reaction, IsChosenByTheExactPayload) {
  FieldPlan plan = small_field();
  fleet::Reaction rule;
  rule.every = 1min;
  rule.when_payload = lorawan::Bytes{1, 0};
  fleet::Reaction other;
  other.new_f_port = 9;
  other.when_payload = lorawan::Bytes{1};
  plan.devices[0].on_downlink = {rule, other};
  World world(plan);
  world.enqueue(downlink_to(0, 1));  // 01
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.reacted, SizeIs(1));
  EXPECT_EQ(recorder.reacted[0].rules, 1U);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[1].f_port, 9);
}

TEST(Reaction, FindsADownlinkWithoutAPortOnTheUplinksPort) {
  FieldPlan plan = small_field();
  plan.devices[0].f_port = 5;
  fleet::Reaction on_uplinks_port;
  on_uplinks_port.f_port = 5;
  on_uplinks_port.new_f_port = 9;
  fleet::Reaction on_another_port;
  on_another_port.f_port = 2;
  on_another_port.new_f_port = 10;
  plan.devices[0].on_downlink = {on_uplinks_port, on_another_port};
  World world(plan);
  network::Downlink downlink = downlink_to(0, 1);
  downlink.f_port = 0;  // neither the call nor the encoder named one
  world.enqueue(downlink);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.reacted, SizeIs(1));
  EXPECT_EQ(recorder.reacted[0].rules, 1U);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[1].f_port, 9);
}

TEST(Reaction, AppliesEveryMatchingRuleInOrder) {
  FieldPlan plan = small_field();
  fleet::Reaction first;
  first.new_f_port = 7;
  first.new_data_rate = 3;
  fleet::Reaction second;
  second.new_f_port = 8;
  plan.devices[0].on_downlink = {first, second};
  World world(plan);
  world.enqueue(downlink_to(0, 1));
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.reacted, SizeIs(1));
  EXPECT_EQ(recorder.reacted[0].rules, 2U);
  EXPECT_EQ(recorder.uplinks[1].f_port, 8);
  EXPECT_EQ(recorder.uplinks[1].data_rate_index, 3);
}

TEST(ThenDataRate, HoldsFromTheNextUplinkOn) {
  fleet::Reaction rule;
  rule.new_data_rate = 0;
  const Recorder recorder = run_with(small_field(), rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[0].data_rate_index, 5);
  EXPECT_EQ(recorder.uplinks[1].data_rate_index, 0);
  EXPECT_EQ(recorder.uplinks[5].data_rate_index, 0);
  EXPECT_THAT(recorder.changed, IsEmpty());
}

// A gateway that never hears the fast data rate must not be left out from the beginning.
TEST(ThenDataRate, ReachesGatewaysThatAFastDeviceNeverReaches) {
  FieldPlan plan = small_field();
  plan.receiver = radio::ideal_radio();
  plan.gateways[1].at = fleet::moved(plan.gateways[1].at, 9'000, 0);
  fleet::Reaction rule;
  rule.new_data_rate = 0;
  const Recorder recorder = run_with(plan, rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_THAT(recorder.uplinks[0].receptions, SizeIs(1));
  EXPECT_THAT(recorder.uplinks[1].receptions, SizeIs(2));
}

TEST(JoinAgain, GivesANewSession) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.activation = fleet::Activation::otaa;
  fleet::Reaction rule;
  rule.joins_again = true;
  const Recorder recorder = run_with(plan, rule);
  EXPECT_THAT(recorder.joined, SizeIs(2));
  EXPECT_THAT(changes(recorder), ElementsAre("it joins again"));
  ASSERT_GE(recorder.uplinks.size(), 3U);
  EXPECT_EQ(recorder.uplinks[0].f_cnt, 0U);
  EXPECT_EQ(recorder.uplinks[1].f_cnt, 0U);
  EXPECT_EQ(recorder.uplinks[2].f_cnt, 1U);
  // It joins at once, and sends as soon as it has.
  EXPECT_LT(recorder.published[1] - recorder.published[0], 2min);
}

TEST(JoinAgain, LeavesTheDeviceDeafInItsOldSession) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.activation = fleet::Activation::otaa;
  plan.devices[0].mac.class_c = true;
  fleet::Reaction rule;
  rule.joins_again = true;
  rule.when_payload = lorawan::Bytes{1};
  plan.devices[0].on_downlink = {rule};
  World world(plan);
  Recorder recorder;
  recorder.run_until_uplinks(world, 1);
  world.enqueue(downlink_to(0, 1));
  while (!world.done() && recorder.reacted.empty()) recorder.take(world, world.step());
  network::Downlink other = downlink_to(0, 2);
  other.payload = {2};
  world.enqueue(other);
  while (!world.done() && recorder.sent.size() < 2) recorder.take(world, world.step());
  ASSERT_THAT(recorder.sent, SizeIs(2));
  EXPECT_TRUE(recorder.sent[0].heard);
  EXPECT_FALSE(recorder.sent[1].heard);
}

TEST(Reboot, BeginsFieldsAndCounterOfADeviceWithItsOwnSessionAnew) {
  FieldPlan plan = counting_field();
  plan.devices[0].first_f_cnt = 5;
  plan.devices[0].mac.trusted_counter = true;
  fleet::Reaction rule;
  rule.reboot = 30s;
  const Recorder recorder = run_with(plan, rule);
  EXPECT_THAT(changes(recorder),
              ElementsAre("it reboots", "its counter begins anew", "it is on again"));
  ASSERT_GE(recorder.uplinks.size(), 3U);
  EXPECT_THAT(recorder.uplinks[0].payload, ElementsAre(1, 0));
  EXPECT_THAT(recorder.uplinks[1].payload, ElementsAre(1, 0));
  EXPECT_THAT(recorder.uplinks[2].payload, ElementsAre(2, 0));
  EXPECT_THAT(counters(recorder), ElementsAre(5, 0, 1, 2, 3, 4, 5));
  EXPECT_GE(recorder.published[1] - recorder.published[0], 30s);
  EXPECT_LE(recorder.published[1] - recorder.published[0], 35s);
}

// As on the deployed network, which took a second counter 0 for a retry, and answered it again.
TEST(Reboot, ComesAgainWhereItFollowsTheFirstUplink) {
  FieldPlan plan = small_field();
  plan.duration = 5min;
  fleet::Reaction rule;
  rule.reboot = 30s;
  plan.devices[0].on_downlink = {rule};
  World world(plan);
  world.enqueue(downlink_to(0, 1));
  Recorder recorder;
  recorder.run(world);
  EXPECT_GT(recorder.reacted.size(), 1U);
  EXPECT_FALSE(recorder.sent.at(1).first_time);
}

TEST(Reboot, LetsTheNetworkRefuseCountersThatItKnows) {
  FieldPlan plan = small_field();
  plan.devices[0].first_f_cnt = 100;
  fleet::Reaction rule;
  rule.reboot = 30s;
  const Recorder recorder = run_with(plan, rule);
  EXPECT_THAT(counters(recorder), ElementsAre(100));
  EXPECT_EQ(recorder.refused.at(0).verdict, network::CounterVerdict::not_higher);
}

TEST(Reboot, MakesADeviceJoinThatHasNoSessionOfItsOwn) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.activation = fleet::Activation::otaa;
  fleet::Reaction rule;
  rule.reboot = 30s;
  const Recorder recorder = run_with(plan, rule);
  EXPECT_THAT(recorder.joined, SizeIs(2));
  EXPECT_THAT(changes(recorder), ElementsAre("it reboots", "it is on again"));
  EXPECT_EQ(recorder.uplinks.at(1).f_cnt, 0U);
}

TEST(Reboot, LastsNoLongerThanTheRun) {
  FieldPlan plan = small_field();
  fleet::Reaction rule;
  rule.reboot = 24h;
  plan.devices[0].on_downlink = {rule};
  World world(plan);
  world.enqueue(downlink_to(0, 1));
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(1));
  EXPECT_LT(world.now(), kStart + 1h);
}

TEST(Silence, EndsInTheRhythmOfBefore) {
  fleet::Reaction rule;
  rule.silent = 25min;
  const Recorder recorder = run_with(small_field(), rule);
  EXPECT_THAT(minutes(recorder), ElementsAre(0, 30, 40, 50));
  EXPECT_THAT(counters(recorder), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(changes(recorder), ElementsAre("it is silent"));
}

TEST(Silence, HoldsForUplinksOutOfTurn) {
  FieldPlan plan = small_field();
  plan.actions.push_back({kStart + 5min, DeviceAction::Kind::send, {0}, 0s, 0s, 0});
  plan.actions.push_back({kStart + 26min, DeviceAction::Kind::send, {0}, 0s, 0s, 0});
  fleet::Reaction rule;
  rule.silent = 25min;
  EXPECT_THAT(minutes(run_with(plan, rule)), ElementsAre(0, 26, 30, 40, 50));
}

TEST(Silence, HoldsForJoinsToo) {
  FieldPlan plan = small_field();
  plan.devices[0].mac.activation = fleet::Activation::otaa;
  fleet::Reaction rule;
  rule.silent = 25min;
  rule.joins_again = true;
  const Recorder recorder = run_with(plan, rule);
  EXPECT_THAT(recorder.joined, SizeIs(2));
  ASSERT_GE(recorder.published.size(), 2U);
  EXPECT_GE(recorder.published[1] - recorder.published[0], 25min);
}

// A device that always listens may be silenced while it still repeats a frame.
TEST(Silence, EndsTheRepetitionOfAFrame) {
  FieldPlan plan = small_field();
  plan.duration = 9min;
  plan.devices[0].mac.class_c = true;
  plan.devices[0].confirmed = true;
  plan.devices[0].first_f_cnt = 5;
  fleet::Reaction rule;
  rule.silent = 5min;
  plan.devices[0].on_downlink = {rule};
  plan.gateways.resize(1);
  plan.outages = {{kStart + 10s + 500ms, 1300ms, 0}};  // the acknowledgement does not go out
  World world(plan);
  Recorder recorder;
  while (recorder.gateways.size() < 2) recorder.take(world, world.step());
  world.enqueue(downlink_to(0, 1));
  recorder.run(world);
  ASSERT_THAT(recorder.reacted, SizeIs(1));
  EXPECT_THAT(recorder.given_up, SizeIs(1));
}

TEST(Move, TakesTheDeviceOutOfReach) {
  fleet::Reaction rule;
  rule.move = fleet::Position{53.5, 6.5, 0};
  const Recorder recorder = run_with(small_field(), rule);
  EXPECT_THAT(recorder.uplinks, SizeIs(1));
  EXPECT_THAT(recorder.lost, SizeIs(5));
  EXPECT_THAT(changes(recorder), ElementsAre("it moves"));
}

TEST(Move, BringsTheDeviceToAnotherGateway) {
  FieldPlan plan = small_field();
  plan.gateways[1].at = {53.5, 6.5, 30};
  fleet::Reaction rule;
  rule.move = fleet::Position{53.5005, 6.5005, 0};
  const Recorder recorder = run_with(plan, rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[0].receptions.front().gateway, 0U);
  for (std::size_t i = 1; i < recorder.uplinks.size(); ++i) {
    for (const radio::Reception& reception : recorder.uplinks[i].receptions) {
      EXPECT_EQ(reception.gateway, 1U) << i;
    }
  }
}

TEST(Move, EndsATrack) {
  FieldPlan plan = small_field();
  plan.gateways[1].at = {53.5, 6.5, 30};
  auto track = std::make_shared<fleet::Track>();
  track->points = {{0s, {52.3680, 4.8855, 1}}, {1h, {52.3681, 4.8856, 1}}};
  plan.devices[0].track = track;
  fleet::Reaction rule;
  rule.move = fleet::Position{53.5005, 6.5005, 0};
  const Recorder recorder = run_with(plan, rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[5].receptions.front().gateway, 1U);
}

TEST(Move, LeavesThePinnedGatewaysInReach) {
  FieldPlan plan = small_field();
  plan.devices[0].pin.gateways = {0};
  fleet::Reaction rule;
  rule.move = fleet::Position{53.5, 6.5, 0};
  const Recorder recorder = run_with(plan, rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[5].receptions.front().gateway, 0U);
}

TEST(Move, BackToItsPlaceGivesTheLinksOfBefore) {
  FieldPlan plan = small_field();
  plan.path_loss.shadowing_sigma_db = 8;
  plan.receiver = radio::ideal_radio();
  fleet::Reaction rule;
  rule.move = fleet::Position{plan.devices[0].at.latitude, plan.devices[0].at.longitude, 0};
  const Recorder recorder = run_with(plan, rule);
  ASSERT_THAT(recorder.uplinks, SizeIs(6));
  EXPECT_EQ(recorder.uplinks[1].receptions[0].rssi_dbm, recorder.uplinks[0].receptions[0].rssi_dbm);
}

TEST(EmptyBattery, StaysEmptyAfterAPowerCut) {
  FieldPlan plan = small_field();
  plan.devices[0].battery = fleet::Battery{0.01, 2};  // 36 mAs
  plan.duration = 10h;
  plan.actions.push_back({kStart + 9h, DeviceAction::Kind::power_cut, {0}, 1min, 0s, 0});
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(changes(recorder), ElementsAre("its battery is empty"));
  ASSERT_THAT(recorder.published, Not(IsEmpty()));
  EXPECT_LT(recorder.published.back(), kStart + 9h);
}

}  // namespace
}  // namespace sim::world
