#include "sim/check/wording.h"

#include <gtest/gtest.h>

namespace sim::check {
namespace {

using namespace std::chrono_literals;

TEST(DurationText, TakesTheLargestUnitThatFits) {
  EXPECT_EQ(duration_text(5s), "5 s");
  EXPECT_EQ(duration_text(1500ms), "1.5 s");
  EXPECT_EQ(duration_text(250ms), "250 ms");
  EXPECT_EQ(duration_text(12'345'678ns), "12.346 ms");
  EXPECT_EQ(duration_text(90us), "90 us");
  EXPECT_EQ(duration_text(0ns), "0 s");
  EXPECT_EQ(duration_text(90s), "90 s");
  EXPECT_EQ(duration_text(1h), "60 min");
}

TEST(ShareText, IsNeverRoundedUp) {
  EXPECT_EQ(share_text(96, 100), "96 of 100 (96%)");
  EXPECT_EQ(share_text(99'999, 100'000), "99999 of 100000 (99.99%)");
  EXPECT_EQ(share_text(2, 3), "2 of 3 (66.66%)");
  EXPECT_EQ(share_text(29, 100), "29 of 100 (29%)");
  EXPECT_EQ(share_text(0, 0), "0 of 0 (0%)");
}

TEST(Reaches, DoesNotStumbleOverBinaryFractions) {
  EXPECT_TRUE(reaches(7, 100, 0.07));
  EXPECT_TRUE(reaches(29, 100, 0.29));
  EXPECT_FALSE(reaches(28, 100, 0.29));
  EXPECT_FALSE(reaches(999'999, 1'000'000, 1));
}

TEST(PercentText, HasAsManyDigitsAsItTakes) {
  EXPECT_EQ(percent_text(1), "100%");
  EXPECT_EQ(percent_text(0.29), "29%");
  EXPECT_EQ(percent_text(0.995), "99.5%");
}

TEST(DownlinkText, CutsALongPayload) {
  network::Downlink downlink;
  downlink.f_port = 2;
  downlink.payload = lorawan::Bytes(40, 0xAB);
  downlink.confirmed = true;
  std::string hex;
  for (int i = 0; i < 32; ++i) hex += "AB";
  EXPECT_EQ(downlink_text(downlink), "port 2, payload " + hex + "... (40 bytes), confirmed");
  EXPECT_EQ(downlink_text({}), "no payload");
}

}  // namespace
}  // namespace sim::check
