// A run under a load: its uplinks go at the load's moments, and it ends with the load.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/judge.h"
#include "sim/run/runner.h"
#include "sim/scenario/load.h"
#include "tests/run/small_plan.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using test::SmallEndpoint;
using ::testing::Each;
using ::testing::SizeIs;

/// Keeps when each uplink was due, and its phase.
struct Dues final : check::Observer {
  void on(const check::Stamp&, const check::Entry& entry) override {
    if (const auto* e = std::get_if<check::UplinkDelivered>(&entry)) {
      dues.push_back(e->delivery->due);
      phases.push_back(e->phase);
      outcomes.push_back(e->delivery->outcome);
    }
    if (const auto* e = std::get_if<check::SecondPassed>(&entry)) seconds.push_back(*e);
    if (const auto* e = std::get_if<check::LoadPlanned>(&entry)) {
      planned = e->profile->total();
    }
  }

  std::vector<delivery::WallTime> dues;
  std::vector<std::uint16_t> phases;
  std::vector<delivery::Outcome> outcomes;
  std::vector<check::SecondPassed> seconds;
  std::uint64_t planned = 0;
};

struct Ran {
  Dues dues;
  std::vector<check::Verdict> verdicts;
};

Ran offer(scenario::Plan& plan, std::vector<delivery::LoadPhase> phases) {
  plan.load.emplace().profile = delivery::LoadProfile(std::move(phases));
  plan.load->most_late = 1h;  // whatever else this machine does
  plan.pace = {scenario::PaceKind::load, 1};
  check::Expectation expectation;
  expectation.what = check::LoadExpectation{plan.load->profile.total(), 0, 1h};
  plan.expectations = {expectation};
  scenario::for_as_long_as_needed(plan);
  SmallEndpoint endpoint;
  Ran ran;
  Meter meter;
  check::Journal journal;
  check::Judge judge(plan.expectations, {endpoint.url(), "POST", {}});
  for (check::Observer* one : std::initializer_list<check::Observer*>{&judge, &ran.dues, &meter}) {
    journal.add(*one);
  }
  RunnerSettings settings;
  settings.endpoint_url = endpoint.url();
  settings.stop_on_signals = false;
  settings.meter = &meter;
  Runner(plan, settings, journal, judge).run();
  ran.verdicts = judge.verdicts();
  return ran;
}

TEST(Load, PostsAtItsOwnMomentsWhateverTheDevicesIntervals) {
  scenario::Plan plan = small_plan();  // an uplink in ten minutes
  const Ran ran = offer(plan, {{"slow", 100, 100, 50ms}, {"fast", 500, 500, 40ms}});
  EXPECT_EQ(ran.dues.planned, 25U);
  ASSERT_THAT(ran.dues.dues, SizeIs(25));
  EXPECT_THAT(ran.dues.outcomes, Each(delivery::Outcome::delivered));
  for (std::size_t i = 1; i < 25; ++i) {
    EXPECT_EQ(ran.dues.dues[i] - ran.dues.dues[i - 1], i < 6 ? 10ms : 2ms) << i;
    EXPECT_EQ(ran.dues.phases[i], i < 5 ? 0 : 1) << i;
  }
  EXPECT_EQ(ran.verdicts.at(0).outcome, check::Outcome::passed);
}

TEST(Load, EndsWithASecondThatIsNotWhole) {
  scenario::Plan plan = small_plan();
  const Ran ran = offer(plan, {{"load", 200, 200, 50ms}});
  std::uint64_t due = 0, delivered = 0;
  for (const check::SecondPassed& second : ran.dues.seconds) {
    due += second.due;
    delivered += second.delivered;
  }
  EXPECT_EQ(due, 10U);
  EXPECT_EQ(delivered, 10U);
  EXPECT_EQ(ran.dues.seconds.back().in_flight, 0U);
}

TEST(Load, StopsAtTheCount) {
  scenario::Plan plan = small_plan();
  plan.count = 3;
  EXPECT_THAT(offer(plan, {{"load", 200, 200, 50ms}}).dues.dues, SizeIs(3));
}

TEST(Load, SaysThatDevicesHadNothingMoreToSend) {
  scenario::Plan plan = small_plan();
  plan.field.devices[0].sends.first = 200 * 24h * 365;  // beyond any end
  const Ran ran = offer(plan, {{"load", 200, 200, 50ms}});
  EXPECT_THAT(ran.dues.dues, SizeIs(0));
  EXPECT_EQ(ran.verdicts.at(0).outcome, check::Outcome::inconclusive);
}

}  // namespace
}  // namespace sim::run
