#include "sim/replay/playback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/replay/replay_plan.h"
#include "tests/replay/recorded_uplinks.h"

namespace sim::replay {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PlaybackTest : public ::testing::Test {
 protected:
  void open(const std::string& text, seconds shift = seconds(0),
            const std::vector<scenario::Override>& overrides = {}) {
    survey_ = look_through(folder_.write("a.jsonl", text), nullptr);
    auto plan = replay_plan(survey_, shift, "", scenario::real_sources(), overrides);
    ASSERT_TRUE(plan) << scenario::to_text(plan.error().front(), false);
    plan_ = std::move(*plan);
    playback_.emplace(survey_, plan_, shift);
    writer_ = playback_->make_writer("http://127.0.0.1:1/down?key=k");
  }

  std::string body() {
    dialect::TextBuffer text;
    const network::Uplink frame;
    const payload::Fields fields;
    const fleet::Device device;
    writer_->write({frame, fields, device, {}, plan_.application, ""}, text);
    return std::string(text.view());
  }

  /// What happens until the next uplink, told in a word each.
  std::vector<std::string> step() {
    std::vector<std::string> told;
    for (const world::Happening& one : playback_->step()) {
      if (const auto* uplink = std::get_if<world::UplinkPublished>(&one)) {
        told.push_back("uplink " + std::to_string(uplink->uplink->number));
      } else if (const auto* sent = std::get_if<world::DownlinkSent>(&one)) {
        told.push_back("sent " + std::to_string(sent->number) + " after uplink " +
                       std::to_string(sent->uplink));
      } else if (const auto* ack = std::get_if<world::DownlinkAcknowledged>(&one)) {
        told.push_back("acknowledged " + std::to_string(ack->number));
      }
    }
    return told;
  }

  network::Downlink downlink(std::uint64_t number, bool confirmed = false) {
    network::Downlink one;
    one.number = number;
    one.f_port = 1;
    one.confirmed = confirmed;
    one.payload = {1};
    return one;
  }

  sim::test::TemporaryFolder folder_;
  Survey survey_;
  scenario::Plan plan_;
  std::optional<Playback> playback_;
  std::unique_ptr<dialect::UplinkWriter> writer_;
};

using Told = std::vector<std::string>;

TEST_F(PlaybackTest, GivesEachUplinkWhenItCame) {
  open(test::three());
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T08:00:00.5Z"));
  EXPECT_EQ(step(), Told{"uplink 1"});
  EXPECT_EQ(playback_->now(), test::at("2026-03-01T08:00:00.5Z"));
  EXPECT_EQ(playback_->fields().find("moisture")->number(), 12.5);
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T08:00:00.6Z")) << "its window";
  EXPECT_EQ(step(), Told{});
  EXPECT_EQ(step(), Told{"uplink 2"});
  EXPECT_EQ(step(), Told{});
  EXPECT_EQ(step(), Told{"uplink 3"});
  EXPECT_FALSE(playback_->done());
  EXPECT_EQ(step(), Told{});
  EXPECT_TRUE(playback_->done());
}

TEST_F(PlaybackTest, ChangesNothingOfABodyButTheDownlinkUrl) {
  open(test::three());
  step();
  std::string wanted = test::body_of("a", 1, "2026-03-01T08:00:00.123456Z");
  const std::string old = "https://h/ttn-eu/api/v2/down/my-app/my-process?key=***1";
  wanted.replace(wanted.find(old), old.size(), "http://127.0.0.1:1/down?key=k");
  EXPECT_EQ(body(), wanted);
}

TEST_F(PlaybackTest, MovesAllTimesByTheSame) {
  open(test::three(), seconds(3600));
  EXPECT_EQ(plan_.field.start, test::at("2026-03-01T09:00:00.5Z"));
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T09:00:00.5Z"));
  step();
  EXPECT_THAT(body(), HasSubstr("\"time\":\"2026-03-01T09:00:00.123456Z\""));
}

TEST_F(PlaybackTest, SendsADownlinkAfterTheUplinkThatItAnswers) {
  open(test::three());
  step();
  EXPECT_THAT(playback_->enqueue(downlink(1), playback_->now()), IsEmpty());
  EXPECT_EQ(step(), Told{"sent 1 after uplink 1"});
  EXPECT_EQ(step(), Told{"uplink 2"});
  EXPECT_EQ(step(), Told{}) << "it is another device's";
}

TEST_F(PlaybackTest, LetsADownlinkWaitForTheNextUplinkOfItsDevice) {
  open(test::three());
  step();
  step();
  playback_->enqueue(downlink(1), playback_->now());
  network::Downlink second = downlink(2);
  second.schedule = network::Schedule::replace;
  EXPECT_THAT(playback_->enqueue(second, playback_->now()), ::testing::ElementsAre(1));
  EXPECT_EQ(step(), Told{"uplink 2"});
  EXPECT_EQ(step(), Told{});
  EXPECT_EQ(step(), Told{"uplink 3"});
  EXPECT_EQ(step(), Told{"sent 2 after uplink 3"});
}

TEST_F(PlaybackTest, HasDevicesAcknowledgeWithTheirNextUplink) {
  open(test::three());
  step();
  playback_->enqueue(downlink(1, true), playback_->now());
  EXPECT_EQ(step(), Told{"sent 1 after uplink 1"});
  step();
  step();
  EXPECT_EQ(step(), (Told{"acknowledged 1", "uplink 3"}));
  EXPECT_EQ(step(), Told{});
}

TEST_F(PlaybackTest, KnowsWhatItsDevicesTake) {
  open(test::three());
  step();
  EXPECT_EQ(playback_->uplink_port(0), 7);
  EXPECT_EQ(playback_->max_downlink_payload(0), 115U);
}

TEST_F(PlaybackTest, EndsWhereTheDurationDoes) {
  open(test::three(), seconds(0), {{"duration", "45s"}});
  Told all;
  while (!playback_->done()) {
    for (auto& one : step()) all.push_back(one);
  }
  EXPECT_EQ(all, (Told{"uplink 1", "uplink 2"}));
}

TEST_F(PlaybackTest, WakesWhenItIsAskedTo) {
  open(test::three());
  step();
  playback_->wake_at(test::at("2026-03-01T08:02:00Z"));
  playback_->wake_at(test::at("2026-03-01T08:00:10Z"));
  EXPECT_EQ(step(), Told{}) << "the first one's window";
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T08:00:10Z"));
  EXPECT_EQ(step(), Told{});
  EXPECT_EQ(playback_->now(), test::at("2026-03-01T08:00:10Z"));
  EXPECT_EQ(step(), Told{"uplink 2"});
  for (int i = 0; i < 3; ++i) step();
  EXPECT_FALSE(playback_->done());
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T08:02:00Z"));
  EXPECT_EQ(step(), Told{});
  EXPECT_TRUE(playback_->done());
}

TEST_F(PlaybackTest, NeverGoesBackInTime) {
  open(test::line(test::recorded("2026-03-01T08:00:10Z", test::body_of("a", 1, ""))) +
       test::line(test::recorded("2026-03-01T08:00:00Z", test::body_of("a", 2, ""))));
  step();
  EXPECT_EQ(playback_->next_time(), test::at("2026-03-01T08:00:10Z"));
}

}  // namespace
}  // namespace sim::replay
