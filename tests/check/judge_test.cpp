// What the run asks the judge while it goes on: how long to wait, and for whom.
#include "sim/check/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using test::HandMadeRun;

class JudgeOf : public ::testing::Test {
 protected:
  void expect(CountRange count) {
    Expectation expectation;
    expectation.id = "expect-1";
    DownlinkExpectation wanted;
    wanted.count = count;
    expectation.what = wanted;
    judge_.emplace(std::vector{expectation}, RequestRecipe{"http://e/up", "POST", {}});
    run_.journal().add(*judge_);
    run_.start();
  }

  /// An uplink whose downlink never comes.
  void uplink_in_vain() {
    run_.uplink("dev-1");
    run_.pass(6s);
  }

  HandMadeRun run_;
  std::optional<Judge> judge_;
};

TEST_F(JudgeOf, WaitsForADownlinkThatIsWanted) {
  expect({1, 1});
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
  run_.uplink("dev-1");  // sent at 0, answered at 10 ms
  EXPECT_EQ(judge_->wants_until(), 5s);
  EXPECT_EQ(judge_->holds_time_until(), 5s);
  run_.downlink("dev-1", {});
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
}

TEST_F(JudgeOf, WantsNothingOfAnUplinkThatCallsForNone) {
  expect({0, 0});
  run_.uplink("dev-1");
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
}

TEST_F(JudgeOf, KeepsADeviceQuietWhereMoreWouldBeTooMany) {
  expect({0, 1});
  run_.uplink("dev-1");
  run_.uplink("dev-2");
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), 110ms);
  EXPECT_EQ(judge_->quiet_until("dev-2", 100ms), 120ms);
  EXPECT_EQ(judge_->quiet_until("dev-3", 100ms), std::nullopt);
  EXPECT_EQ(judge_->quiet_until(100ms), 120ms);
}

TEST_F(JudgeOf, KeepsNobodyQuietWhereAnyNumberIsGood) {
  expect({1, std::nullopt});
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), std::nullopt);
  EXPECT_EQ(judge_->quiet_until(100ms), std::nullopt);
}

TEST_F(JudgeOf, LosesPatienceWithAnEndpointThatSendsNothing) {
  expect({1, 1});
  for (int i = 0; i < 3; ++i) {
    run_.uplink("dev-1");
    EXPECT_NE(judge_->holds_time_until(), std::nullopt) << i;
    run_.pass(6s);
  }
  run_.uplink("dev-1");
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
  EXPECT_NE(judge_->wants_until(), std::nullopt);  // the run does not end before
}

TEST_F(JudgeOf, HasPatienceAgainOnceOneCame) {
  expect({1, 1});
  for (int i = 0; i < 4; ++i) uplink_in_vain();
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  run_.uplink("dev-1");
  EXPECT_NE(judge_->holds_time_until(), std::nullopt);
}

}  // namespace
}  // namespace sim::check
