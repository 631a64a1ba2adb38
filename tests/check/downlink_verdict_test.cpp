// The sentences of a verdict on downlinks, whole: what was expected, what came, and the evidence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/check/downlink_check.h"
#include "tests/check/downlink_expectations.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using delivery::Outcome::failed;
using delivery::Outcome::rejected;
using delivery::Outcome::skipped;
using delivery::Outcome::timed_out;
using sim::test::HandMadeAnswer;
using test::kExactlyOne;
using test::kNone;
using test::moisture;
using test::on_port;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kCurl =
    "curl -X POST --data-raw '{\"dev_id\":\"dev-1\",\"downlink_url\":\"http://n/?key=***\"}' "
    "'http://e/up'";

// --- What was expected ------------------------------------------------------------------------

std::string expected(CountRange count) {
  DownlinkExpectation wanted;
  wanted.count = count;
  return expected_downlinks_text(wanted);
}

TEST(DownlinkExpectationText, SaysHowMany) {
  EXPECT_EQ(expected({1, std::nullopt}), "at least 1 downlink within 5 s of each uplink");
  EXPECT_EQ(expected({3, std::nullopt}), "at least 3 downlinks within 5 s of each uplink");
  EXPECT_EQ(expected({1, 1}), "exactly 1 downlink within 5 s of each uplink");
  EXPECT_EQ(expected({2, 2}), "exactly 2 downlinks within 5 s of each uplink");
  EXPECT_EQ(expected({0, 2}), "at most 2 downlinks within 5 s of each uplink");
  EXPECT_EQ(expected({0, 0}), "no downlink within 5 s of each uplink");
  EXPECT_EQ(expected({1, 3}), "1 to 3 downlinks within 5 s of each uplink");
}

TEST(DownlinkExpectationText, SaysWhichKindOfWhichUplinks) {
  DownlinkExpectation wanted;
  wanted.to = "valve-?";
  wanted.f_port = 2;
  wanted.payload = lorawan::Bytes{0x01, 0xFF};
  wanted.fields.set("open", true);
  wanted.fields.set("level", 3);
  wanted.confirmed = true;
  wanted.when = Condition::parse("moisture < 15 and not is_retry").value();
  wanted.within = 250ms;
  EXPECT_EQ(expected_downlinks_text(wanted),
            "at least 1 downlink (port 2, payload 01FF, fields {\"level\":3,\"open\":true}, "
            "confirmed) within 250 ms of each uplink of valve-? where moisture < 15 and not "
            "is_retry");
}

// --- What came --------------------------------------------------------------------------------

class DownlinkVerdict : public test::DownlinkExpectations {
 protected:
  void uplink_answered(const std::string& device, delivery::Outcome outcome, int status) {
    const std::uint64_t number = run_.due(device);
    HandMadeAnswer answer;
    answer.outcome = outcome;
    answer.status = status;
    run_.answer(number, answer);
  }

  static void expect_told(const Verdict& told, Outcome outcome, const std::string& actual) {
    EXPECT_EQ(told.outcome, outcome);
    EXPECT_EQ(told.actual, actual);
  }
};

TEST_F(DownlinkVerdict, CarriesWhatTheExpectationSaysOfItself) {
  Expectation& expectation = add(kExactlyOne);
  expectation.title = "a title";
  expectation.level = Level::should;
  expectation.place = {"a.yaml", 12, 9};
  start();
  const Verdict told = end()[0];
  EXPECT_EQ(told.id, "expect-1");
  EXPECT_EQ(told.title, "a title");
  EXPECT_EQ(told.level, Level::should);
  EXPECT_EQ(told.place.file, "a.yaml");
  EXPECT_EQ(told.place.line, 12);
  EXPECT_EQ(told.place.column, 9);
}

TEST_F(DownlinkVerdict, CountsEveryWayInWhichAnUplinkEnds) {
  add(kExactlyOne, "moisture < 15");
  start();
  run_.uplink("missing", moisture(9));
  run_.uplink("late", moisture(9));
  run_.pass(6s);
  run_.downlink("late", on_port(2));
  run_.uplink("good", moisture(9));
  run_.downlink("good", on_port(2));
  run_.uplink("twice", moisture(9));
  run_.downlink("twice", on_port(2));
  run_.downlink("twice", on_port(2));
  run_.uplink("stray", moisture(30));
  run_.downlink("stray", on_port(2));
  run_.due("unanswered", moisture(9));
  run_.uplink("open", moisture(9));
  expect_told(end(true)[0], Outcome::failed,
              "as expected for 1 of 5 (20%): 2 missing (1 of them late), 1 with too many, 1 that "
              "no uplink called for, 1 that could not be told, 1 not delivered");
}

TEST_F(DownlinkVerdict, OnTooManyNamesTheLastAndHowToSeeItAgain) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(3, {0xAB}));
  const Verdict told = end()[0];
  expect_told(told, Outcome::failed, "as expected for 0 of 1 (0%): 1 with too many");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): 2 downlinks came; the last: port 3, payload AB");
  EXPECT_EQ(told.evidence[0].curl, kCurl);
}

TEST_F(DownlinkVerdict, OnManyBeforeTheAnswerNamesTheVeryLast) {
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  for (std::uint8_t port = 1; port <= 6; ++port) run_.downlink("dev-1", on_port(port));
  run_.answer(number);
  const Verdict told = end()[0];
  expect_told(told, Outcome::failed, "as expected for 0 of 1 (0%): 1 with too many");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): 6 downlinks came; the last: port 6, payload 01");
}

TEST_F(DownlinkVerdict, OnTooManyNamesTheLastThatCountedAndNoOther) {
  downlink(add(kExactlyOne)).f_port = 2;
  start();
  run_.uplink("dev-1");
  for (int i = 0; i < 4; ++i) run_.downlink("dev-1", on_port(9));
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(2, {7}));
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): 2 downlinks came; the last: port 2, payload 07");
}

TEST_F(DownlinkVerdict, OnOneThatMustNotComeNamesIt) {
  add(kNone);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  expect_told(told, Outcome::failed, "as expected for 0 of 1 (0%): 1 with too many");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): 1 downlink came; the last: port 2, payload 01");
  EXPECT_EQ(told.evidence[0].curl, kCurl);
}

TEST_F(DownlinkVerdict, OnARetryNamesTheRetryAndNotTheFirst) {
  add(kExactlyOne, "not is_retry");
  add(kNone, "is_retry");
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(9, true));
  run_.downlink("dev-1", on_port(2));
  const std::vector<Verdict> told = end();
  EXPECT_EQ(told[1].expected, "no downlink within 5 s of each uplink where is_retry");
  expect_told(told[1], Outcome::failed, "as expected for 0 of 1 (0%): 1 with too many");
  ASSERT_THAT(told[1].evidence, SizeIs(1));
  EXPECT_EQ(told[1].evidence[0].text,
            "uplink 2 of dev-1 (counter 0): 1 downlink came; the last: port 2, payload 01");
}

TEST_F(DownlinkVerdict, LeavesEvidenceOutWhereAllIsWell) {
  add({1, std::nullopt});
  start();
  run_.uplink("dev-1");
  run_.refuse("dev-1", {application::Reason::bad_port, "port", "port is 0"});
  run_.refuse("", {application::Reason::unknown_device, "dev_id", "no device ''"}, 404);
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  expect_told(told, Outcome::passed, "as expected for 1 of 1 (100%)");
  EXPECT_THAT(told.evidence, IsEmpty());
}

// --- What was not delivered, not tested, or cut short -------------------------------------------

TEST_F(DownlinkVerdict, CannotBeToldWithoutADelivery) {
  add(kExactlyOne);
  add(kNone);
  start();
  uplink_answered("dev-1", timed_out, 0);
  uplink_answered("dev-2", failed, 0);
  uplink_answered("dev-3", skipped, 0);
  for (const Verdict& told : end()) {
    expect_told(told, Outcome::inconclusive,
                "none of the 3 uplinks that call for it was delivered");
  }
}

TEST_F(DownlinkVerdict, CountsARefusedUplinkWhereTheLeastIsNothing) {
  add({0, 1});
  add({1, std::nullopt});
  start();
  uplink_answered("dev-1", rejected, 401);
  const std::vector<Verdict> told = end();
  expect_told(told[0], Outcome::passed, "as expected for 1 of 1 (100%)");
  expect_told(told[1], Outcome::inconclusive,
              "none of the 1 uplink that call for it was delivered");
}

TEST_F(DownlinkVerdict, FailsWhenARefusedUplinkHadAnEffect) {
  add(kNone);
  start();
  uplink_answered("dev-1", rejected, 401);
  run_.downlink("dev-1", on_port(2));
  expect_told(end()[0], Outcome::failed, "as expected for 0 of 1 (0%): 1 with too many");
}

TEST_F(DownlinkVerdict, IsInconclusiveWhenTheRunWasCutShort) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-2");
  run_.pass(1s);
  expect_told(end(true)[0], Outcome::inconclusive,
              "as expected for 1 of 2 (50%): 1 that could not be told");
}

TEST_F(DownlinkVerdict, TellsWhatWasOverWhenTheRunWasCutShort) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(6s);
  expect_told(end(true)[0], Outcome::failed, "as expected for 0 of 1 (0%): 1 missing");
}

TEST_F(DownlinkVerdict, TellsWhatIsMissingWhenTheRunEndsByItself) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  expect_told(end()[0], Outcome::failed, "as expected for 0 of 1 (0%): 1 missing");
}

// --- Bounds -----------------------------------------------------------------------------------

TEST_F(DownlinkVerdict, ShowsTheFirstTenInTheOrderOfTheUplinks) {
  add(kExactlyOne);
  start();
  for (int i = 1; i <= 25; ++i) run_.uplink("dev-" + std::to_string(i));
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(10));
  for (std::size_t i = 0; i < 10; ++i) {
    const std::string number = std::to_string(i + 1);
    EXPECT_EQ(told.evidence[i].text,
              "uplink " + number + " of dev-" + number + " (counter 0): no downlink within 5 s");
    EXPECT_THAT(told.evidence[i].curl, HasSubstr("\"dev-" + number + "\""));
  }
}

TEST_F(DownlinkVerdict, KeepsRoomForCallsThatNamedNoKnownDevice) {
  add(kExactlyOne);
  start();
  for (int i = 1; i <= 25; ++i) {
    run_.uplink("dev-1");
    run_.refuse("dve-1", {application::Reason::unknown_device, "dev_id", "no device 'dve-1'"}, 404);
    run_.pass(6s);
  }
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(10));
  EXPECT_EQ(told.evidence[8].text,
            "uplink 9 of dev-1 (counter 8): no downlink within 5 s; a downlink was refused with "
            "404: no device 'dve-1'");
  EXPECT_EQ(told.evidence[9].text,
            "25 refused calls that named no known device; the first: a downlink was refused with "
            "404: no device 'dve-1'");
  EXPECT_EQ(told.evidence[9].curl, "");
}

TEST_F(DownlinkVerdict, NamesThreeRefusalsOfAnUplink) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  for (const char* said : {"one", "two", "three", "four"}) {
    run_.refuse("dev-1", {application::Reason::bad_port, "port", said});
  }
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 5 s; a downlink was refused with "
            "400: one; a downlink was refused with 400: two; a downlink was refused with 400: "
            "three");
}

TEST_F(DownlinkVerdict, SaysThatTheNetworkDidItOnPurpose) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.fault("dev-1", {CallFault::Kind::silent, 0, {}, 0s});
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 5 s; a downlink call was left "
            "unanswered on purpose");
}

TEST_F(DownlinkVerdict, CutsALongRefusal) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.refuse("dev-1", {application::Reason::bad_port, "port", std::string(5'000, 'x')});
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 5 s; a downlink was refused with "
            "400: " +
                std::string(200, 'x'));
}

TEST_F(DownlinkVerdict, IgnoresARefusedCallThatCameWhenNothingWasMissing) {
  add(kExactlyOne);
  start();
  run_.refuse("dve-1", {application::Reason::unknown_device, "dev_id", "no device 'dve-1'"}, 404);
  run_.uplink("dev-1");
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text, "uplink 1 of dev-1 (counter 0): no downlink within 5 s");
}

}  // namespace
}  // namespace sim::check
