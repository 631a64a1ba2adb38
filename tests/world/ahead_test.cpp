// Frames that are made ahead: whatever is in the field, the happenings are those of a world that
// makes each when its time comes.
#include "sim/world/ahead.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::Each;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Devices of every kind, and trouble.
FieldPlan lively_field() {
  FieldPlan plan = small_field();
  plan.path_loss.shadowing_sigma_db = 7;
  plan.gateways[1].antennas = 2;
  plan.devices.clear();
  for (int i = 0; i < 40; ++i) {
    fleet::Device device = device_near("dev-" + std::to_string(i));
    device.at.latitude += 0.0005 * i;
    device.sends = {std::chrono::seconds(i), 30s, 0.1};
    device.payload = payload::RandomBytes{4, 20};
    plan.devices.push_back(device);
  }
  plan.devices[1].confirmed = true;
  plan.devices[2].mac.adr = true;
  plan.devices[3].mac.activation = fleet::Activation::otaa;
  plan.devices[4].mac.transmissions = 2;
  plan.devices[5].data_rate_index = 0;  // too slow for its interval: it waits for its duty cycle
  plan.devices[6].pin.time = kStart + 1h;
  plan.devices[7].pin.rssi_dbm = -50;
  plan.devices[8].mac.counter_16_bits = true;
  plan.devices[8].first_f_cnt = 65'530;
  plan.devices[9].payload = payload::FixedBytes{{}};
  plan.outages = {{kStart + 10min, 5min, 0, Outage::Kind::outage, false},
                  {kStart + 20min, 5min, 1, Outage::Kind::backhaul, true},
                  {kStart + 30min, 1min, 1, Outage::Kind::reboot, false}};
  DeviceAction cut;
  cut.at = kStart + 15min;
  cut.devices = {10, 11};
  cut.length = 5min;
  plan.actions = {cut};
  return plan;
}

/// What happened, as text that two worlds can be compared by.
struct Story {
  std::vector<std::string> lines;

  void operator()(const UplinkPublished& h) {
    std::string line = "uplink " + std::to_string(h.uplink->number) + " of " + of(*h.uplink);
    for (const std::uint8_t byte : h.uplink->payload) line += " " + std::to_string(byte);
    for (const radio::Reception& one : h.uplink->receptions) {
      line += " | " + std::to_string(one.gateway) + "/" + std::to_string(one.antenna) + " " +
              std::to_string(one.rssi_dbm) + " " + std::to_string(one.snr_db) + " " +
              std::to_string(one.timestamp_us);
    }
    lines.push_back(line);
  }
  void operator()(const FrameLost& h) {
    lines.push_back("lost " + of(h) + " " + std::string(h.reason));
  }
  void operator()(const FrameDelayed& h) {
    lines.push_back("delayed " + std::to_string(h.device) + " " +
                    std::to_string(h.until.time_since_epoch().count()));
  }
  void operator()(const FrameNotSent& h) { lines.push_back("not sent " + of(h) + " " + h.reason); }
  void operator()(const FrameRefused& h) { lines.push_back("refused " + of(h)); }
  void operator()(const GatewayChanged& h) {
    lines.push_back("gateway " + std::to_string(h.gateway) + (h.up ? " up" : " down"));
  }
  void operator()(const DownlinkSent& h) { lines.push_back("sent to " + std::to_string(h.device)); }
  void operator()(const DeviceChanged& h) {
    lines.push_back(std::to_string(h.device) + " " + std::string(h.what));
  }
  template <class Other>
  void operator()(const Other&) {
    lines.emplace_back("something else");
  }

  void hear(World& world) {
    while (!world.done()) {
      const engine::SimTime next = world.next_time();
      for (const Happening& happening : world.step()) std::visit(*this, happening);
      lines.push_back("at " + std::to_string(next.time_since_epoch().count()));
      EXPECT_EQ(world.now(), next);
    }
  }

 private:
  template <class Frame>
  static std::string of(const Frame& frame) {
    return std::to_string(frame.device) + " counter " + std::to_string(frame.f_cnt);
  }
};

std::vector<std::string> story_of(const FieldPlan& plan, Application application) {
  World world(plan, application);
  Story story;
  story.hear(world);
  return story.lines;
}

TEST(Ahead, ChangesNothingOfWhatHappens) {
  const FieldPlan plan = lively_field();
  const auto expected = story_of(plan, Application::answers);
  EXPECT_THAT(expected, SizeIs(Gt(4'000U)));
  EXPECT_EQ(story_of(plan, Application::is_silent), expected);
}

TEST(Ahead, ChangesNothingWhereItIsMadeBeforeTheWorldBegins) {
  const FieldPlan plan = lively_field();
  World world(plan, Application::is_silent);
  std::deque<AheadBatch> batches;
  do {
    world.make_ahead(batches.emplace_back());
  } while (!batches.back().frames.empty());
  EXPECT_THAT(batches, SizeIs(Gt(5U)));
  std::size_t next = 0;
  world.feed_ahead(
      [&]() -> AheadBatch* { return next < batches.size() ? &batches[next++] : nullptr; });
  Story story;
  story.hear(world);
  EXPECT_EQ(story.lines, story_of(plan, Application::answers));
}

TEST(Ahead, GivesFramesInTheOrderOfTheirTime) {
  const FieldPlan plan = lively_field();
  World world(plan, Application::is_silent);
  AheadBatch batch;
  engine::SimTime last = plan.start;
  for (world.make_ahead(batch); !batch.frames.empty(); world.make_ahead(batch)) {
    for (const FrameAhead& frame : batch.frames) {
      EXPECT_GE(frame.at, last);
      last = frame.at;
    }
  }
  EXPECT_LT(last, plan.start + plan.duration + 1h);
}

TEST(Ahead, HasOnlyDevicesThatNothingCanHappenTo) {
  const FieldPlan plan = lively_field();
  World world(plan, Application::is_silent);
  AheadBatch batch;
  std::vector<std::uint32_t> devices;
  for (world.make_ahead(batch); !batch.frames.empty(); world.make_ahead(batch)) {
    for (const FrameAhead& frame : batch.frames) devices.push_back(frame.device);
  }
  EXPECT_THAT(devices, Not(IsEmpty()));
  EXPECT_THAT(devices,
              Each(testing::AnyOf(0U, testing::AllOf(Gt(4U), testing::Ne(10U), testing::Ne(11U)))));
}

TEST(Ahead, MakesNothingWhereAnApplicationAnswers) {
  const FieldPlan plan = small_field();
  World world(plan);
  AheadBatch batch;
  world.make_ahead(batch);
  EXPECT_THAT(batch.frames, IsEmpty());
}

TEST(Ahead, StopsSendingWithTheWorld) {
  const FieldPlan plan = lively_field();
  World world(plan, Application::is_silent);
  Recorder recorder;
  recorder.run_until_uplinks(world, 10);
  world.stop_sending();
  recorder.run(world);
  EXPECT_THAT(recorder.uplinks, SizeIs(testing::Lt(60U)));
}

}  // namespace
}  // namespace sim::world
