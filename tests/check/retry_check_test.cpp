// Whether calls that met a fault are tried again: each test is a few calls, and what is said.
#include "sim/check/retry_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/check/judge.h"
#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using Kind = CallFault::Kind;
using test::HandMadeRun;
using ::testing::ElementsAre;

const CallFault k429{Kind::answer, 429, 1s, 0s};
const CallFault k500{Kind::answer, 500, {}, 0s};
const CallFault k401{Kind::answer, 401, {}, 0s};
const CallFault kSilent{Kind::silent, 0, {}, 0s};
const CallFault kLate{Kind::late, 0, {}, 3s};

RetryExpectation retry(const std::string& met, std::chrono::nanoseconds within = 5s) {
  RetryExpectation wanted;
  wanted.met = FaultPattern::parse(met).value();
  wanted.within = within;
  return wanted;
}

class Retries : public ::testing::Test {
 protected:
  void expect(const RetryExpectation& wanted) {
    std::vector<Expectation> expectations(1);
    expectations[0].what = wanted;
    judge_.emplace(std::move(expectations), RequestRecipe{"http://e/up", "POST", {}});
    run_.journal().add(*judge_);
    run_.start();
  }

  Verdict end(bool interrupted = false) {
    run_.end(interrupted);
    return judge_->verdicts().at(0);
  }

  static std::vector<std::string> texts(const Verdict& verdict) {
    std::vector<std::string> texts;
    for (const Evidence& evidence : verdict.evidence) texts.push_back(evidence.text);
    return texts;
  }

  HandMadeRun run_;
  std::optional<Judge> judge_;
};

TEST_F(Retries, ACallThatIsTriedAgainIsAsExpected) {
  expect(retry("429"));
  run_.fault("dev-1", k429);
  run_.pass(1s);
  run_.take("dev-1");
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.expected,
            "each downlink call that was answered with 429 is tried again within 5 s");
  EXPECT_EQ(verdict.actual, "as expected for 1 of 1 (100%)");
}

TEST_F(Retries, ACallThatIsNotTriedAgainFails) {
  expect(retry("5xx"));
  run_.pass(2s);
  run_.fault("dev-1", k500);
  run_.pass(6s);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 not tried again");
  EXPECT_THAT(texts(verdict), ElementsAre("call 1 for dev-1 at 2 s of the run, answered 500 on "
                                          "purpose: not tried again within 5 s"));
}

TEST_F(Retries, ATryAfterItsTimeIsNone) {
  expect(retry("any"));
  run_.fault("dev-1", kSilent);
  run_.pass(5s + 1ms);
  run_.take("dev-1");
  EXPECT_EQ(end().actual, "as expected for 0 of 1 (0%): 1 not tried again");
}

TEST_F(Retries, OnlyTheSameDownlinkIsATry) {
  expect(retry("any"));
  run_.fault("dev-1", k500, "port 2, payload 01");
  run_.take("dev-2", "port 2, payload 01");
  run_.take("dev-1", "port 2, payload 02");
  run_.pass(6s);
  EXPECT_EQ(end().actual, "as expected for 0 of 1 (0%): 1 not tried again");
}

TEST_F(Retries, OtherFaultsAreNoMatterOfIt) {
  expect(retry("429"));
  run_.fault("dev-1", k500);
  run_.fault("dev-1", kLate, "port 2, payload 02");
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(verdict.actual, "no downlink call was answered with 429");
}

TEST_F(Retries, ALateAnswerIsNoFaultEvenToAny) {
  expect(retry("any"));
  run_.fault("dev-1", kLate);
  EXPECT_EQ(end().actual, "no downlink call met a fault");
}

TEST_F(Retries, OnlyTheFirstCallMustBeTriedAgain) {
  expect(retry("5xx"));
  for (int i = 0; i < 3; ++i) {
    run_.fault("dev-1", k500);
    run_.pass(100ms);
  }
  EXPECT_EQ(judge_->wants_until(), std::nullopt);
  EXPECT_EQ(judge_->holds_time_until(), 5s + 200ms) << "a fourth one would belong to it";
  EXPECT_EQ(end().actual, "as expected for 1 of 1 (100%)");
}

TEST_F(Retries, WhatIsTriedAfterAnAcceptedCallIsANewDownlink) {
  expect(retry("5xx"));
  run_.fault("dev-1", k500);
  run_.take("dev-1");
  run_.fault("dev-1", k500);
  run_.pass(6s);
  EXPECT_EQ(end().actual, "as expected for 1 of 2 (50%): 1 not tried again");
}

TEST_F(Retries, ATryBeforeRetryAfterHasPassedIsEarly) {
  RetryExpectation wanted = retry("429", 10s);
  wanted.respects_retry_after = true;
  expect(wanted);
  run_.fault("dev-1", k429);
  run_.pass(989ms);
  run_.fault("dev-1", k429);
  run_.pass(990ms);  // within the tolerance
  run_.take("dev-1");
  const Verdict verdict = end();
  EXPECT_EQ(verdict.expected,
            "each downlink call that was answered with 429 is tried again within 10 s, not before "
            "its Retry-After has passed");
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 tried before Retry-After had passed");
  EXPECT_THAT(texts(verdict),
              ElementsAre("call 1 for dev-1 at 0 s of the run, answered 429 on purpose, "
                          "Retry-After 1 s: 1 of its tries came before Retry-After had passed; "
                          "tried again after 989 ms, 1.979 s"));
}

TEST_F(Retries, RetryAfterCountsFromALateAnswer) {
  RetryExpectation wanted = retry("429");
  wanted.respects_retry_after = true;
  expect(wanted);
  run_.fault("dev-1", {Kind::answer, 429, 1s, 2s});
  EXPECT_EQ(judge_->wants_until(), 7s);
  run_.pass(2500ms);
  run_.take("dev-1");
  EXPECT_EQ(end().outcome, Outcome::failed);
}

TEST_F(Retries, MoreTriesThanAllowedFail) {
  RetryExpectation wanted = retry("any");
  wanted.at_most = 2;
  expect(wanted);
  for (int i = 0; i < 2; ++i) {
    run_.fault("dev-1", kSilent);
    run_.pass(1s);
  }
  run_.take("dev-1");
  const Verdict verdict = end();
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 tried too often");
  EXPECT_THAT(texts(verdict),
              ElementsAre("call 1 for dev-1 at 0 s of the run, left unanswered on purpose: "
                          "3 tries in all; tried again after 1 s, 2 s"));
}

TEST_F(Retries, WhoGivesUpInTimeMakesNotTooMany) {
  RetryExpectation wanted = retry("any");
  wanted.at_most = 2;
  expect(wanted);
  run_.fault("dev-1", k500);
  run_.fault("dev-1", k500);
  EXPECT_EQ(judge_->wants_until(), 5s) << "a third may come";
  run_.pass(6s);
  EXPECT_EQ(end().outcome, Outcome::passed);
}

TEST_F(Retries, WhatMustNotBeTriedAgainIsWatchedToItsEnd) {
  RetryExpectation wanted = retry("401", 2s);
  wanted.none = true;
  expect(wanted);
  run_.fault("dev-1", k401);
  EXPECT_EQ(judge_->wants_until(), 2s);
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt) << "other devices go on";
  EXPECT_EQ(judge_->quiet_until("dev-1", 250ms), 2s);
  EXPECT_EQ(judge_->quiet_until("dev-2", 250ms), std::nullopt);
  run_.pass(2s + 1ms);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.expected,
            "no downlink call that was answered with 401 is tried again within 2 s");
}

TEST_F(Retries, WhatIsTriedAgainAlthoughItMustNotFails) {
  RetryExpectation wanted = retry("401", 2s);
  wanted.none = true;
  expect(wanted);
  run_.fault("dev-1", k401);
  run_.pass(100ms);
  run_.fault("dev-1", k401);
  run_.pass(200ms);
  run_.take("dev-1");
  run_.pass(2s);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 tried again");
  EXPECT_THAT(texts(verdict), ElementsAre("call 1 for dev-1 at 0 s of the run, answered 401 on "
                                          "purpose: tried again after 100 ms, 300 ms"));
}

TEST_F(Retries, HoldTimeUntilSeveralStayedAway) {
  expect(retry("any"));
  for (int i = 0; i < 3; ++i) {
    run_.fault("dev-1", k500);
    EXPECT_EQ(judge_->holds_time_until(), run_.stamp().wall + 5s);
    run_.pass(6s);
  }
  run_.fault("dev-1", k500);
  EXPECT_EQ(judge_->holds_time_until(), std::nullopt);
  EXPECT_EQ(judge_->wants_until(), run_.stamp().wall + 5s);
  run_.take("dev-1");
  run_.fault("dev-1", k500);
  EXPECT_EQ(judge_->holds_time_until(), run_.stamp().wall + 5s);
}

TEST_F(Retries, WhatAnInterruptedRunDidNotSeeCannotBeTold) {
  expect(retry("any"));
  run_.fault("dev-1", k500);
  run_.pass(1s);
  const Verdict verdict = end(true);
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 that could not be told");
}

TEST_F(Retries, AFloodIsBounded) {
  expect(retry("any"));
  for (int i = 0; i < 3000; ++i) run_.fault("dev-" + std::to_string(i), k500);
  run_.pass(6s);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.evidence.size(), EvidenceList::kMax);
}

TEST(FaultPattern, SaysWhatItDoesNotKnow) {
  EXPECT_EQ(FaultPattern::parse("slow").error(),
            "'slow' is nothing that a call can meet: write 429, 5xx, silent, close, reset or any");
  EXPECT_EQ(FaultPattern::parse("2xx").error(),
            "no call is answered with 2xx on purpose: write a status from 400 to 599");
}

TEST(FaultPattern, MatchesWhatItNames) {
  const auto matches = [](const char* text, const CallFault& fault) {
    return FaultPattern::parse(text).value().matches(fault);
  };
  EXPECT_TRUE(matches("429, 5xx", k429));
  EXPECT_TRUE(matches("429, 5xx", k500));
  EXPECT_FALSE(matches("429, 5xx", k401));
  EXPECT_FALSE(matches("429, 5xx", kSilent));
  EXPECT_TRUE(matches("silent", kSilent));
  EXPECT_FALSE(matches("close", kSilent));
  EXPECT_TRUE(matches("any", kSilent));
  EXPECT_FALSE(matches("any", kLate));
}

}  // namespace
}  // namespace sim::check
