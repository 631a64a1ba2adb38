// Which downlinks count for which uplink: where a window begins and ends, whose it is, and what is
// said of a downlink that is not the one that was wanted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/check/downlink_expectations.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using sim::test::HandMadeAnswer;
using test::kExactlyOne;
using test::kNone;
using test::moisture;
using test::on_port;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class DownlinkWindowOf : public test::DownlinkExpectations {};

TEST_F(DownlinkWindowOf, AnUplinkHasItsLastInstantInIt) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");  // sent at 0, answered after 10 ms
  run_.pass(5s - 10ms);
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkWindowOf, AnUplinkIsOverAnInstantLater) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(5s - 10ms + 1ns);
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 0 of 1 (0%): 1 missing (1 of them late)");
}

TEST_F(DownlinkWindowOf, AnUplinkBeginsWhenItIsSentAndNotWhenItIsDue) {
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  run_.pass(3s);
  HandMadeAnswer answer;
  answer.waited = 2s;  // for a free connection: the window ends at 7 s
  run_.answer(number, answer);
  run_.pass(4s);
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkWindowOf, AnUplinkIsAsLongAsTheExpectationSays) {
  downlink(add(kExactlyOne)).within = 1s;
  start();
  run_.uplink("dev-1");
  run_.pass(2s);
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "uplink 1 of dev-1 (counter 0): no downlink within 1 s; 1 came late, the first after "
            "2.01 s");
}

TEST_F(DownlinkWindowOf, AnUplinkIsOpenBeforeTheAnswer) {
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.pass(10ms);
  run_.answer(number);
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(DownlinkWindowOf, AnUplinkIsTakenBackWhenTheEndpointRefusesIt) {
  add(kExactlyOne);
  start();
  const std::uint64_t number = run_.due("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(2));
  HandMadeAnswer answer;
  answer.outcome = delivery::Outcome::rejected;
  answer.status = 500;
  run_.answer(number, answer);
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-2");
  run_.downlink("dev-2", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::passed);
  EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%): 1 not delivered");
}

TEST_F(DownlinkWindowOf, UplinksThatOverlapIsFilledFromTheOldest) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].actual, "as expected for 2 of 2 (100%)");
}

TEST_F(DownlinkWindowOf, AnUplinkIsNotClosedByTheNextAtItsLastInstant) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.pass(5s - 10ms);
  const std::uint64_t next = run_.due("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.answer(next);
  run_.pass(1s);
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].actual, "as expected for 2 of 2 (100%)");
}

TEST_F(DownlinkWindowOf, AnUplinkThatAnInterruptCutsOffLeavesTheRestUntold) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1");
  const Verdict told = end(true)[0];
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.actual, "as expected for 1 of 2 (50%): 1 that could not be told");
}

TEST_F(DownlinkWindowOf, OneOfTwoThatAreWantedIsNotEnough) {
  add({2, std::nullopt});
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text, "uplink 1 of dev-1 (counter 0): 1 of 2 downlinks within 5 s");
}

TEST_F(DownlinkWindowOf, MoreThanTheMostIsTooMany) {
  add({0, 1});
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.downlink("dev-1", on_port(3, {7}));
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.expected, "at most 1 downlink within 5 s of each uplink");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_THAT(told.evidence[0].text,
              HasSubstr("uplink 1 of dev-1 (counter 0): 2 downlinks came; the last: port 3"));
}

TEST_F(DownlinkWindowOf, ARetryThatCausesNoSecondDownlinkPasses) {
  add(kExactlyOne, "not is_retry");
  add(kNone, "is_retry");
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(9, true));
  run_.pass(6s);
  for (const Verdict& told : end()) EXPECT_EQ(told.outcome, Outcome::passed) << told.actual;
}

TEST_F(DownlinkWindowOf, ADeviceKeepsABoundedNumberOfThem) {
  downlink(add(kExactlyOne)).within = 1h;
  start();
  for (int i = 0; i < 1'100; ++i) run_.uplink("dev-1");
  const Verdict told = end()[0];
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 0 of 1100 (0%): 1024 missing, 76 that could not be told");
}

class AnotherDownlink : public test::DownlinkExpectations {
 protected:
  /// What is said of an uplink of dev-1 for which that came instead.
  std::string said_of(const network::Downlink& other, const payload::Fields* fields = nullptr) {
    start();
    run_.uplink("dev-1");
    run_.downlink("dev-1", other, fields);
    run_.pass(6s);
    const Verdict told = end()[0];
    EXPECT_EQ(told.outcome, Outcome::failed);
    return told.evidence.empty() ? "" : told.evidence[0].text;
  }

  static constexpr const char* kBegin =
      "uplink 1 of dev-1 (counter 0): no downlink within 5 s; another downlink came: ";
};

TEST_F(AnotherDownlink, IsToldWithItsPayload) {
  downlink(add(kExactlyOne)).payload = lorawan::Bytes{1};
  EXPECT_EQ(said_of(on_port(2, {0xAB, 2})), std::string(kBegin) + "port 2, payload AB02");
}

TEST_F(AnotherDownlink, IsToldWithItsFieldsWhereTheseAreWanted) {
  downlink(add(kExactlyOne)).fields.set("open", true);
  payload::Fields shut;
  shut.set("open", false);
  EXPECT_EQ(said_of(on_port(2), &shut),
            std::string(kBegin) + "port 2, payload 01, fields {\"open\":false}");
}

TEST_F(AnotherDownlink, IsToldToHaveNoFields) {
  downlink(add(kExactlyOne)).fields.set("open", true);
  EXPECT_EQ(said_of(on_port(2)), std::string(kBegin) + "port 2, payload 01, no fields");
}

TEST_F(AnotherDownlink, IsToldWithABoundedTextOfItsFields) {
  downlink(add(kExactlyOne)).fields.set("open", true);
  payload::Fields many;
  many.set("text", std::string(100'000, 'x'));
  const std::string said = said_of(on_port(2), &many);
  EXPECT_THAT(said, HasSubstr("fields {\"text\":\"xxx"));
  EXPECT_LT(said.size(), 400U);
}

TEST_F(AnotherDownlink, IsToldToBeUnconfirmedWhereThatIsWrong) {
  downlink(add(kExactlyOne)).confirmed = true;
  EXPECT_EQ(said_of(on_port(2)), std::string(kBegin) + "port 2, payload 01, unconfirmed");
}

TEST_F(AnotherDownlink, IsToldToBeConfirmedWhereThatIsWrong) {
  downlink(add(kExactlyOne)).confirmed = false;
  network::Downlink confirmed = on_port(2);
  confirmed.confirmed = true;
  EXPECT_EQ(said_of(confirmed), std::string(kBegin) + "port 2, payload 01, confirmed");
}

class StrayDownlink : public test::DownlinkExpectations {
 protected:
  /// dev-1 has what it called for; then one comes for a device that sent nothing.
  Verdict verdict_with_one_for(const std::string& device) {
    start();
    run_.uplink("dev-1");
    run_.downlink("dev-1", on_port(2));
    run_.downlink(device, on_port(3));
    return end()[0];
  }
};

TEST_F(StrayDownlink, ForADeviceThatSentNothingFails) {
  add(kExactlyOne);
  const Verdict told = verdict_with_one_for("dev-2");
  EXPECT_EQ(told.outcome, Outcome::failed);
  EXPECT_EQ(told.actual, "as expected for 1 of 1 (100%): 1 that no uplink called for");
  ASSERT_THAT(told.evidence, SizeIs(1));
  EXPECT_EQ(told.evidence[0].text,
            "a downlink for dev-2 (port 3, payload 01) came although no uplink called for it; "
            "there was none of this device");
}

TEST_F(StrayDownlink, IsNoMatterWhereAnyNumberIsGood) {
  add({1, std::nullopt});
  EXPECT_EQ(verdict_with_one_for("dev-2").outcome, Outcome::passed);
}

TEST_F(StrayDownlink, IsNoMatterBehindAnUplinkThatCallsForNoneWhereAnyNumberIsGood) {
  add({1, std::nullopt}, "moisture < 15");
  start();
  run_.uplink("dev-1", moisture(9));
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(30));
  run_.downlink("dev-1", on_port(2));
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(StrayDownlink, IsNotToldBehindAnUplinkThatFailed) {
  add(kExactlyOne, "moisture < 15");
  start();
  run_.uplink("dev-1", moisture(9));
  run_.downlink("dev-1", on_port(2));
  HandMadeAnswer answer;
  answer.outcome = delivery::Outcome::timed_out;
  answer.status = 0;
  run_.answer(run_.due("dev-1", moisture(9)), answer);
  run_.downlink("dev-1", on_port(2));  // the endpoint may have read the uplink all the same
  EXPECT_EQ(end()[0].outcome, Outcome::passed);
}

TEST_F(StrayDownlink, IsNoMatterForADeviceThatIsNotNamed) {
  downlink(add(kExactlyOne)).to = "dev-1";
  EXPECT_EQ(verdict_with_one_for("dev-2").outcome, Outcome::passed);
}

TEST_F(StrayDownlink, IsNoMatterWhenItIsOfAnotherKind) {
  downlink(add(kExactlyOne)).f_port = 2;
  EXPECT_EQ(verdict_with_one_for("dev-2").outcome, Outcome::passed);
}

TEST_F(StrayDownlink, WhereARetryHasNoneIsToldTwice) {
  add(kExactlyOne, "not is_retry");
  add(kNone, "is_retry");
  start();
  run_.uplink("dev-1");
  run_.downlink("dev-1", on_port(2));
  run_.uplink("dev-1", moisture(9, true));
  run_.downlink("dev-1", on_port(2));
  for (const Verdict& told : end()) EXPECT_EQ(told.outcome, Outcome::failed) << told.id;
}

TEST_F(DownlinkWindowOf, AnUplinkIsToldWithoutKeysOfARefusedCall) {
  add(kExactlyOne);
  start();
  run_.uplink("dev-1");
  run_.refuse("dev-1", {application::Reason::unknown_process, "",
                        "there is no process 'valves&key=ttn-account-v2.secret'"});
  run_.pass(6s);
  const Verdict told = end()[0];
  ASSERT_THAT(told.evidence, Not(IsEmpty()));
  EXPECT_THAT(told.evidence[0].text, HasSubstr("valves&key=***"));
  EXPECT_THAT(told.evidence[0].text, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace sim::check
