// Expectations about downlinks: what counts, what is missing, what is too much.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/check/downlink_expectations.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using sim::test::HandMadeAnswer;
using sim::test::HandMadeUplink;
using test::kExactlyOne;
using test::kNone;
using test::moisture;
using test::on_port;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DownlinkCheck : public test::DownlinkExpectations {};

TEST_F(DownlinkCheck, OneForEachUplinkThatCallsForIt) {
  add(kExactlyOne, "moisture < 15");
  start();
  run_.uplink("dev-1", moisture(9));
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(30));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.expected, "exactly 1 downlink within 5 s of each uplink where moisture < 15");
  EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%)");
  EXPECT_THAT(told.evidence, IsEmpty());
}

TEST_F(DownlinkCheck, AMissingOneIsToldWithACurlCommand) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(6s);
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 0 of 1 (0%): 1 missing");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text, "uplink 1 of dev-1 (counter 0): no downlink within 5 s");
  EXPECT_EQ(
      told.evidence[0].curl,
      "curl -X POST --data-raw '{\"dev_id\":\"dev-1\",\"downlink_url\":\"http://n/?key=***\"}' "
      "'http://e/up'");
}

TEST_F(DownlinkCheck, ALateOneIsMissingAndSaidToBeLate) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(7s);
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 5 s; 1 came late, the first after "
            "7.01 s");
}

TEST_F(DownlinkCheck, TwoAreTooMany) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 0 of 1 (0%): 1 with too many");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): 2 downlinks came; the last: port 2, payload 01");
}

TEST_F(DownlinkCheck, AtLeastOneTakesMore) {
  add({1, std::nullopt});
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkCheck, AtMostOneTakesNoneAndOne) {
  add({0, 1});
  start();
  run_.uplink("dev-1");
  run_.uplink("dev-2");
  run_.downlink("dev-2", on_port(2));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkCheck, NoneFailsWhenOneComes) {
  add(kNone);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.expected, "no downlink within 5 s of each uplink");
}

TEST_F(DownlinkCheck, ComparesPortPayloadConfirmationAndFields) {
  DownlinkExpectation& wanted = downlink(add(kExactlyOne));
  wanted.f_port = 2;
  wanted.payload = lorawan::Bytes{1};
  wanted.confirmed = false;
  wanted.fields.set("open", true);
  start();
  payload::Fields open;
  open.set("open", true);
  open.set("other", 3);
  payload::Fields shut;
  shut.set("open", false);
  network::Downlink confirmed = on_port(2);
  confirmed.confirmed = true;
  for (const char* device : {"good", "port", "payload", "confirmed", "fields", "no-fields"}) {
    run_.uplink(device);
  }
  run_.downlink("good", on_port(2), &open);
  run_.downlink("port", on_port(3), &open);
  run_.downlink("payload", on_port(2, {2}), &open);
  run_.downlink("confirmed", confirmed, &open);
  run_.downlink("fields", on_port(2), &shut);
  run_.downlink("no-fields", on_port(2));
  run_.pass(6s);
  const Verdict told = end()[0];
  EXPECT_EQ(
      told.expected,
      "exactly 1 downlink (port 2, payload 01, fields {\"open\":true}, unconfirmed) within 5 s "
      "of each uplink");
  EXPECT_EQ(told.actual, "as expected for 1 of 6 (16.66%): 5 missing");
  ASSERT_THAT(told.evidence, SizeIs(5));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 2 of port (counter 0): no downlink within 5 s; another downlink came: port 3, "
            "payload 01, fields {\"open\":true,\"other\":3}");
}

TEST_F(DownlinkCheck, WithoutAPortTheUplinksPortCounts) {
  downlink(add(kExactlyOne)).f_port = 7;
  start();
  HandMadeUplink uplink;
  uplink.port = 7;
  run_.uplink("dev-1", uplink);
  run_.downlink("dev-1", on_port(0));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkCheck, LooksAtTheDevicesThatItNamesAlone) {
  downlink(add(kExactlyOne)).to = "valve-*";
  start();
  run_.uplink("valve-1");
  run_.downlink("valve-1", on_port(2));
  run_.uplink("meter-1");
  run_.downlink("meter-1", on_port(2));
  run_.downlink("meter-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%)");
}

TEST_F(DownlinkCheck, ARetryMustNotCauseASecondDownlink) {
  add(kExactlyOne, "not is_retry");
  add(kNone, "is_retry");
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(9, true));
  run_.downlink("dev-1", on_port(2));
  const std::vector<Verdict> told = end();
  EXPECT_EQ(told[1].outcome, Outcome::failed);
  ASSERT_THAT(told[1].evidence, SizeIs(1));
  EXPECT_THAT(told[1].evidence[0].text, HasSubstr("uplink 2 of dev-1 (counter 0)"));
}

TEST_F(DownlinkCheck, AStrayFailsWhereTheNumberIsLimited) {
  add(kExactlyOne, "moisture < 15");
  start();
  run_.uplink("dev-1", moisture(9));
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(30));
  run_.pass(1s);
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%): 1 that no uplink called for");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "a downlink for dev-1 (port 2, payload 01) came although no uplink called "
            "for it; the latest was uplink 2 (counter 1)");
}

TEST_F(DownlinkCheck, WhatAnotherExpectationCallsForIsNoStray) {
  add(kExactlyOne, "moisture < 15");
  add({1, std::nullopt}, "moisture > 35");
  start();
  run_.uplink("dev-1", moisture(9));
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(40));
  run_.downlink("dev-1", on_port(3));
  const std::vector<Verdict> all = end();
  ASSERT_THAT(all, SizeIs(2));
  for (const Verdict& told : all) EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%)");
}

TEST_F(DownlinkCheck, AnUplinkThatWasNotDeliveredCallsForNothing) {
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  HandMadeAnswer answer;
  answer.outcome = delivery::Outcome::timed_out;
  answer.status = 0;
  run_.answer(number, answer);
  run_.pass(6s);
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "none of the 1 uplink that call for it was delivered");
}

TEST_F(DownlinkCheck, ARefusedUplinkCountsWhereNoneMayCome) {
  add(kNone);
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  HandMadeAnswer answer;
  answer.outcome = delivery::Outcome::rejected;
  answer.status = 401;
  run_.answer(number, answer);
  const std::vector<Verdict> told = end();
  EXPECT_EQ(told[0].outcome, Outcome::passed);
  EXPECT_EQ(told[1].outcome, Outcome::inconclusive);
}

TEST_F(DownlinkCheck, WhatWasNotTestedIsInconclusive) {
  add(kExactlyOne, "moisture < 15");
  add(kExactlyOne);
  start();
  const std::vector<Verdict> told = end();
  EXPECT_EQ(told[0].outcome, Outcome::inconclusive);
  EXPECT_EQ(told[0].actual, "no uplink met the condition");
  EXPECT_EQ(told[1].actual, "there was no uplink");
}

TEST_F(DownlinkCheck, AnInterruptLeavesOpenWindowsUntold) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(1s);
  const Verdict told = end(true)[0];
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "as expected for 0 of 1 (0%): 1 that could not be told");
}

TEST_F(DownlinkCheck, ARefusedCallExplainsWhatIsMissing) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.refuse("dev-1", {application::Reason::bad_port, "port", "port is 0"});
  run_.uplink("dev-2");
  run_.refuse("dve-2", {application::Reason::unknown_device, "dev_id", "no device 'dve-2'"}, 404);
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(3));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 5 s; a downlink was refused with "
            "400: port is 0");
  EXPECT_EQ(
      told.evidence[2].text,
      "1 refused call that named no known device; the first: a downlink was refused with 404: "
      "no device 'dve-2'");
}

TEST_F(DownlinkCheck, KeepsABoundedNumberOfEvidence) {
  add(kExactlyOne);
  start();
  for (int i = 0; i < 500; ++i) run_.uplink("dev-" + std::to_string(i));
  run_.pass(6s);
  const Verdict told = end()[0];
  EXPECT_EQ(told.actual, "as expected for 0 of 500 (0%): 500 missing");
  EXPECT_THAT(told.evidence, SizeIs(10));
}

}  // namespace
}  // namespace sim::check
