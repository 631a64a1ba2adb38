// What a probe says, against what was expected and what was delivered.
#include "sim/check/stored_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/judge.h"
#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using sim::test::HandMadeUplink;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StoredExpectations : public ::testing::Test {
 protected:
  void expect(const StoredExpectation& wanted) {
    judge.emplace(std::vector{Expectation{"expect-1", "stored", Level::must, {}, wanted}},
                  RequestRecipe{"http://e/up", "POST", {}});
    run.journal().add(*judge);
    run.start();
  }
  void expect_delivered() {
    StoredExpectation wanted;
    wanted.count_delivered = true;
    expect(wanted);
  }

  void probe(const std::string& device, bool after, const ProbeTold& told) {
    run.append(ProbeAnswered{device, after, 200, "{}", "", &told, "curl 'http://e/probe'"});
  }
  void probe(const std::string& device, bool after, std::uint64_t count) {
    ProbeTold told;
    told.count = count;
    probe(device, after, told);
  }
  void no_answer(const std::string& device, bool after) {
    run.append(ProbeAnswered{device, after, 500, "", "the probe answered 500", nullptr, "curl"});
  }

  std::uint64_t undelivered(const std::string& device, delivery::Outcome outcome) {
    HandMadeAnswer answer;
    answer.outcome = outcome;
    answer.status = outcome == delivery::Outcome::rejected ? 500 : 0;
    const std::uint64_t number = run.due(device);
    run.answer(number, answer);
    return number;
  }

  Verdict end(bool interrupted = false) {
    run.end(interrupted);
    return judge->verdicts().front();
  }

  HandMadeRun run;
  std::optional<Judge> judge;
};

TEST_F(StoredExpectations, HoldWhereTheCountGrewByWhatWasDelivered) {
  expect_delivered();
  probe("dev-1", false, 10);
  run.uplink("dev-1");
  run.uplink("dev-1");
  probe("dev-1", true, 12);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.expected,
            "of each device: as many more uplinks stored as distinct frames delivered");
  EXPECT_EQ(verdict.actual, "as expected for 1 of 1 (100%)");
  EXPECT_THAT(verdict.evidence, IsEmpty());
}

TEST_F(StoredExpectations, CountARetryOnce) {
  expect_delivered();
  probe("dev-1", false, unknown_device());
  HandMadeUplink again;
  again.is_retry = true;
  run.uplink("dev-1");
  run.uplink("dev-1", again);
  run.uplink("dev-1", again);
  probe("dev-1", true, 3);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.actual, "as expected for 0 of 1 (0%): 1 not as expected");
  ASSERT_THAT(verdict.evidence, SizeIs(1));
  EXPECT_EQ(verdict.evidence[0].text, "dev-1: 3 more uplinks stored, 1 distinct frames delivered");
  EXPECT_EQ(verdict.evidence[0].curl, "curl 'http://e/probe'");
}

TEST_F(StoredExpectations, FailWhereAnUplinkIsMissing) {
  expect_delivered();
  probe("dev-1", false, 0);
  run.uplink("dev-1");
  run.uplink("dev-1");
  probe("dev-1", true, 1);
  EXPECT_EQ(end().evidence.at(0).text, "dev-1: 1 more uplink stored, 2 distinct frames delivered");
}

TEST_F(StoredExpectations, FailWhereTheStoreForgot) {
  expect_delivered();
  probe("dev-1", false, 9);
  probe("dev-1", true, 4);
  EXPECT_EQ(end().evidence.at(0).text,
            "dev-1: 9 stored before the run, 4 after it, 0 distinct frames delivered");
}

TEST_F(StoredExpectations, DoNotCountWhatWasRefused) {
  expect_delivered();
  probe("dev-1", false, 0);
  undelivered("dev-1", delivery::Outcome::rejected);
  run.uplink("dev-1");
  probe("dev-1", true, 2);
  EXPECT_EQ(end().outcome, Outcome::failed);
}

class UnansweredDeliveries : public StoredExpectations,
                             public ::testing::WithParamInterface<std::uint64_t> {};

TEST_P(UnansweredDeliveries, MayBeStoredOrNot) {
  expect_delivered();
  probe("dev-1", false, 0);
  undelivered("dev-1", delivery::Outcome::timed_out);
  undelivered("dev-1", delivery::Outcome::failed);
  run.uplink("dev-1");
  probe("dev-1", true, GetParam());
  const bool plausible = GetParam() >= 1 && GetParam() <= 3;
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, plausible ? Outcome::passed : Outcome::failed);
  if (!plausible) {
    EXPECT_THAT(verdict.evidence.at(0).text, HasSubstr("1 to 3 distinct frames delivered"));
  }
}

INSTANTIATE_TEST_SUITE_P(Stored, UnansweredDeliveries, ::testing::Range<std::uint64_t>(0, 5));

TEST_F(StoredExpectations, ExpectACountOfTheirOwn) {
  StoredExpectation wanted;
  wanted.count = 3;
  expect(wanted);
  probe("dev-1", false, 2);
  probe("dev-1", true, 6);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.expected, "of each device: 3 more uplinks stored");
  EXPECT_EQ(verdict.evidence.at(0).text, "dev-1: 4 more uplinks stored, 3 expected");
}

TEST_F(StoredExpectations, CompareTheLatest) {
  StoredExpectation wanted;
  wanted.counter = 7;
  wanted.fields.set("moisture", 12);
  wanted.fields.set("open", true);
  wanted.to = "valve-*";
  expect(wanted);
  ProbeTold good;
  good.counter = 7;
  good.fields.emplace();
  good.fields->set("moisture", 12.0);
  good.fields->set("open", true);
  good.fields->set("more", "is no harm");
  ProbeTold old = good;
  old.counter = 6;
  old.fields->set("moisture", 13);
  ProbeTold poor;
  poor.counter = 7;
  poor.fields.emplace();
  poor.fields->set("moisture", 12);
  for (const char* device : {"valve-1", "valve-2", "valve-3", "valve-4", "meter-1"}) {
    no_answer(device, false);  // what was before does not matter here
  }
  probe("valve-1", true, good);
  probe("valve-2", true, old);
  probe("valve-3", true, poor);
  probe("valve-4", true, unknown_device());
  probe("meter-1", true, old);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.expected,
            "of each of valve-*: the latest has counter 7 and fields {\"moisture\":12,"
            "\"open\":true}");
  EXPECT_EQ(verdict.actual, "as expected for 1 of 4 (25%): 3 not as expected");
  ASSERT_THAT(verdict.evidence, SizeIs(3));
  EXPECT_EQ(verdict.evidence[0].text,
            "valve-2: the latest has counter 6, not 7; the latest has moisture 13, not 12");
  EXPECT_EQ(verdict.evidence[1].text, "valve-3: the latest has no field open");
  EXPECT_EQ(verdict.evidence[2].text, "valve-4: the probe knows no such device");
}

TEST_F(StoredExpectations, AreSkippedWithoutAProbe) {
  expect_delivered();
  run.uplink("dev-1");
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::skipped);
  EXPECT_EQ(verdict.actual, "the endpoint has no probe");
  EXPECT_EQ(verdict.note, "the endpoint has no probe");
  EXPECT_EQ(overall({verdict}), Outcome::passed);
}

TEST_F(StoredExpectations, CannotBeToldWhereTheProbeDoesNotAnswer) {
  expect_delivered();
  probe("dev-1", false, 0);
  no_answer("dev-1", true);
  no_answer("dev-2", false);
  probe("dev-2", true, 0);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(verdict.actual, "as expected for 0 of 2 (0%): 2 that could not be told");
  ASSERT_THAT(verdict.evidence, SizeIs(2));
  EXPECT_EQ(verdict.evidence[0].text, "dev-1: the probe answered 500");
  EXPECT_EQ(verdict.evidence[0].curl, "curl");
  EXPECT_EQ(verdict.evidence[1].text, "dev-2: before the run: the probe answered 500");
}

TEST_F(StoredExpectations, CannotBeToldWhereTheProbeDoesNotSay) {
  StoredExpectation wanted;
  wanted.count_delivered = true;
  wanted.counter = 1;
  wanted.fields.set("a", 1);
  expect(wanted);
  probe("dev-1", false, 0);
  probe("dev-1", true, ProbeTold{});
  EXPECT_EQ(end().evidence.at(0).text,
            "dev-1: the probe does not tell how many uplinks are stored; the probe does not tell "
            "the latest counter; the probe does not tell the latest fields");
}

TEST_F(StoredExpectations, FailThoughSomeOfItCannotBeTold) {
  expect_delivered();
  for (const char* device : {"dev-1", "dev-2"}) probe(device, false, 0);
  no_answer("dev-1", true);
  probe("dev-2", true, 1);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.actual,
            "as expected for 0 of 2 (0%): 1 not as expected, 1 that could not be told");
  EXPECT_THAT(verdict.evidence.at(0).text, HasSubstr("dev-2"));
}

TEST_F(StoredExpectations, CannotBeToldOfAnInterruptedRun) {
  expect_delivered();
  probe("dev-1", false, 0);
  EXPECT_EQ(end(true).outcome, Outcome::inconclusive);
}

TEST(DeliveredFrames, CountAFrameOnceHoweverItComes) {
  DeliveredFrames frames;
  const auto first = frames.add(1, {1});
  frames.deliver(first);
  frames.deliver(frames.add(2, {1}));
  EXPECT_EQ(frames.add(1, {1}), first) << "a gateway held a copy back";
  frames.deliver(first);
  EXPECT_NE(frames.add(1, {2}), first) << "another payload is another frame";
  EXPECT_EQ(frames.delivered(), 2U);
}

TEST(DeliveredFrames, CloseWhatWasOpenWhenARetryIsDelivered) {
  DeliveredFrames frames;
  frames.leave_open(frames.add(1, {1}));
  EXPECT_EQ(frames.open(), 1U);
  frames.deliver(frames.add(1, {1}));
  frames.leave_open(frames.add(1, {1}));
  EXPECT_EQ(frames.open(), 0U);
  EXPECT_EQ(frames.delivered(), 1U);
}

TEST(DeliveredFrames, LeaveOpenWhatIsLikeAFrameFromBeforeAReset) {
  DeliveredFrames frames;
  frames.deliver(frames.add(0, {1}));
  frames.begin_anew();
  frames.deliver(frames.add(0, {1}));
  frames.deliver(frames.add(1, {1}));
  frames.deliver(frames.add(0, {1}));
  EXPECT_EQ(frames.delivered(), 2U);
  EXPECT_EQ(frames.open(), 1U);
}

TEST(DeliveredFrames, CountWhatIsAnsweredVeryLate) {
  DeliveredFrames frames;
  const auto slow = frames.add(0, {1});
  for (std::uint32_t i = 1; i <= 100; ++i) frames.deliver(frames.add(i, {1}));
  frames.deliver(slow);
  EXPECT_EQ(frames.delivered(), 101U);
}

}  // namespace
}  // namespace sim::check
