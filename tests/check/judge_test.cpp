// What the run asks the judge while it goes on: how long to wait, and for whom.
#include "sim/check/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using test::HandMadeAnswer;
using test::HandMadeRun;
using test::HandMadeUplink;

class JudgeOf : public ::testing::Test {
 protected:
  static DownlinkExpectation downlinks(CountRange count, const std::string& when = {},
                                       std::chrono::nanoseconds within = 5s) {
    DownlinkExpectation wanted;
    wanted.count = count;
    if (!when.empty()) wanted.when = Condition::parse(when).value();
    wanted.within = within;
    return wanted;
  }

  template <class... What>
  void expect_all(const What&... what) {
    std::vector<Expectation> expectations;
    [[maybe_unused]] const auto add = [&expectations](const auto& one) {
      Expectation& expectation = expectations.emplace_back();
      expectation.id = "expect-" + std::to_string(expectations.size());
      expectation.what = one;
    };
    (add(what), ...);
    judge_.emplace(std::move(expectations), RequestRecipe{"http://e/up", "POST", {}});
    run_.journal().add(*judge_);
    run_.start();
  }

  void expect(CountRange count) { expect_all(downlinks(count)); }

  void uplink_answered(const std::string& device, delivery::Outcome outcome) {
    const std::uint64_t number = run_.due(device);
    run_.pass(10ms);
    HandMadeAnswer answer;
    answer.outcome = outcome;
    answer.status = outcome == delivery::Outcome::rejected ? 401 : 0;
    run_.answer(number, answer);
  }

  static HandMadeUplink moisture(int value) {
    HandMadeUplink uplink;
    uplink.fields.set("moisture", value);
    return uplink;
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

TEST_F(JudgeOf, WaitsForTheLastOfAllThatAreWanted) {
  expect_all(downlinks({1, 1}, "", 2s), downlinks({1, std::nullopt}, "port == 1", 9s));
  run_.uplink("dev-1");
  run_.uplink("dev-2");  // 10 ms later
  EXPECT_EQ(judge_->wants_until(), 9s + 10ms);
  run_.downlink("dev-2", {});
  EXPECT_EQ(judge_->wants_until(), 9s);
  EXPECT_EQ(judge_->holds_time_until(), 9s);
}

TEST_F(JudgeOf, WaitsUntilEnoughCame) {
  expect({2, std::nullopt});
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  EXPECT_EQ(judge_->wants_until(), 5s);
  run_.downlink("dev-1", {});
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
}

TEST_F(JudgeOf, WaitsFromTheSendingOn) {
  expect({1, 1});
  const std::uint64_t number = run_.due("dev-1");
  EXPECT_EQ(judge_->wants_until(), 5s);  // as far as is known
  run_.pass(3s);
  HandMadeAnswer answer;
  answer.waited = 2s;
  run_.answer(number, answer);
  EXPECT_EQ(judge_->wants_until(), 7s);
}

TEST_F(JudgeOf, DoesNotWaitAfterAnUplinkThatWasNotDelivered) {
  expect({1, 1});
  for (const auto outcome : {delivery::Outcome::rejected, delivery::Outcome::timed_out,
                             delivery::Outcome::failed, delivery::Outcome::skipped}) {
    uplink_answered("dev-1", outcome);
    EXPECT_EQ(judge_->wants_until(), std::nullopt);
    EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), std::nullopt);
    EXPECT_EQ(judge_->quiet_until(100ms), std::nullopt);
  }
}

TEST_F(JudgeOf, DoesNotWaitWhereNoDownlinkIsExpected) {
  expect_all(DeliveryExpectation{}, LatencyExpectation{});
  run_.uplink("dev-1");
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), std::nullopt);
  EXPECT_EQ(judge_->quiet_until(100ms), std::nullopt);
}

TEST_F(JudgeOf, WantsNothingMoreWhenTheRunHasEnded) {
  expect({1, 1});
  run_.uplink("dev-1");
  run_.end(true);
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
}

TEST_F(JudgeOf, KeepsADeviceQuietFromTheAnswerOn) {
  expect({1, 1});
  const std::uint64_t number = run_.due("dev-1");
  run_.pass(3s);
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), std::nullopt);  // not answered yet
  run_.answer(number);
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), 3s + 100ms);
  EXPECT_EQ(judge_->quiet_until("dev-1", 1s), 4s);
  EXPECT_EQ(judge_->quiet_until(1s), 4s);
}

TEST_F(JudgeOf, KeepsADeviceQuietAfterARefusedUplinkThatMustHaveNoEffect) {
  expect({0, 0});
  uplink_answered("dev-1", delivery::Outcome::rejected);
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), 110ms);
  EXPECT_EQ(judge_->quiet_until(100ms), 110ms);
}

TEST_F(JudgeOf, KeepsADeviceQuietForItsLatestUplinkAlone) {
  expect_all(downlinks({0, 0}, "moisture < 15"));
  run_.uplink("dev-1", moisture(9));
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), 110ms);
  run_.uplink("dev-1", moisture(30));
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), std::nullopt);
  EXPECT_EQ(judge_->quiet_until(100ms), 120ms);  // but a stray may come until the run's end
}

TEST_F(JudgeOf, KeepsADeviceQuietIfOneOfItsExpectationsLimitsTheNumber) {
  expect_all(downlinks({1, std::nullopt}), downlinks({0, 1}, "moisture < 15"),
             downlinks({0, 0}, "moisture > 35"));
  run_.uplink("dev-1", moisture(40));
  run_.uplink("dev-2", moisture(9));
  run_.uplink("dev-3", moisture(20));
  EXPECT_EQ(judge_->quiet_until("dev-1", 100ms), 110ms);
  EXPECT_EQ(judge_->quiet_until("dev-2", 100ms), 120ms);
  EXPECT_EQ(judge_->quiet_until("dev-3", 100ms), std::nullopt);
  EXPECT_EQ(judge_->quiet_until(100ms), 130ms);
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

TEST_F(JudgeOf, DoesNotLosePatienceInTheLastInstantOfAWindow) {
  expect({1, 1});
  for (int i = 0; i < 3; ++i) {
    run_.answer(run_.due("dev-1"));
    run_.pass(5s);
  }
  run_.answer(run_.due("dev-1"));  // the third window ends now, and is not over
  EXPECT_EQ(judge_->holds_time_until(), 20s);
  run_.pass(1ns);
  run_.due("dev-1");
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
}

TEST_F(JudgeOf, HasPatienceAgainOnceOneCame) {
  expect({1, 1});
  for (int i = 0; i < 4; ++i) uplink_in_vain();
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  run_.uplink("dev-1");
  EXPECT_NE(judge_->holds_time_until(), std::nullopt);
}

TEST_F(JudgeOf, LosesPatienceAgainAfterThreeMoreAndNoSooner) {
  expect({1, 1});
  for (int i = 0; i < 3; ++i) uplink_in_vain();
  run_.uplink("dev-1");
  ASSERT_EQ(judge_->holds_time_until(), std::nullopt);
  run_.downlink("dev-1", {});
  for (int i = 0; i < 3; ++i) {
    run_.uplink("dev-1");
    EXPECT_NE(judge_->holds_time_until(), std::nullopt) << i;
    run_.pass(6s);
  }
  run_.uplink("dev-1");
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
}

TEST_F(JudgeOf, HasNoMorePatienceWhenOneCameLate) {
  expect({1, 1});
  for (int i = 0; i < 3; ++i) {
    uplink_in_vain();
    run_.downlink("dev-1", {});
  }
  run_.uplink("dev-1");
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
  EXPECT_NE(judge_->wants_until(), std::nullopt);
}

TEST_F(JudgeOf, LosesPatienceOfOneExpectationAndNotOfAnother) {
  expect_all(downlinks({1, 1}, "moisture < 15"), downlinks({1, 1}, "moisture > 35"));
  for (int i = 0; i < 4; ++i) {
    run_.uplink("dev-1", moisture(9));
    run_.pass(6s);
  }
  run_.uplink("dev-1", moisture(9));
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
  run_.uplink("dev-2", moisture(40));
  EXPECT_EQ(judge_->holds_time_until(), run_.stamp().wall + 5s - 10ms);
}

TEST_F(JudgeOf, StillCountsWhatItDoesNotWaitFor) {
  expect({1, 1});
  for (int i = 0; i < 4; ++i) uplink_in_vain();
  run_.uplink("dev-1");
  ASSERT_EQ(judge_->holds_time_until(), std::nullopt);
  run_.downlink("dev-1", {});
  run_.end();
  EXPECT_EQ(judge_->verdicts()[0].actual, "as expected for 1 of 5 (20%): 4 missing");
}

TEST_F(JudgeOf, TellsOfAllExpectationsInTheirOrder) {
  expect_all(LatencyExpectation{1, "max", 1s}, downlinks({1, 1}), DeliveryExpectation{},
             AnswerExpectation{*StatusPattern::parse("204"), std::nullopt, 1}, downlinks({0, 0}));
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  run_.end();
  const std::vector<Verdict> told = judge_->verdicts();
  ASSERT_EQ(told.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(told[i].id, "expect-" + std::to_string(i + 1));
  EXPECT_EQ(told[0].outcome, Outcome::passed);
  EXPECT_EQ(told[1].outcome, Outcome::passed);
  EXPECT_EQ(told[2].outcome, Outcome::passed);
  EXPECT_EQ(told[3].outcome, Outcome::failed);
  EXPECT_EQ(told[4].outcome, Outcome::failed);
}

TEST_F(JudgeOf, HasNothingToTellWithoutAnExpectation) {
  expect_all();
  run_.uplink("dev-1");
  run_.downlink("dev-1", {});
  run_.refuse("dev-1", {application::Reason::bad_port, "port", "port is 0"});
  run_.end();
  EXPECT_TRUE(judge_->verdicts().empty());
}

}  // namespace
}  // namespace sim::check
