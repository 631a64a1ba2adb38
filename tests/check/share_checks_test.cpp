// Expectations about a share of the uplinks, and about latencies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/judge.h"
#include "sim/check/leak_check.h"
#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using delivery::Outcome::failed;
using delivery::Outcome::rejected;
using delivery::Outcome::skipped;
using delivery::Outcome::timed_out;
using test::HandMadeAnswer;
using test::HandMadeRun;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ShareCheck : public ::testing::Test {
 protected:
  template <class What>
  Judge& expect(What what) {
    Expectation expectation;
    expectation.id = "expect-1";
    expectation.title = "a title";
    expectation.place = {"a.yaml", 12, 9};
    expectation.what = std::move(what);
    judge_.emplace(std::vector{expectation}, RequestRecipe{"http://e/up", "POST", {}});
    run_.journal().add(*judge_);
    run_.start();
    return *judge_;
  }

  /// An uplink of dev-1 with that outcome.
  void uplink(const HandMadeAnswer& answer, std::chrono::nanoseconds latency = 10ms) {
    const std::uint64_t number = run_.due("dev-1");
    run_.pass(latency);
    run_.answer(number, answer);
  }

  Verdict verdict(bool interrupted = false) {
    run_.end(interrupted);
    return judge_->verdicts().at(0);
  }

  static constexpr const char* kCurl =
      "curl -X POST --data-raw '{\"dev_id\":\"dev-1\",\"downlink_url\":\"http://n/?key=***\"}' "
      "'http://e/up'";

  HandMadeRun run_;
  std::optional<Judge> judge_;
};

TEST_F(ShareCheck, PassesWhenAllAreDelivered) {
  expect(DeliveryExpectation{});
  uplink({});
  uplink({});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.expected, "100% of the uplinks delivered");
  EXPECT_EQ(told.actual, "2 of 2 (100%)");
  EXPECT_THAT(told.evidence, IsEmpty());
  EXPECT_EQ(told.id, "expect-1");
  EXPECT_EQ(told.title, "a title");
  EXPECT_EQ(told.place.line, 12);
}

TEST_F(ShareCheck, ShowsEachUplinkThatWasNotDelivered) {
  expect(DeliveryExpectation{});
  uplink({});
  uplink({rejected, 500, "", {}, 1, {}, ""});
  uplink({timed_out, 0, "no answer within 5 s", {}, 1, {}, ""});
  uplink({failed, 0, "closed without an answer", {}, 1, {}, ""});
  uplink({skipped, 0, "", {}, 0, {}, ""});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "1 of 5 (20%): 1 rejected, 1 timed out, 1 failed, 1 skipped");
  ASSERT_THAT(told.evidence, SizeIs(4));
  EXPECT_EQ(told.evidence[0].text, "uplink 2 of dev-1 (counter 1): rejected with 500");
  EXPECT_EQ(told.evidence[0].curl, kCurl);
  EXPECT_EQ(told.evidence[1].text,
            "uplink 3 of dev-1 (counter 2): timed out: no answer within 5 s");
  EXPECT_EQ(told.evidence[2].text,
            "uplink 4 of dev-1 (counter 3): failed: closed without an answer");
  EXPECT_EQ(told.evidence[3].text, "uplink 5 of dev-1 (counter 4): skipped");
}

TEST_F(ShareCheck, PassesWhenTheShareIsReached) {
  expect(DeliveryExpectation{delivery::Outcome::rejected, 0.5});
  uplink({});
  uplink({rejected, 401, "", {}, 1, {}, ""});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.expected, "50% of the uplinks rejected");
  EXPECT_EQ(told.actual, "1 of 2 (50%): 1 delivered");
}

TEST_F(ShareCheck, IsInconclusiveWithoutAnUplink) {
  expect(DeliveryExpectation{});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "there was no uplink");
}

TEST_F(ShareCheck, DoesNotBlameTheEndpointForAnInterruption) {
  expect(DeliveryExpectation{});
  uplink({});
  uplink({failed, 0, "interrupted before an answer came", {}, 1, {}, ""});
  const Verdict told = verdict(true);
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "1 of 1 (100%); 1 more interrupted");
}

TEST_F(ShareCheck, KeepsTenPiecesOfEvidenceAndCountsAll) {
  expect(DeliveryExpectation{});
  for (int i = 0; i < 25; ++i) uplink({rejected, 500, "", {}, 1, {}, ""});
  const Verdict told = verdict();
  EXPECT_THAT(told.evidence, SizeIs(10));
  EXPECT_EQ(told.actual, "0 of 25 (0%): 25 rejected");
}

TEST_F(ShareCheck, JudgesStatusAndTimeOfAnswers) {
  expect(AnswerExpectation{*StatusPattern::parse("200, 202"), 2s, 1});
  uplink({}, 2s);
  uplink({delivery::Outcome::delivered, 202, "", 3s, 1, {}, ""}, 5s);  // 3 s of them waiting
  uplink({delivery::Outcome::delivered, 204, "", {}, 1, {}, ""});
  uplink({}, 2500ms);
  uplink({timed_out, 0, "no answer within 5 s", {}, 1, {}, ""});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.expected, "100% of the uplinks answered with 200, 202 within 2 s");
  EXPECT_EQ(told.actual, "2 of 5 (40%): 1 with another status, 1 too late, 1 without an answer");
  ASSERT_THAT(told.evidence, SizeIs(3));
  EXPECT_EQ(told.evidence[0].text, "uplink 3 of dev-1 (counter 2): answered 204");
  EXPECT_EQ(told.evidence[1].text, "uplink 4 of dev-1 (counter 3): answered 200 after 2.5 s");
  EXPECT_EQ(told.evidence[2].text,
            "uplink 5 of dev-1 (counter 4): no answer: timed out: no answer within 5 s");
  EXPECT_EQ(told.evidence[0].curl, kCurl);
}

TEST_F(ShareCheck, PassesWhenAnswersAreAsTheyShouldBe) {
  expect(AnswerExpectation{*StatusPattern::parse("2xx"), std::nullopt, 0.9});
  for (int i = 0; i < 9; ++i) uplink({}, 1h);
  uplink({rejected, 503, "", {}, 1, {}, ""});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.expected, "90% of the uplinks answered with 2xx");
  EXPECT_EQ(told.actual, "9 of 10 (90%): 1 with another status");
}

TEST_F(ShareCheck, IsInconclusiveWithoutAnAnswerToJudge) {
  expect(AnswerExpectation{*StatusPattern::parse("2xx"), std::nullopt, 1});
  EXPECT_EQ(verdict().outcome, Outcome::inconclusive);
}

TEST_F(ShareCheck, JudgesOnlyTheUplinksThatAreMeant) {
  AnswerExpectation wanted{*StatusPattern::parse("4xx"), std::nullopt, 1};
  wanted.when = Condition::parse("counter == 1").value();
  expect(wanted);
  uplink({});
  uplink({rejected, 400, "", {}, 1, {}, ""});
  uplink({});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.expected, "100% of the uplinks answered with 4xx where counter == 1");
  EXPECT_EQ(told.actual, "1 of 1 (100%)");
}

TEST_F(ShareCheck, IsInconclusiveWhereNoUplinkIsMeant) {
  DeliveryExpectation wanted;
  wanted.when = Condition::parse("counter == 9").value();
  expect(wanted);
  uplink({});
  EXPECT_EQ(verdict().outcome, Outcome::inconclusive);
}

TEST_F(ShareCheck, FindsAnswersThatShowTheInside) {
  expect(LeakExpectation{});
  uplink({});
  uplink({rejected, 500, "", {}, 1, {}, "Error: boom\n    at receive (/srv/app.js:3:7)"});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "1 of 2 answers do");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 2 of dev-1 (counter 1): answered 500 with a stack trace (JavaScript, Java)");
}

TEST_F(ShareCheck, PassesWhereNoAnswerShowsTheInside) {
  expect(LeakExpectation{});
  uplink({rejected, 400, "", {}, 1, {}, R"({"error":"look at the port"})"});
  EXPECT_EQ(verdict().outcome, Outcome::passed);
}

TEST_F(ShareCheck, CannotTellOfLeaksWithoutAnAnswer) {
  expect(LeakExpectation{});
  uplink({timed_out, 0, "no answer within 5 s", {}, 1, {}, ""});
  EXPECT_EQ(verdict().outcome, Outcome::inconclusive);
}

TEST(LeakIn, KnowsTheTracesOfCommonLanguages) {
  EXPECT_EQ(leak_in("Traceback (most recent call last):\n  File"), "a stack trace (Python)");
  EXPECT_EQ(leak_in("panic: x\n\ngoroutine 1 [running]:"), "a stack trace (Go)");
  EXPECT_EQ(leak_in(R"({"stack":"Error\n    at f"})"), "a stack trace (JavaScript, Java)");
  EXPECT_EQ(leak_in("java.lang.X\n\tat org.Y"), "a stack trace (Java)");
  EXPECT_EQ(leak_in("http://h/down?key=abc"), "an access key");
  EXPECT_EQ(leak_in("bad request at line 3"), "");
}

TEST_F(ShareCheck, JudgesAQuantileOfTheLatencies) {
  expect(LatencyExpectation{1, "max", 200ms});
  uplink({}, 100ms);
  uplink({}, 300ms);
  uplink({timed_out, 0, "", {}, 1, {}, ""}, 5s);
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.expected, "max of the latencies below 200 ms");
  EXPECT_EQ(told.actual, "max is 300 ms over 2 answers");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text, "uplink 2 of dev-1 (counter 1): answered 200 after 300 ms");
  EXPECT_EQ(told.evidence[0].curl, kCurl);
}

TEST_F(ShareCheck, PassesBelowTheLimitAndNotAtIt) {
  expect(LatencyExpectation{0.5, "p50", 200ms});
  uplink({}, 100ms);
  uplink({}, 300ms);
  EXPECT_EQ(verdict().outcome, Outcome::passed);
}

TEST_F(ShareCheck, FailsAtTheLimitItself) {
  expect(LatencyExpectation{1, "max", 200ms});
  uplink({}, 200ms);
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_THAT(told.evidence, SizeIs(1));
}

TEST_F(ShareCheck, CountsTheTimeForWhichAnUplinkWaitedToBeSentAsLatency) {
  expect(LatencyExpectation{1, "max", 200ms});
  uplink({delivery::Outcome::delivered, 200, "", 150ms, 1, {}, ""}, 250ms);
  EXPECT_EQ(verdict().actual, "max is 250 ms over 1 answer");
}

TEST_F(ShareCheck, IsInconclusiveWithoutALatency) {
  expect(LatencyExpectation{});
  uplink({timed_out, 0, "", {}, 1, {}, ""});
  const Verdict told = verdict();
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "no uplink was answered");
}

}  // namespace
}  // namespace sim::check
