#include "sim/report/device_stories.h"

#include <gtest/gtest.h>

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using Kind = DeviceStories::Kind;

TEST(DeviceStories, TellsEachDevicesEventsInOrder) {
  DeviceStories stories;
  stories.add("a", 1s, Kind::uplink, "first");
  stories.add("b", 2s, Kind::call, "of another");
  stories.add("a", 3s, Kind::retry, "second");
  ASSERT_EQ(stories.stories().size(), 2U);
  const DeviceStories::Story& a = stories.stories()[0];
  EXPECT_EQ(a.device, "a");
  ASSERT_EQ(a.events.size(), 2U);
  EXPECT_EQ(a.events[1].offset, 3s);
  EXPECT_EQ(a.events[1].kind, Kind::retry);
  EXPECT_EQ(a.events[1].text, "second");
  EXPECT_FALSE(stories.is_cut());
}

TEST(DeviceStories, CountsTheEventsThatHaveNoRoom) {
  DeviceStories stories;
  for (std::size_t i = 0; i < DeviceStories::kMaxEvents + 7; ++i) {
    stories.add("a", 1s, Kind::uplink, "");
  }
  EXPECT_EQ(stories.stories()[0].events.size(), DeviceStories::kMaxEvents);
  EXPECT_EQ(stories.stories()[0].left_out, 7U);
}

TEST(DeviceStories, SaysThatThereAreMoreDevices) {
  DeviceStories stories;
  for (std::size_t i = 0; i < DeviceStories::kMaxDevices; ++i) {
    stories.add(std::to_string(i), 1s, Kind::uplink, "");
  }
  EXPECT_FALSE(stories.is_cut());
  stories.add("one more", 1s, Kind::uplink, "");
  EXPECT_TRUE(stories.is_cut());
  EXPECT_EQ(stories.stories().size(), DeviceStories::kMaxDevices);
}

TEST(DeviceStories, ShortensWhatSomebodySent) {
  DeviceStories stories;
  stories.add("a", 1s, Kind::refused, std::string(100'000, 'x') + "\xff");
  EXPECT_EQ(stories.stories()[0].events[0].text.size(), DeviceStories::kMaxText);
}

}  // namespace
}  // namespace sim::report
