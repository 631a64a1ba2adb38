// What pictures are drawn from, as the page's script gets it.
#include "sim/report/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/hand_made_run.h"

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;
using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using sim::test::HandMadeUplink;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class PicturesOfARun : public ::testing::Test {
 protected:
  PicturesOfARun() {
    run_.journal().add(pictures_);
    run_.start();
  }
  Json made() const { return Json::parse(pictures_.to_json()); }
  /// The kinds of a story's events.
  static std::vector<std::string> kinds(const Json& story) {
    std::vector<std::string> found;
    for (const Json& event : story.at("events")) found.push_back(event.at(1));
    return found;
  }

  HandMadeRun run_;
  Pictures pictures_;
};

TEST_F(PicturesOfARun, CountOverTime) {
  run_.uplink("dev-1");
  HandMadeUplink retry;
  retry.is_retry = true;
  run_.pass(1s);
  run_.uplink("dev-1", retry);
  HandMadeAnswer wrong;
  wrong.outcome = delivery::Outcome::rejected;
  wrong.status = 500;
  run_.answer(run_.due("dev-1"), wrong);
  run_.refuse("dev-1", {application::Reason::bad_port, "port", "is 0"});
  const Json series = made().at("series");
  EXPECT_EQ(series.at("width_s"), 1.0);
  EXPECT_EQ(series.at("uplinks"), Json({1, 2}));
  EXPECT_EQ(series.at("retries"), Json({0, 1}));
  EXPECT_EQ(series.at("delivered"), Json({1, 1}));
  EXPECT_EQ(series.at("undelivered"), Json({0, 1}));
  EXPECT_EQ(series.at("calls"), Json({0, 1}));
  EXPECT_EQ(series.at("refused"), Json({0, 1}));
}

TEST_F(PicturesOfARun, TellADevicesStory) {
  const std::uint64_t number = run_.uplink("dev-1");
  network::Downlink downlink;
  downlink.f_port = 2;
  downlink.payload = {1};
  run_.downlink("dev-1", downlink);
  run_.append(check::DownlinkSent{1, "dev-1", number, "gw-a", 1, 0, true, true, true});
  run_.append(check::DownlinkAcknowledged{1, "dev-1"});
  run_.append(check::DeviceReacted{1, "dev-1", 1});
  run_.append(check::FrameLost{"dev-1", 1, 1, "no gateway heard it"});
  const Json stories = made().at("stories");
  ASSERT_EQ(stories.at("devices").size(), 1U);
  const Json& story = stories.at("devices")[0];
  EXPECT_EQ(story.at("device"), "dev-1");
  EXPECT_THAT(kinds(story), ElementsAre("uplink", "delivered", "call", "window", "acknowledged",
                                        "change", "lost"));
  EXPECT_EQ(story.at("events")[0][2], "uplink 1, counter 0, port 1, 01AB, heard by 2");
  EXPECT_EQ(story.at("events")[1][0], 0.01);
  EXPECT_EQ(story.at("events")[1][2], "uplink 1: 200 after 10.00 ms");
  EXPECT_EQ(story.at("events")[3][2], "downlink 1 in RX1 by gw-a, heard");
}

TEST_F(PicturesOfARun, ShowWhoHeardWhomAndHowLoud) {
  using Kind = check::Placed::Kind;
  run_.append(check::Placed{Kind::gateway, "gw-a", 52.5, 4.25});
  run_.append(check::Placed{Kind::gateway, "gw-b", 52.0, 4.0});
  run_.append(check::Placed{Kind::device, "dev-1", 52.1, 4.1});
  run_.append(check::Placed{Kind::device, "dev-2", 52.2, 4.2});
  run_.uplink("dev-1");
  run_.uplink("dev-1");
  run_.uplink("dev-9");  // which stands nowhere
  const Json coverage = made().at("coverage");
  EXPECT_EQ(coverage.at("gateways"), Json::parse(R"([["gw-a",52.5,4.25,3],["gw-b",52.0,4.0,3]])"));
  EXPECT_EQ(coverage.at("devices"), Json::parse(R"([["dev-1",52.1,4.1,2],["dev-2",52.2,4.2,0]])"));
  EXPECT_EQ(coverage.at("links"), Json::parse("[[0,0,2,-61.0],[0,1,2,-104.0]]"));
  EXPECT_EQ(coverage.at("signals"), Json::parse("[[-104,-2.5,3],[-61,9.5,3]]"));
  EXPECT_FALSE(coverage.at("cut").get<bool>());
}

TEST_F(PicturesOfARun, TakeTextFromOutsideAsItIs) {
  run_.uplink("<script>\xff");
  EXPECT_EQ(made().at("stories").at("devices")[0].at("device"), "<script>\xEF\xBF\xBD");
}

TEST_F(PicturesOfARun, StaySmallHoweverMuchHappens) {
  for (int i = 0; i < 6'000; ++i) {
    run_.append(check::Placed{check::Placed::Kind::device, std::to_string(i), 52.0, 4.0});
  }
  for (int i = 0; i < 20'000; ++i) {
    run_.uplink("dev-" + std::to_string(i % 150));
    run_.pass(1min);
  }
  const Json all = made();
  EXPECT_LT(all.dump().size(), 4U << 20);
  EXPECT_TRUE(all.at("coverage").at("cut").get<bool>());
  EXPECT_TRUE(all.at("stories").at("cut").get<bool>());
}

}  // namespace
}  // namespace sim::report
