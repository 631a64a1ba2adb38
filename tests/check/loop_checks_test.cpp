// Whether the loop closes: effects in later uplinks, acknowledgements of confirmed downlinks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/check/downlink_expectations.h"

namespace sim::check::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class LoopExpectations : public ::testing::Test {
 protected:
  void expect_effect(std::chrono::nanoseconds within, const std::string& to = "*") {
    EffectExpectation wanted;
    wanted.effect = Condition::parse("open == true").value();
    wanted.when = Condition::parse("moisture < 15 and open == false").value();
    wanted.to = to;
    wanted.within = within;
    begin({"expect-1", "the valve opens", Level::must, {}, wanted});
  }

  void expect_acknowledgements(std::optional<std::chrono::nanoseconds> within = {},
                               double share = 1) {
    begin(
        {"expect-1", "acknowledged", Level::must, {}, AcknowledgeExpectation{"*", within, share}});
  }

  void begin(Expectation expectation) {
    judge.emplace(std::vector{std::move(expectation)}, RequestRecipe{"http://e/up", "POST", {}});
    run.journal().add(*judge);
    run.start();
  }

  std::uint64_t uplink(const std::string& device, int moisture, bool open) {
    return run.uplink(device, showing(moisture, open));
  }

  static HandMadeUplink showing(int moisture, bool open) {
    HandMadeUplink uplink;
    uplink.fields.set("moisture", moisture);
    uplink.fields.set("open", open);
    return uplink;
  }

  std::uint64_t send_confirmed(const std::string& device) {
    network::Downlink downlink = on_port(2);
    downlink.confirmed = true;
    run.downlink(device, downlink);
    return ++downlinks;
  }

  void transmit(std::uint64_t downlink, const std::string& device) {
    DownlinkSent sent{};
    sent.downlink = downlink;
    sent.device = device;
    run.append(sent);
  }

  Verdict end(bool interrupted = false) {
    run.end(interrupted);
    return judge->verdicts().front();
  }

  HandMadeRun run;
  std::optional<Judge> judge;
  std::uint64_t downlinks = 0;
};

TEST_F(LoopExpectations, HoldWhenALaterUplinkShowsTheEffect) {
  expect_effect(25min);
  uplink("valve-1", 12, false);
  run.pass(10min);
  uplink("valve-1", 11, false);
  run.pass(10min);
  uplink("valve-1", 11, true);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.actual, "as expected after 2 of 2 (100%)");
  EXPECT_EQ(verdict.expected,
            "an uplink with open == true within 25 min of each uplink where moisture < 15 and open "
            "== false");
}

TEST_F(LoopExpectations, FailWhenTheEffectComesTooLate) {
  expect_effect(15min);
  uplink("valve-1", 12, false);
  run.pass(10min);
  uplink("valve-1", 20, false);
  run.pass(10min);
  uplink("valve-1", 11, true);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  ASSERT_EQ(verdict.evidence.size(), 1U);
  EXPECT_EQ(verdict.evidence[0].text,
            "uplink 1 of valve-1 (counter 0): no uplink with open == true within 15 min; the last "
            "one showed {\"moisture\":20,\"open\":false}");
}

TEST_F(LoopExpectations, FailWhenNothingCameAnyMore) {
  expect_effect(15min);
  uplink("valve-1", 12, false);
  run.pass(20min);
  uplink("valve-2", 30, false);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_THAT(verdict.evidence.at(0).text, HasSubstr("; no later uplink"));
}

TEST_F(LoopExpectations, AreOfOneDeviceEach) {
  expect_effect(15min);
  uplink("valve-1", 12, false);
  run.pass(5min);
  uplink("valve-2", 12, true);
  run.pass(15min);
  EXPECT_EQ(end().outcome, Outcome::failed);
}

TEST_F(LoopExpectations, CannotBeToldWhereTheRunEndsTooEarly) {
  expect_effect(15min);
  uplink("valve-1", 12, false);
  run.pass(10min);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_THAT(verdict.actual, HasSubstr("the run ended too early for 1"));
}

TEST_F(LoopExpectations, AskNothingOfUplinksThatWereNotDelivered) {
  expect_effect(15min);
  const auto number = run.due("valve-1", showing(12, false));
  sim::test::HandMadeAnswer refused;
  refused.outcome = delivery::Outcome::rejected;
  refused.status = 500;
  run.answer(number, refused);
  run.pass(20min);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::inconclusive);
  EXPECT_EQ(verdict.actual, "no uplink put it to the test");
}

TEST_F(LoopExpectations, LookOnlyAtTheirDevices) {
  expect_effect(15min, "valve-*");
  uplink("meter-1", 12, false);
  run.pass(20min);
  EXPECT_EQ(end().actual, "no uplink put it to the test");
}

TEST_F(LoopExpectations, HoldTimeUntilADownlinkCame) {
  expect_effect(15min);
  EXPECT_FALSE(judge->holds_time_until());
  uplink("valve-1", 12, false);
  EXPECT_EQ(judge->holds_time_until(), run.stamp().wall + 1s);
  run.downlink("valve-1", on_port(2));
  EXPECT_FALSE(judge->holds_time_until());
}

TEST_F(LoopExpectations, DoNotHoldTimeForAnEndpointThatSendsNothing) {
  expect_effect(15min);
  for (int i = 0; i < 4; ++i) {
    uplink("valve-1", 12, false);
    run.pass(2s);
  }
  EXPECT_FALSE(judge->holds_time_until());
}

TEST_F(LoopExpectations, HoldWhenConfirmedDownlinksAreAcknowledged) {
  expect_acknowledgements(30min);
  const auto number = send_confirmed("valve-1");
  run.downlink("valve-1", on_port(3));  // not confirmed
  transmit(number, "valve-1");
  run.pass(10min);
  run.append(DownlinkAcknowledged{number, "valve-1"});
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::passed);
  EXPECT_EQ(verdict.actual, "1 of 1 (100%)");
  EXPECT_EQ(verdict.expected, "100% of the confirmed downlinks acknowledged within 30 min");
}

TEST_F(LoopExpectations, FailWhenAnAcknowledgementIsLate) {
  expect_acknowledgements(5min);
  const auto number = send_confirmed("valve-1");
  run.pass(10min);
  run.append(DownlinkAcknowledged{number, "valve-1"});
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.evidence.at(0).text, "downlink 1 to valve-1: acknowledged after 10 min");
}

TEST_F(LoopExpectations, FailWhenADownlinkIsReplacedOrIgnored) {
  expect_acknowledgements();
  const auto replaced = send_confirmed("valve-1");
  const auto ignored = send_confirmed("valve-2");
  const auto waiting = send_confirmed("valve-3");
  run.append(DownlinkDropped{replaced, "replaced by downlink 9"});
  transmit(ignored, "valve-2");
  run.pass(10min);
  run.due("valve-2");
  static_cast<void>(waiting);
  const Verdict verdict = end();
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_EQ(verdict.actual, "0 of 2 (0%); the run ended too early for 1");
  EXPECT_EQ(verdict.evidence.at(0).text, "downlink 1 to valve-1: replaced by downlink 9");
  EXPECT_EQ(verdict.evidence.at(1).text, "downlink 2 to valve-2: not acknowledged, sent 1 times");
}

TEST_F(LoopExpectations, AreInconclusiveWithoutConfirmedDownlinks) {
  expect_acknowledgements();
  EXPECT_EQ(end().outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace sim::check::test
