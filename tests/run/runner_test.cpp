#include "sim/run/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "sim/check/judge.h"
#include "tests/run/small_plan.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using test::SmallEndpoint;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Keeps what a test asks about: outcomes, downlinks, the end.
struct Recorder final : check::Observer {
  void on(const check::Stamp& stamp, const check::Entry& entry) override {
    order.push_back(entry.index());
    last = stamp;
    if (const auto* e = std::get_if<check::UplinkDelivered>(&entry)) {
      outcomes.push_back(e->delivery->outcome);
      reasons.emplace_back(e->delivery->reason);
    }
    if (const auto* e = std::get_if<check::DownlinkCalled>(&entry)) {
      statuses.push_back(e->status);
      arrivals.emplace_back(e->would_arrive);
      targets.emplace_back(e->target);
    }
    if (std::get_if<check::DownlinkSent>(&entry) != nullptr) ++sent;
    if (const auto* e = std::get_if<check::RunEnded>(&entry)) ended = *e;
  }

  std::vector<std::size_t> order;
  std::vector<delivery::Outcome> outcomes;
  std::vector<std::string> reasons;
  std::vector<int> statuses;
  std::vector<std::string> arrivals;
  std::vector<std::string> targets;
  int sent = 0;
  check::Stamp last;
  std::optional<check::RunEnded> ended;
};

struct Outcome {
  Recorder recorder;
  std::vector<check::Verdict> verdicts;
  Ending ending;
};

Outcome carry_out(const scenario::Plan& plan, const std::string& url) {
  Outcome outcome;
  check::Journal journal;
  check::Judge judge(plan.expectations, {url, "POST", {}});
  journal.add(judge);
  journal.add(outcome.recorder);
  RunnerSettings settings;
  settings.endpoint_url = url;
  settings.endpoint_label = "test";
  settings.version = "test";
  settings.stop_on_signals = false;
  Runner runner(plan, settings, journal, judge);
  outcome.ending = runner.run();
  outcome.verdicts = judge.verdicts();
  return outcome;
}

TEST(Runner, PostsEveryUplinkToARealServer) {
  SmallEndpoint endpoint;
  const Outcome outcome = carry_out(small_plan(), endpoint.url());
  EXPECT_THAT(outcome.recorder.outcomes, SizeIs(6));
  EXPECT_THAT(outcome.recorder.outcomes, ::testing::Each(delivery::Outcome::delivered));
  EXPECT_THAT(endpoint.bodies(), SizeIs(6));
  EXPECT_THAT(endpoint.bodies().at(0), HasSubstr("\"dev_id\":\"dev-1\",\"hardware_serial\""));
  ASSERT_TRUE(outcome.recorder.ended.has_value());
  EXPECT_FALSE(outcome.recorder.ended->interrupted);
}

TEST(Runner, TakesADownlinkIntoTheWindowOfTheUplinkThatCausedIt) {
  SmallEndpoint endpoint;
  endpoint.answer_with_downlink(R"({"dev_id":"dev-1","port":2,"payload_raw":"AQ=="})");
  const Outcome outcome = carry_out(small_plan(), endpoint.url());
  EXPECT_THAT(outcome.recorder.statuses, ::testing::Each(200));
  EXPECT_THAT(outcome.recorder.arrivals,
              ElementsAre("with uplink 1", "with uplink 2", "with uplink 3", "with uplink 4",
                          "with uplink 5", "with uplink 6"));
  EXPECT_EQ(outcome.recorder.sent, 6);
  EXPECT_EQ(outcome.recorder.ended->pending_downlinks, 0U);
}

TEST(Runner, NeverPutsTheAccessKeyIntoTheJournal) {
  SmallEndpoint endpoint;
  endpoint.answer_with_downlink(R"({"dev_id":"dev-1","port":2,"payload_raw":"AQ=="})");
  const scenario::Plan plan = small_plan();
  const Outcome outcome = carry_out(plan, endpoint.url());
  ASSERT_THAT(outcome.recorder.targets, SizeIs(6));
  for (const std::string& target : outcome.recorder.targets) {
    EXPECT_THAT(target, Not(HasSubstr(plan.application.access_key)));
  }
}

TEST(Runner, WritesADownlinkBehindTheAnswerThatItCrossed) {
  SmallEndpoint endpoint;
  endpoint.answer_with_downlink(R"({"dev_id":"dev-1","port":2,"payload_raw":"AQ=="})");
  scenario::Plan plan = small_plan();
  plan.count = 1;
  const Outcome outcome = carry_out(plan, endpoint.url());
  const auto& order = outcome.recorder.order;
  const auto position = [&](std::size_t kind) {
    return std::find(order.begin(), order.end(), kind) - order.begin();
  };
  const check::Entry delivered = check::UplinkDelivered{};
  const check::Entry called = check::DownlinkCalled{};
  EXPECT_LT(position(delivered.index()), position(called.index()));
}

TEST(Runner, StopsAfterTheCountOfUplinks) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  plan.count = 2;
  const Outcome outcome = carry_out(plan, endpoint.url());
  EXPECT_THAT(outcome.recorder.outcomes, SizeIs(2));
}

TEST(Runner, RunsAtFullSpeedWithoutWaiting) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  plan.pace.kind = scenario::PaceKind::max;
  plan.field.duration = 20h;
  const Outcome outcome = carry_out(plan, endpoint.url());
  EXPECT_THAT(outcome.recorder.outcomes, SizeIs(120));
  EXPECT_THAT(outcome.recorder.outcomes, ::testing::Each(delivery::Outcome::delivered));
}

TEST(Runner, FollowsTheWallClockTimesAFactor) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  plan.pace = {scenario::PaceKind::realtime, 100'000};
  const Outcome outcome = carry_out(plan, endpoint.url());
  EXPECT_THAT(outcome.recorder.outcomes, SizeIs(6));
  // 50 minutes pass between the first uplink and the last: 30 ms of wall time at this factor.
  EXPECT_GE(outcome.recorder.last.wall, 30ms);
}

TEST(Runner, SaysWhenTheEndpointCannotBeReached) {
  std::string url;
  {
    SmallEndpoint gone;
    url = gone.url();
  }
  try {
    carry_out(small_plan(), url);
    FAIL() << "nothing was thrown";
  } catch (const EndpointUnreachable& error) {
    EXPECT_EQ(std::string(error.what()), "cannot reach " + url + ": connection refused");
  }
}

TEST(Runner, WaitsUntilAWantedDownlinkCame) {
  SmallEndpoint endpoint;
  endpoint.answer_with_downlink(R"({"dev_id":"dev-1","port":2,"payload_raw":"AQ=="})");
  scenario::Plan plan = small_plan();
  check::DownlinkExpectation wanted;
  wanted.count = {1, 1};
  plan.expectations = {{"expect-1", "a downlink", check::Level::must, {}, wanted}};
  plan.settle = 1ms;
  const Outcome outcome = carry_out(plan, endpoint.url());
  ASSERT_THAT(outcome.verdicts, SizeIs(1));
  EXPECT_EQ(outcome.verdicts[0].outcome, check::Outcome::passed) << outcome.verdicts[0].actual;
}

TEST(Runner, FailsAnExpectationThatNothingMeets) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  plan.count = 1;
  check::DownlinkExpectation wanted;
  wanted.within = 1ms;
  plan.expectations = {{"expect-1", "a downlink", check::Level::must, {}, wanted}};
  const Outcome outcome = carry_out(plan, endpoint.url());
  ASSERT_THAT(outcome.verdicts, SizeIs(1));
  EXPECT_EQ(outcome.verdicts[0].outcome, check::Outcome::failed);
}

TEST(Runner, GivesEveryPlannedUplinkAnOutcomeWhenItIsInterrupted) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  Recorder recorder;
  check::Journal journal;
  check::Judge judge({}, {endpoint.url(), "POST", {}});
  journal.add(recorder);
  RunnerSettings settings;
  settings.endpoint_url = endpoint.url();
  settings.stop_on_signals = false;
  Runner runner(plan, settings, journal, judge);
  endpoint.on_request([&] { runner.interrupt(); });
  endpoint.never_answer();
  const Ending ending = runner.run();
  EXPECT_TRUE(ending.interrupted);
  EXPECT_THAT(recorder.outcomes, ElementsAre(delivery::Outcome::failed));
  EXPECT_THAT(recorder.reasons, ElementsAre("interrupted before an answer came"));
  EXPECT_TRUE(recorder.ended->interrupted);
}

TEST(Runner, MakesTheFaultsThatTheScenarioAsksFor) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  scenario::DeliveryRule& rule = plan.delivery_rules.emplace_back();
  rule.from = plan.field.start + 15min;
  rule.to = plan.field.start + 25min;
  delivery::Treatment reset;
  reset.fault = delivery::Fault::reset;
  rule.treatment = std::make_shared<const delivery::Treatment>(reset);
  const Outcome outcome = carry_out(plan, endpoint.url());
  EXPECT_THAT(outcome.recorder.outcomes,
              ElementsAre(delivery::Outcome::delivered, delivery::Outcome::delivered,
                          delivery::Outcome::failed, delivery::Outcome::delivered,
                          delivery::Outcome::delivered, delivery::Outcome::delivered));
}

}  // namespace
}  // namespace sim::run
