#include "sim/run/delivery_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/check/judge.h"
#include "sim/run/runner.h"
#include "tests/run/small_plan.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using scenario::DeliveryRule;
using test::SmallEndpoint;
using ::testing::ElementsAre;

/// What the journal says of uplinks that were due and of deliveries that were repeated.
struct Notes final : check::Observer {
  void on(const check::Stamp&, const check::Entry& entry) override {
    if (const auto* due = std::get_if<check::UplinkDue>(&entry)) {
      treatments.emplace_back(due->treatment);
      order.push_back(due->nth);
    }
    if (const auto* again = std::get_if<check::DeliveryRepeated>(&entry)) {
      repeated.push_back(again->number);
    }
    if (std::get_if<check::UplinkDelivered>(&entry) != nullptr) ++outcomes;
  }

  std::vector<std::string> treatments;
  std::vector<std::uint64_t> order;
  std::vector<std::uint64_t> repeated;
  int outcomes = 0;
};

Notes carry_out(const scenario::Plan& plan, const std::string& url) {
  Notes notes;
  check::Journal journal;
  check::Judge judge(plan.expectations, {url, "POST", {}});
  journal.add(judge);
  journal.add(notes);
  RunnerSettings settings;
  settings.endpoint_url = url;
  settings.stop_on_signals = false;
  Runner(plan, settings, journal, judge).run();
  return notes;
}

check::Condition condition(std::string_view text) {
  return check::Condition::parse(text).value();
}

DeliveryRule rule_for(std::string_view when, std::string_view name = "odd") {
  DeliveryRule rule;
  rule.name = name;
  rule.when = condition(when);
  return rule;
}

dialect::BodyEdit whole(std::string text) {
  dialect::BodyEdit edit;
  edit.text = std::move(text);
  return edit;
}

/// The counters of the bodies that came, in their order; -1 where there is none.
std::vector<int> counters(const std::vector<std::string>& bodies) {
  std::vector<int> counters;
  for (const std::string& body : bodies) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    counters.push_back(json.is_object() ? json.value("counter", -1) : -1);
  }
  return counters;
}

TEST(DeliveryRules, AlterTheBodyOfTheUplinksThatTheyTake) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number == 2");
  rule.body = whole("{oops");
  plan.delivery_rules = {rule};
  const Notes notes = carry_out(plan, endpoint.url());
  EXPECT_THAT(notes.treatments, ElementsAre("", "odd", "", "", "", ""));
  EXPECT_EQ(endpoint.bodies().at(1), "{oops");
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(0, -1, 2, 3, 4, 5));
}

TEST(DeliveryRules, SendAnUplinkBehindLaterOnes) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number == 2");
  rule.after = 2;
  plan.delivery_rules = {rule};
  const Notes notes = carry_out(plan, endpoint.url());
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(0, 2, 3, 1, 4, 5));
  EXPECT_THAT(notes.order, ElementsAre(1, 3, 4, 2, 5, 6));
  EXPECT_EQ(notes.outcomes, 6);
}

TEST(DeliveryRules, SendAtTheEndWhatStillWaitsForLaterUplinks) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number == 5");
  rule.after = 9;
  plan.delivery_rules = {rule};
  carry_out(plan, endpoint.url());
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(0, 1, 2, 3, 5, 4));
}

TEST(DeliveryRules, RepeatTheSameBytesLater) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number == 2");
  rule.repeated_after = 1;
  plan.delivery_rules = {rule};
  const Notes notes = carry_out(plan, endpoint.url());
  const auto bodies = endpoint.bodies();
  EXPECT_THAT(counters(bodies), ElementsAre(0, 1, 2, 1, 3, 4, 5));
  EXPECT_EQ(bodies.at(1), bodies.at(3));
  EXPECT_THAT(notes.repeated, ElementsAre(2));
  EXPECT_EQ(notes.outcomes, 6) << "a repetition is no uplink of its own";
}

TEST(DeliveryRules, HoldDeliveriesBackAndSendThemInABurst) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number <= 4");
  rule.burst = 3;
  plan.delivery_rules = {rule};
  plan.endpoint.sender.connections = 1;
  const Notes notes = carry_out(plan, endpoint.url());
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(0, 1, 2, 4, 5, 3))
      << "the fourth has no others to wait with, and goes at the end";
  EXPECT_THAT(notes.order, ElementsAre(1, 2, 3, 5, 6, 4));
  EXPECT_EQ(notes.outcomes, 6);
}

TEST(DeliveryRules, EndABurstWithTheTimeOfItsRule) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number <= 2");
  rule.burst = 100;
  rule.to = plan.field.start + plan.field.devices[0].sends.first +
            2 * plan.field.devices[0].sends.every - 1ms;
  plan.delivery_rules = {rule};
  plan.endpoint.sender.connections = 1;
  carry_out(plan, endpoint.url());
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(2, 0, 1, 3, 4, 5));
}

TEST(DeliveryRules, DelayADeliveryWhileVirtualTimeStandsStill) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  DeliveryRule rule = rule_for("number == 1");
  rule.delay = 1ms;
  plan.delivery_rules = {rule};
  carry_out(plan, endpoint.url());
  EXPECT_THAT(counters(endpoint.bodies()), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(DeliveryRules, OverrideWhatTheRequestSays) {
  SmallEndpoint endpoint;
  scenario::Plan plan = small_plan();
  plan.count = 1;
  DeliveryRule rule = rule_for("number == 1");
  delivery::Treatment treatment;
  treatment.set_headers = {{"X-Odd", "yes"}};
  treatment.remove_headers = {"Content-Type"};
  rule.treatment = std::make_shared<const delivery::Treatment>(treatment);
  plan.delivery_rules = {rule};
  carry_out(plan, endpoint.url());
  EXPECT_THAT(endpoint.headers(), ::testing::Contains("X-Odd: yes"));
  EXPECT_THAT(endpoint.headers(),
              ::testing::Each(::testing::Not(::testing::HasSubstr("Content-Type"))));
}

TEST(DeliveryRules, OfSeveralTheFirstThatTakesAnUplinkHasIt) {
  const std::vector<DeliveryRule> list = {rule_for("port == 7", "seven"),
                                          rule_for("port > 3", "high")};
  DeliveryRules rules(list, 1);
  const payload::Fields none;
  const auto name = [&](std::uint8_t port) -> std::string {
    const DeliveryRule* taken = rules.take(port, "dev-1", {none, 0, port}, {});
    return taken == nullptr ? "none" : taken->name;
  };
  EXPECT_EQ(name(7), "seven");
  EXPECT_EQ(name(4), "high");
  EXPECT_EQ(name(2), "none");
}

TEST(DeliveryRules, TakeNoMoreThanTheirFirst) {
  std::vector<DeliveryRule> list = {rule_for("true")};
  list[0].first = 2;
  DeliveryRules rules(list, 1);
  const payload::Fields none;
  const auto takes = [&](std::uint64_t uplink) {
    return rules.take(uplink, "dev-1", {none}, {}) != nullptr;
  };
  EXPECT_TRUE(takes(1));
  EXPECT_TRUE(takes(2));
  EXPECT_FALSE(takes(3));
}

TEST(DeliveryRules, TakeOnlyTheirDevicesAndTheirTime) {
  std::vector<DeliveryRule> list = {rule_for("true")};
  list[0].devices = "valve-*";
  list[0].from = engine::SimTime(10s);
  list[0].to = engine::SimTime(20s);
  DeliveryRules rules(list, 1);
  const payload::Fields none;
  const auto takes = [&](std::string_view device, std::chrono::seconds at) {
    return rules.take(1, device, {none}, engine::SimTime(at)) != nullptr;
  };
  EXPECT_TRUE(takes("valve-1", 10s));
  EXPECT_FALSE(takes("valve-1", 9s));
  EXPECT_FALSE(takes("valve-1", 20s));
  EXPECT_FALSE(takes("door-1", 15s));
}

TEST(DeliveryRules, DrawTheirShareTheSameInEveryRun) {
  std::vector<DeliveryRule> list = {rule_for("true")};
  list[0].share = 0.3;
  const payload::Fields none;
  const auto taken_by = [&](std::uint64_t seed) {
    DeliveryRules rules(list, seed);
    std::vector<std::uint64_t> taken;
    for (std::uint64_t uplink = 1; uplink <= 1'000; ++uplink) {
      if (rules.take(uplink, "dev-1", {none}, {}) != nullptr) taken.push_back(uplink);
    }
    return taken;
  };
  const auto taken = taken_by(7);
  EXPECT_GT(taken.size(), 240U);
  EXPECT_LT(taken.size(), 360U);
  EXPECT_EQ(taken, taken_by(7));
  EXPECT_NE(taken, taken_by(8));
}

}  // namespace
}  // namespace sim::run
