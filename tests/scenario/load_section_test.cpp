// What `load:` becomes, and what goes together with it. Its mistakes are in bad/load.yaml and
// bad_meaning/load.yaml.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/load.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::kSmall;
using test::load_text;
using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(LoadSection, TakesOneRateForTheScenariosDuration) {
  const auto plan = load_text(kSmall + "duration: 2min\nload: { rate: 30/min }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  ASSERT_TRUE(plan->load);
  EXPECT_EQ(plan->pace.kind, PaceKind::load);
  const auto& phases = plan->load->profile.phases();
  ASSERT_THAT(phases, SizeIs(1));
  EXPECT_EQ(phases[0].rate, 0.5);
  EXPECT_EQ(phases[0].last_rate, 0.5);
  EXPECT_EQ(phases[0].length, 2min);
  EXPECT_EQ(plan->load->profile.total(), 60U);
  EXPECT_EQ(plan->load->arrivals, delivery::Arrivals::even);
  EXPECT_EQ(plan->endpoint.sender.longest_wait, 5s);
}

TEST(LoadSection, TakesPhases) {
  const auto plan = load_text(kSmall +
                              "load:\n"
                              "  arrivals: random\n"
                              "  skipped: 5%\n"
                              "  late: 20ms\n"
                              "  wait: 1s\n"
                              "  phases:\n"
                              "    - { name: warm-up, rate: 0/s, ramp_to: 3600/h, for: 10s }\n"
                              "    - { rate: 500/s, for: 1min }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& phases = plan->load->profile.phases();
  ASSERT_THAT(phases, SizeIs(2));
  EXPECT_EQ(phases[0].name, "warm-up");
  EXPECT_EQ(phases[0].rate, 0);
  EXPECT_EQ(phases[0].last_rate, 1);
  EXPECT_EQ(phases[1].name, "phase 2");
  EXPECT_EQ(phases[1].last_rate, 500);
  EXPECT_EQ(plan->load->arrivals, delivery::Arrivals::random);
  EXPECT_EQ(plan->load->most_skipped, 0.05);
  EXPECT_EQ(plan->load->most_late, 20ms);
  EXPECT_EQ(plan->endpoint.sender.longest_wait, 1s);
}

TEST(LoadSection, IsJudgedFirst) {
  const auto plan = load_text(kSmall +
                              "count: 7\nload: { rate: 10/s, for: 1s }\n"
                              "expect: [{ uplinks: delivered }]\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  ASSERT_THAT(plan->expectations, SizeIs(2));
  EXPECT_EQ(plan->expectations[0].id, "load");
  EXPECT_EQ(plan->expectations[0].place.line, 5);
  const auto& wanted = std::get<check::LoadExpectation>(plan->expectations[0].what);
  EXPECT_EQ(wanted.planned, 7U);
  EXPECT_EQ(wanted.most_late, 100ms);
}

TEST(LoadSection, LetsAnExpectationNameAPhase) {
  const auto plan = load_text(kSmall +
                              "load: { phases: [{ name: peak, rate: 10/s, for: 1s }] }\n"
                              "expect: [{ latency: p99, below: 1s, phase: peak }]\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  const auto& wanted = std::get<check::LatencyExpectation>(plan->expectations.at(1).what);
  EXPECT_EQ(wanted.phase, "peak");
  EXPECT_EQ(plan->expectations[1].title, "latency p99 below 1 s in peak");
}

TEST(LoadSection, MayComeFromTheCommandLine) {
  const auto plan = load_text(
      kSmall, {{"load.rate", "10/s", "--rate"}, {"duration", "1min", "--duration"}});
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->load->profile.total(), 600U);
  const auto wrong = load_text(kSmall, {{"load.rate", "10", "--rate"}});
  EXPECT_THAT(errors_of(wrong), HasSubstr("--rate: error: '10' is not a rate"));
}

TEST(LoadSection, LetsDevicesSendForAsLongAsNeeded) {
  auto plan = load_text(kSmall + "load: { rate: 10/s, for: 1s }\n");
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(plan->field.duration, 1h);  // generate and serve know no load
  for_as_long_as_needed(*plan);
  EXPECT_GT(plan->field.duration, 24h * 366);
  auto plain = load_text(kSmall);
  for_as_long_as_needed(*plain);
  EXPECT_EQ(plain->field.duration, 1h);
}

}  // namespace
}  // namespace sim::scenario
