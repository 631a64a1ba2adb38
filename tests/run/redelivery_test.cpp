// Deliveries that are made again, over real sockets: when, with which bytes, and what is counted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "sim/check/judge.h"
#include "sim/report/journal_line.h"
#include "sim/report/journal_reader.h"
#include "sim/report/report.h"
#include "sim/run/runner.h"
#include "tests/run/small_plan.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using delivery::Outcome;
using test::SmallEndpoint;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Statuses = std::vector<SmallEndpoint::Scripted>;

/// What the journal says of redeliveries.
struct Notes final : check::Observer {
  void on(const check::Stamp& stamp, const check::Entry& entry) override {
    report::append_json(stamp, entry, lines);
    lines += '\n';
    if (const auto* due = std::get_if<check::UplinkDue>(&entry)) {
      order.push_back("uplink " + std::to_string(due->number));
    }
    if (const auto* again = std::get_if<check::RedeliverySent>(&entry)) {
      order.push_back("again " + std::to_string(again->number));
      sent_at.push_back(stamp.at);
    }
    if (const auto* tried = std::get_if<check::DeliveryTried>(&entry)) {
      waits.push_back(tried->wait);
      if (tried->delivery->outcome == Outcome::skipped) ++withheld;
    }
    if (const auto* last = std::get_if<check::UplinkDelivered>(&entry)) {
      outcomes.push_back(last->delivery->outcome);
      tries.push_back(last->tries);
      given_up.emplace_back(last->given_up);
      reasons.emplace_back(last->delivery->reason);
    }
    if (const auto* change = std::get_if<check::WebhookChanged>(&entry)) {
      changes.emplace_back(to_string(change->kind));
    }
  }

  std::string lines;
  std::vector<std::string> order, given_up, reasons, changes;
  std::vector<engine::SimTime> sent_at;
  std::vector<std::chrono::nanoseconds> waits;
  std::vector<Outcome> outcomes;
  std::vector<unsigned> tries;
  int withheld = 0;
};

struct Told {
  Notes notes;
  report::Report report;
  std::vector<check::Verdict> verdicts;
  Ending ending;
};

struct Carried {
  explicit Carried(const scenario::Plan& plan, const std::string& url)
      : judge(plan.expectations, {url, "POST", {}}) {
    journal.add(judge);
    journal.add(notes);
    journal.add(tally);
    settings.endpoint_url = url;
    settings.stop_on_signals = false;
  }
  check::Judge judge;
  Notes notes;
  report::Tally tally;
  check::Journal journal;
  RunnerSettings settings;
};

Told carry_out(const scenario::Plan& plan, const std::string& url) {
  Carried carried(plan, url);
  const Ending ending = Runner(plan, carried.settings, carried.journal, carried.judge).run();
  return {carried.notes, carried.tally.finish({}), carried.judge.verdicts(), ending};
}

scenario::Plan plan_with(std::string_view policy, std::uint64_t count) {
  scenario::Plan plan = small_plan();
  plan.endpoint.redelivery = delivery::find_policy(policy).value();
  plan.count = count;
  return plan;
}

TEST(Redelivery, BringsTheSameBytesAgainOnTheSchedule) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn(Statuses(6, {500}));
  const auto began = std::chrono::steady_clock::now();
  const Told run = carry_out(plan_with("tts-cloud", 1), endpoint.url());
  EXPECT_LT(std::chrono::steady_clock::now() - began, 30s) << "its hours are virtual";
  const auto bodies = endpoint.bodies();
  ASSERT_EQ(bodies.size(), 7U);
  EXPECT_THAT(bodies, Each(bodies[0]));
  EXPECT_THAT(run.notes.outcomes, ElementsAre(Outcome::delivered));
  EXPECT_THAT(run.notes.tries, ElementsAre(7U));
  const auto whole = run.notes.sent_at.back() - run.notes.sent_at.front();
  EXPECT_GT(whole, 68min * 0.85);
  EXPECT_LT(whole, 68min * 1.15);
  EXPECT_GE(run.report.virtual_duration, whole);
}

TEST(Redelivery, GivesUpAndSaysSo) {
  SmallEndpoint endpoint;
  endpoint.answer_status(503);
  const Told run = carry_out(plan_with("tts-cloud", 1), endpoint.url());
  EXPECT_EQ(endpoint.bodies().size(), 7U);
  EXPECT_THAT(run.notes.outcomes, ElementsAre(Outcome::rejected));
  EXPECT_THAT(run.notes.given_up, ElementsAre(HasSubstr("7 tries")));
  EXPECT_EQ(run.report.deliveries.planned, 1U);
  EXPECT_EQ(run.report.deliveries.rejected, 1U);
  EXPECT_EQ(run.report.deliveries.attempts, 7U);
  EXPECT_EQ(run.report.statuses.at(503), 7U);
  EXPECT_EQ(run.report.redeliveries.given_up, 1U);
}

TEST(Redelivery, LetsOtherUplinksGoFirstThatAreDueEarlier) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn(Statuses(2, {500}));
  const Told run = carry_out(plan_with("tts-cloud", 3), endpoint.url());
  EXPECT_THAT(run.notes.order,
              ElementsAre("uplink 1", "again 1", "uplink 2", "again 1", "uplink 3"));
}

TEST(Redelivery, IsTheSameInEachRunWithASeed) {
  std::vector<std::chrono::nanoseconds> waits[3];
  for (int i = 0; i < 3; ++i) {
    SmallEndpoint endpoint;
    endpoint.answer_in_turn(Statuses(4, {500}));
    scenario::Plan plan = plan_with("tts-cloud", 2);
    if (i == 2) plan.field.seed = 99;
    waits[i] = carry_out(plan, endpoint.url()).notes.waits;
  }
  EXPECT_EQ(waits[0].size(), 4U);
  EXPECT_EQ(waits[0], waits[1]);
  EXPECT_NE(waits[0], waits[2]);
}

TEST(Redelivery, FollowsARetryAfter) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn({{429, "3600"}});
  scenario::Plan plan = plan_with("standard-webhooks", 1);
  const Told run = carry_out(plan, endpoint.url());
  EXPECT_THAT(run.notes.waits, ElementsAre(1h));
  EXPECT_THAT(run.notes.outcomes, ElementsAre(Outcome::delivered));
}

TEST(Redelivery, SendsNothingMoreToAWebhookThatIsGone) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn({{500}, {410}});
  const Told run = carry_out(plan_with("standard-webhooks", 3), endpoint.url());
  EXPECT_THAT(run.notes.changes, ElementsAre("disabled"));
  EXPECT_EQ(endpoint.bodies().size(), 2U);
  EXPECT_THAT(run.notes.outcomes,
              ElementsAre(Outcome::rejected, Outcome::skipped, Outcome::skipped));
  EXPECT_EQ(run.report.deliveries.planned, 3U);
  EXPECT_EQ(run.report.deliveries.rejected + run.report.deliveries.skipped, 3U);
}

TEST(Redelivery, IsNotNeededForASuspension) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn(Statuses(2, {500}));
  scenario::Plan plan = small_plan();  // an uplink every 10 minutes
  plan.endpoint.redelivery.suspension = delivery::Suspension{2, 15min};
  const Told run = carry_out(plan, endpoint.url());
  EXPECT_THAT(run.notes.changes, ElementsAre("suspended", "resumed"));
  EXPECT_THAT(run.notes.outcomes,
              ElementsAre(Outcome::rejected, Outcome::rejected, Outcome::skipped,
                          Outcome::delivered, Outcome::delivered, Outcome::delivered));
  EXPECT_THAT(run.notes.reasons[2], HasSubstr("suspended"));
  EXPECT_EQ(run.report.deliveries.skipped, 1U);
  EXPECT_EQ(run.report.deliveries.attempts, 5U);
  EXPECT_EQ(run.report.redeliveries.suspensions, 1U);
}

TEST(Redelivery, OfWhatIsWithheldGoesOnAfterTheSuspension) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn(Statuses(1, {500}));
  scenario::Plan plan = plan_with("tts-cloud", 1);
  plan.endpoint.redelivery.suspension = delivery::Suspension{1, 10min};
  const Told run = carry_out(plan, endpoint.url());
  EXPECT_EQ(run.notes.withheld, 1) << "the try after 4 minutes";
  EXPECT_THAT(run.notes.outcomes, ElementsAre(Outcome::delivered));
  EXPECT_THAT(run.notes.tries, ElementsAre(2U));
}

TEST(Redelivery, MeetsAFaultInAsManyTriesAsItsRuleSays) {
  SmallEndpoint endpoint;
  scenario::Plan plan = plan_with("tts-cloud", 1);
  scenario::DeliveryRule rule;
  rule.name = "lost";
  rule.tries = 2;
  delivery::Treatment treatment;
  treatment.fault = delivery::Fault::close_before_answer;
  rule.treatment = std::make_shared<const delivery::Treatment>(treatment);
  plan.delivery_rules = {rule};
  const Told run = carry_out(plan, endpoint.url());
  EXPECT_THAT(run.notes.tries, ElementsAre(3U));
  EXPECT_THAT(run.notes.outcomes, ElementsAre(Outcome::delivered));
}

TEST(Redelivery, PassesInTheWallsTimeUnderALoad) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn({{500}});
  scenario::Plan plan = small_plan();
  plan.field.duration = 1h * 24 * 365;
  plan.endpoint.redelivery.waits = {30ms};
  plan.pace.kind = scenario::PaceKind::load;
  plan.load.emplace();
  plan.load->profile = delivery::LoadProfile({{"all", 100, 100, 100ms}});
  const Told run = carry_out(plan, endpoint.url());
  EXPECT_EQ(run.report.deliveries.planned, 10U);
  EXPECT_EQ(run.report.deliveries.delivered, 10U);
  EXPECT_EQ(run.report.deliveries.attempts, 11U);
  EXPECT_EQ(run.report.redeliveries.delivered, 1U);
}

TEST(Redelivery, OfAnInterruptedRunIsCountedAsGivenUp) {
  SmallEndpoint endpoint;
  endpoint.answer_status(500);
  scenario::Plan plan = plan_with("tts-cloud", 1);
  plan.pace.kind = scenario::PaceKind::realtime;
  plan.pace.factor = 100'000;  // the first uplink is due at once, its next try in some milliseconds
  plan.endpoint.redelivery.waits = {24h * 365};
  Carried carried(plan, endpoint.url());
  Runner runner(plan, carried.settings, carried.journal, carried.judge);
  struct Stop final : check::Observer {
    Runner* runner = nullptr;
    void on(const check::Stamp&, const check::Entry& entry) override {
      if (std::holds_alternative<check::DeliveryTried>(entry)) runner->interrupt();
    }
  } stop;
  stop.runner = &runner;
  carried.journal.add(stop);
  EXPECT_TRUE(runner.run().interrupted);
  const report::Report report = carried.tally.finish({});
  EXPECT_EQ(report.deliveries.planned, 1U);
  EXPECT_EQ(report.deliveries.failed, 1U);
  EXPECT_EQ(report.redeliveries.given_up, 1U);
}

TEST(Redelivery, IsInTheReportThatIsMadeOfTheJournal) {
  SmallEndpoint endpoint;
  endpoint.answer_in_turn({{500}, {503}, {500}, {500}, {500}, {500}});
  scenario::Plan plan = plan_with("tts-cloud", 3);
  plan.endpoint.redelivery.suspension = delivery::Suspension{3, 10min};
  const Told run = carry_out(plan, endpoint.url());
  report::Tally again;
  check::Journal journal;
  journal.add(again);
  std::istringstream lines(run.notes.lines);
  ASSERT_TRUE(report::read_journal(lines, "run.jsonl", journal).has_value());
  EXPECT_EQ(to_json(again.finish({})), to_json(run.report));
  EXPECT_GT(run.report.redeliveries.sent, 0U);
}

}  // namespace
}  // namespace sim::run
