#include "sim/endpoint/frame_store.h"

#include <gtest/gtest.h>

namespace sim::endpoint {
namespace {

using namespace std::chrono_literals;

Frame frame(std::uint32_t counter,
            const std::string& payload = "AQ==", const std::string& dev_id = "dev",
            std::chrono::minutes sent_at = 1h) {
  return {"app", dev_id, counter, payload, sent_at};
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
  store.take(frame(0, "AQ==", "dev", 1h), false);
  store.take(frame(1, "AQ==", "dev", 2h), false);
  EXPECT_TRUE(store.take(frame(0, "AQ==", "dev", 3h), false).stored);
  EXPECT_TRUE(store.take(frame(0, "Ag==", "dev", 4h), false).stored);
}

TEST(FrameStore, KeepsDevicesAndApplicationsApart) {
  FrameStore store(10);
  store.take({"ab", "c", 1, "AQ==", {}}, false);
  EXPECT_TRUE(store.take({"a", "bc", 1, "AQ==", {}}, false).stored);
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

TEST(FrameStore, KnowsACopyThatAGatewayHeldBack) {
  FrameStore store(10);
  store.take(frame(5, "AQ==", "dev", 60min), false);
  for (std::uint32_t late : {2U, 3U, 4U}) store.take(frame(late, "AQ==", "dev", 40min), false);
  EXPECT_FALSE(store.take(frame(5, "AQ==", "dev", 61min), false).stored) << "a retry of it, even";
  EXPECT_TRUE(store.take(frame(5, "AQ==", "dev", 64min), false).stored) << "the device was reset";
}

std::string latest_of(const FrameStore& store, const std::string& dev_id = "dev") {
  const auto stored = store.stored(dev_id);
  if (!stored) return "none";
  return std::to_string(stored->count) + " stored, latest " + std::to_string(stored->counter) +
         " " + stored->fields;
}

TEST(FrameStore, CountsDistinctFramesAndKnowsTheLatest) {
  FrameStore store(10);
  EXPECT_EQ(latest_of(store), "none");
  store.take(frame(1), false, R"({"a":1})");
  store.take(frame(1), false, R"({"a":1})");
  EXPECT_EQ(latest_of(store), R"(1 stored, latest 1 {"a":1})");
  store.take(frame(2, "AQ==", "dev", 2h), false, R"({"a":2})");
  EXPECT_EQ(latest_of(store), R"(2 stored, latest 2 {"a":2})");
}

TEST(FrameStore, KeepsTheLatestWhereAnOlderFrameComesLate) {
  FrameStore store(10);
  store.take(frame(8, "AQ==", "dev", 2h), false, "new");
  store.take(frame(7, "AQ==", "dev", 1h), false, "old");
  EXPECT_EQ(latest_of(store), "2 stored, latest 8 new");
}

TEST(FrameStore, TakesALowerCounterThatWasSentLaterForTheLatest) {
  FrameStore store(10);
  store.take(frame(8, "AQ==", "dev", 2h), false, "before");
  store.take(frame(0, "AQ==", "dev", 3h), false, "after");
  EXPECT_EQ(latest_of(store), "2 stored, latest 0 after");
}

TEST(FrameStore, OrdersWhatWasSentAtOneMomentByItsCounter) {
  FrameStore store(10);
  store.take(frame(8), false, "eight");
  store.take(frame(7), false, "seven");
  EXPECT_EQ(latest_of(store), "2 stored, latest 8 eight");
  store.take(frame(8, "Ag=="), false, "eight again");
  EXPECT_EQ(latest_of(store), "3 stored, latest 8 eight again");
}

TEST(FrameStore, KeepsNoFieldsThatAreTooMany) {
  FrameStore store(10);
  store.take(frame(1), false, std::string(4'097, 'x'));
  EXPECT_EQ(latest_of(store), "1 stored, latest 1 ");
}

TEST(FrameStore, ForgetsWhatIsStoredOfADeviceThatHadToMakeRoom) {
  FrameStore store(2);
  for (const char* id : {"a", "b", "c"}) store.take(frame(1, "AQ==", id), false);
  EXPECT_EQ(latest_of(store, "a"), "none");
  EXPECT_EQ(latest_of(store, "b"), "1 stored, latest 1 ");
}

TEST(FrameStore, TellsOfTheDeviceOfThatNameThatWasHeardLast) {
  FrameStore store(2);
  store.take({"one", "dev", 1, "", {}}, false);
  store.take({"two", "dev", 2, "", {}}, false);
  EXPECT_EQ(latest_of(store), "1 stored, latest 2 ");
  store.take({"one", "dev", 3, "", {}}, false);
  EXPECT_EQ(latest_of(store), "2 stored, latest 3 ");
  store.take({"one", "other", 3, "", {}}, false);  // the other application's has to make room
  EXPECT_EQ(latest_of(store), "2 stored, latest 3 ");
}

TEST(FrameStore, CanBeWrongOnPurpose) {
  FrameStore twice(10, StoreDefect::keeps_duplicates);
  twice.take(frame(1), false);
  twice.take(frame(1), false);
  EXPECT_EQ(latest_of(twice), "2 stored, latest 1 ");
  FrameStore hasty(10, StoreDefect::last_comer_is_latest);
  hasty.take(frame(8, "AQ==", "dev", 2h), false);
  hasty.take(frame(7, "AQ==", "dev", 1h), false);
  EXPECT_EQ(latest_of(hasty), "2 stored, latest 7 ");
}

}  // namespace
}  // namespace sim::endpoint
