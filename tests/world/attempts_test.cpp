// Repeated frames, and what must not change them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/world/small_world.h"

namespace sim::world {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace sim::world
