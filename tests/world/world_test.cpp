#include "sim/world/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

namespace sim::world {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Le;
using ::testing::SizeIs;

constexpr engine::SimTime kStart{std::chrono::seconds(1'700'000'000)};

fleet::Gateway gateway_near(const std::string& id) {
  fleet::Gateway gateway;
  gateway.id = id;
  gateway.at = {52.3676, 4.8851, 30};
  return gateway;
}

fleet::Device device_near(const std::string& id) {
  fleet::Device device;
  device.id = id;
  device.at = {52.3680, 4.8855, 1};
  device.sends = {10s, 10min, 0};
  device.data_rate_index = 5;
  device.payload = payload::FixedBytes{{1, 2, 3, 4}};
  return device;
}

/// One device beside two gateways, for an hour.
FieldPlan small_field() {
  FieldPlan plan;
  plan.start = kStart;
  plan.duration = 1h;
  plan.channels = lorawan::find_channel_plan("EU868");
  plan.path_loss.shadowing_sigma_db = 0;
  plan.gateways = {gateway_near("gw-a"), gateway_near("gw-b")};
  plan.devices = {device_near("dev-1")};
  return plan;
}

network::Downlink downlink_to(std::uint32_t device, std::uint64_t number, bool confirmed = false) {
  network::Downlink downlink;
  downlink.number = number;
  downlink.device = device;
  downlink.f_port = 2;
  downlink.confirmed = confirmed;
  downlink.payload = {1};
  return downlink;
}

/// Runs a world to its end and keeps copies of what happened.
struct Recorder {
  std::vector<network::Uplink> uplinks;
  std::vector<engine::SimTime> published;
  std::vector<DownlinkSent> sent;
  std::vector<DownlinkAcknowledged> acknowledged;
  std::vector<UplinkGivenUp> given_up;
  std::vector<FrameLost> lost;
  std::vector<FrameNotSent> not_sent;
  std::vector<DeviceReacted> reacted;
  std::vector<GatewayChanged> gateways;

  void take(const World& world, std::span<const Happening> happenings) {
    for (const Happening& happening : happenings) {
      if (const auto* h = std::get_if<UplinkPublished>(&happening)) {
        uplinks.push_back(*h->uplink);
        published.push_back(world.now());
      }
      keep(happening, sent);
      keep(happening, acknowledged);
      keep(happening, given_up);
      keep(happening, lost);
      keep(happening, not_sent);
      keep(happening, reacted);
      keep(happening, gateways);
    }
  }

  template <class Kind>
  static void keep(const Happening& happening, std::vector<Kind>& kept) {
    if (const auto* h = std::get_if<Kind>(&happening)) kept.push_back(*h);
  }

  void run(World& world) {
    while (!world.done()) take(world, world.step());
  }

  void run_until_uplinks(World& world, std::size_t count) {
    while (!world.done() && uplinks.size() < count) take(world, world.step());
  }
};

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

/// What gateways reported of each frame, in a form that compares.
std::vector<std::string> reports(const Recorder& recorder) {
  std::vector<std::string> texts;
  for (const network::Uplink& uplink : recorder.uplinks) {
    std::string text = std::to_string(uplink.device) + " " + std::to_string(uplink.f_cnt);
    for (const radio::Reception& reception : uplink.receptions) {
      text += " " + std::to_string(reception.gateway) + ":" + std::to_string(reception.rssi_dbm) +
              "/" + std::to_string(reception.snr_db);
    }
    texts.push_back(text);
  }
  return texts;
}

TEST(World, SendsSlowerBeforeTheThirdFifthAndSeventhAttempt) {
  FieldPlan plan = small_field();
  plan.duration = 5min;
  plan.devices[0].confirmed = true;
  plan.devices[0].downlink_loss = 1;
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.uplinks, SizeIs(8));
  std::vector<std::string> rates;
  for (const network::Uplink& uplink : recorder.uplinks) {
    rates.push_back(lorawan::to_string(uplink.tx.data_rate));
  }
  EXPECT_THAT(rates, ElementsAre("SF7BW125", "SF7BW125", "SF8BW125", "SF8BW125", "SF9BW125",
                                 "SF9BW125", "SF10BW125", "SF10BW125"));
  ASSERT_THAT(recorder.given_up, SizeIs(1));
}

TEST(World, StaysAsFastAsThePayloadNeeds) {
  FieldPlan plan = small_field();
  plan.duration = 5min;
  plan.devices[0].confirmed = true;
  plan.devices[0].downlink_loss = 1;
  plan.devices[0].payload = payload::FixedBytes{lorawan::Bytes(120, 1)};  // SF9 takes 115
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  EXPECT_EQ(lorawan::to_string(recorder.uplinks.back().tx.data_rate), "SF8BW125");
}

TEST(World, ADownlinkChangesNothingInTheLuckOfOtherFrames) {
  FieldPlan plan = small_field();
  plan.devices.push_back(device_near("dev-2"));
  plan.devices[1].at = fleet::moved(plan.gateways[0].at, 3'000, 1);  // heard now and then
  World quiet(plan);
  Recorder without;
  without.run(quiet);
  World busy(plan);
  Recorder with;
  with.run_until_uplinks(busy, 1);
  busy.enqueue(downlink_to(0, 1));
  with.run(busy);
  ASSERT_THAT(with.sent, SizeIs(1));
  EXPECT_EQ(reports(with), reports(without));
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
  plan.format = *payload::parse_template("{open:bool}");
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
  plan.format = *payload::parse_template("{level:u8}");
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
  plan.devices[0].pin = {engine::SimTime{}, 868'100'000};
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
