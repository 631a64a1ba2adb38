// Devices that join: windows, order of tries, the law's budget, new sessions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::Each;
using ::testing::Field;
using ::testing::SizeIs;

FieldPlan joining_field() {
  FieldPlan plan = small_field();
  plan.devices[0].mac.activation = fleet::Activation::otaa;
  return plan;
}

/// Frames and windows as they were on the air.
struct Listener final : AirWatcher {
  std::vector<fleet::Transmission> requests;
  std::vector<fleet::Transmission> frames;
  std::vector<network::Window> windows;

  void device_sent(const fleet::Transmission& frame, bool join) override {
    (join ? requests : frames).push_back(frame);
  }
  void gateway_received(std::uint32_t, const fleet::Transmission&) override {}
  void gateway_sent(std::uint32_t, const network::Window& window) override {
    windows.push_back(window);
  }
};

TEST(Joining, GivesASessionThatBeginsWithCounterZero) {
  FieldPlan plan = joining_field();
  plan.devices[0].first_f_cnt = 70;  // of a session before
  World world(plan);
  Listener listener;
  world.watch_air(listener);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.joined, SizeIs(1));
  EXPECT_EQ(recorder.joined[0].attempt, 1U);
  EXPECT_EQ(recorder.joined[0].window, 1);
  ASSERT_THAT(listener.windows, SizeIs(1));
  EXPECT_EQ(listener.windows[0].start, listener.requests.at(0).end + 5s);
  ASSERT_FALSE(recorder.uplinks.empty());
  for (std::size_t i = 0; i < recorder.uplinks.size(); ++i) {
    EXPECT_EQ(recorder.uplinks[i].f_cnt, i);
  }
}

TEST(Joining, IsNotForDevicesThatHaveASession) {
  Recorder recorder;
  const FieldPlan plan = small_field();
  World world(plan);
  recorder.run(world);
  EXPECT_THAT(recorder.joined, SizeIs(0));
}

TEST(Joining, TriesTheDefaultChannelsAndThenSlowerDataRatesWithinItsBudget) {
  FieldPlan plan = joining_field();
  plan.devices[0].downlink_loss = 1;  // no answer is ever heard
  plan.devices[0].mac.keeps_duty_cycle = false;
  plan.duration = 1h;
  World world(plan);
  Listener listener;
  world.watch_air(listener);
  Recorder recorder;
  recorder.run(world);
  EXPECT_THAT(recorder.joined, SizeIs(0));
  EXPECT_THAT(listener.frames, SizeIs(0));
  ASSERT_GT(listener.requests.size(), 18U);
  engine::SimDuration total{0};
  for (std::size_t i = 0; i < listener.requests.size(); ++i) {
    const fleet::Transmission& request = listener.requests[i];
    EXPECT_EQ(request.data_rate_index, 5 - std::min<int>(static_cast<int>(i) / 3, 5)) << i;
    EXPECT_GE(request.channel.frequency_hz, 868'100'000U);
    EXPECT_LE(request.channel.frequency_hz, 868'500'000U);
    total += request.end - request.start;
  }
  EXPECT_LE(total, 36s);
  EXPECT_GE(total, 30s);
  EXPECT_THAT(recorder.join_failed,
              Each(Field(&JoinFailed::reason, "the device did not hear the answer")));
}

TEST(Joining, SucceedsWhenTheGatewaysAreBack) {
  FieldPlan plan = joining_field();
  plan.outages = {{kStart, 10min, 0, Outage::Kind::outage, false},
                  {kStart, 10min, 1, Outage::Kind::outage, false}};
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_FALSE(recorder.join_failed.empty());
  EXPECT_EQ(recorder.join_failed[0].reason, "no gateway heard it");
  ASSERT_THAT(recorder.joined, SizeIs(1));
  EXPECT_GT(recorder.uplinks.at(0).received_at, kStart + 10min);
}

TEST(Joining, KeepsTheDownlinksThatWait) {
  FieldPlan plan = joining_field();
  World world(plan);
  world.enqueue(downlink_to(0, 7));
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.sent, SizeIs(1));
  EXPECT_EQ(recorder.sent[0].number, 7U);
  EXPECT_TRUE(recorder.sent[0].heard);
}

TEST(PowerCut, MakesJoinedDevicesJoinAgainWithCounterZero) {
  FieldPlan plan = joining_field();
  plan.actions.push_back({kStart + 30min, DeviceAction::Kind::power_cut, {0}, 5min, 10s, 0});
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  ASSERT_THAT(recorder.joined, SizeIs(2));
  ASSERT_THAT(recorder.changed, SizeIs(2));
  int zeros = 0;
  for (const network::Uplink& uplink : recorder.uplinks) {
    if (uplink.f_cnt == 0) ++zeros;
    const auto after = uplink.received_at - kStart;
    EXPECT_FALSE(after > 30min + 1s && after < 35min) << after.count();
  }
  EXPECT_EQ(zeros, 2);
  EXPECT_THAT(recorder.refused, SizeIs(0));
}

TEST(PowerCut, LetsOthersSendAtOnceWhenTheyAreBack) {
  FieldPlan plan = small_field();
  plan.actions.push_back({kStart + 25min, DeviceAction::Kind::power_cut, {0}, 7min, 0s, 0});
  World world(plan);
  Recorder recorder;
  recorder.run(world);
  const bool at_once = std::any_of(
      recorder.uplinks.begin(), recorder.uplinks.end(), [](const network::Uplink& uplink) {
        return uplink.received_at > kStart + 32min && uplink.received_at < kStart + 32min + 1s;
      });
  EXPECT_TRUE(at_once);
  for (std::size_t i = 0; i < recorder.uplinks.size(); ++i) {
    EXPECT_EQ(recorder.uplinks[i].f_cnt, i);  // the counter is kept
  }
}

}  // namespace
}  // namespace sim::world
