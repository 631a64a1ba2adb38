#include "sim/endpoint/frame_store.h"

#include <gtest/gtest.h>

namespace sim::endpoint {
namespace {

Frame frame(std::uint32_t counter,
            const std::string& payload = "AQ==", const std::string& dev_id = "dev",
            const std::string& time = "1") {
  return {"app", dev_id, counter, payload, time};
}

TEST(FrameStore, StoresAFrameOnce) {
  FrameStore store(10);
  EXPECT_TRUE(store.take(frame(1), false).stored);
  EXPECT_FALSE(store.take(frame(1), false).stored);
  EXPECT_TRUE(store.take(frame(2), false).stored);
}

TEST(FrameStore, KnowsARetryThatComesAfterTheNextFrame) {
  FrameStore store(10);
  store.take(frame(1), false);
  store.take(frame(2), false);
  EXPECT_FALSE(store.take(frame(1), false).stored);
  EXPECT_FALSE(store.take(frame(2), false).stored);
}

TEST(FrameStore, TakesADeviceThatCountsAnewAsReset) {
  FrameStore store(10);
  store.take(frame(0, "AQ==", "dev", "1"), false);
  store.take(frame(1, "AQ==", "dev", "2"), false);
  EXPECT_TRUE(store.take(frame(0, "AQ==", "dev", "3"), false).stored);
  EXPECT_TRUE(store.take(frame(0, "Ag==", "dev", "4"), false).stored);
}

TEST(FrameStore, KeepsDevicesAndApplicationsApart) {
  FrameStore store(10);
  store.take({"ab", "c", 1, "AQ==", ""}, false);
  EXPECT_TRUE(store.take({"a", "bc", 1, "AQ==", ""}, false).stored);
  EXPECT_EQ(store.devices(), 2u);
}

TEST(FrameStore, LetsTheLongestUnheardDeviceGo) {
  FrameStore store(2);
  store.take(frame(1, "AQ==", "a"), false);
  store.take(frame(1, "AQ==", "b"), false);
  store.take(frame(2, "AQ==", "a"), false);
  store.take(frame(1, "AQ==", "c"), false);
  EXPECT_EQ(store.devices(), 2u);
  EXPECT_FALSE(store.take(frame(2, "AQ==", "a"), false).stored);
  EXPECT_TRUE(store.take(frame(1, "AQ==", "b"), false).stored);
}

TEST(FrameStore, HasADownlinkDueOnceForAFrame) {
  FrameStore store(10);
  EXPECT_TRUE(store.take(frame(1), true).downlink_due);
  EXPECT_FALSE(store.take(frame(1), true).downlink_due) << "it is being sent";
  store.settle_downlink(frame(1), true);
  EXPECT_FALSE(store.take(frame(1), true).downlink_due);
}

TEST(FrameStore, HasADownlinkDueAgainAfterItFailed) {
  FrameStore store(10);
  store.take(frame(1), true);
  store.settle_downlink(frame(1), false);
  const Taken retry = store.take(frame(1), true);
  EXPECT_FALSE(retry.stored);
  EXPECT_TRUE(retry.downlink_due);
}

TEST(FrameStore, SettlesTheDownlinkOfADeviceThatIsGone) {
  FrameStore store(1);
  store.take(frame(1, "AQ==", "a"), true);
  store.take(frame(1, "AQ==", "b"), false);
  store.settle_downlink(frame(1, "AQ==", "a"), true);
  EXPECT_EQ(store.devices(), 1u);
}

}  // namespace
}  // namespace sim::endpoint
