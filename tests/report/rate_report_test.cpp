// Whether a trial held, and how a search is told.
#include "sim/report/rate_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/report/hand_made_report.h"

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// A trial of two seconds whose halves have these latencies.
Report halves(std::chrono::nanoseconds first, std::chrono::nanoseconds second) {
  Report report;
  report.verdict = check::Outcome::passed;
  for (const auto latency : {first, second}) {
    report.phases.push_back({{"load", 100, 100, 1s}, {}, {}, {}});
    report.phases.back().latency.add(latency);
    report.latency.add(latency);
  }
  return report;
}

TEST(RateTrial, HoldsWhereChecksPassAndNothingPilesUp) {
  EXPECT_TRUE(trial_of(100, halves(10ms, 25ms)).held);
  EXPECT_TRUE(trial_of(100, halves(500ms, 10ms)).held);  // it was slow at the beginning
  const RateTrial behind = trial_of(100, halves(10ms, 140ms));
  EXPECT_FALSE(behind.held);
  EXPECT_THAT(behind.why, HasSubstr("fell behind by 13% of the time"));
}

TEST(RateTrial, SaysWhichCheckDidNotHold) {
  Report report = halves(1ms, 1ms);
  report.checks = {test::verdict("expect-1", check::Outcome::passed),
                   test::verdict("expect-2", check::Outcome::failed, check::Level::should),
                   test::verdict("load", check::Outcome::inconclusive)};
  report.verdict = check::overall(report.checks);
  const RateTrial trial = trial_of(250, report);
  EXPECT_FALSE(trial.held);
  EXPECT_EQ(trial.why, "load: what was seen");
  EXPECT_THAT(trial_text(trial), HasSubstr("250/s  did not "));
}

TEST(RateSearchText, SaysHowSureItIs) {
  delivery::RateSearch search({.first = 100, .confirmations = 2});
  EXPECT_EQ(search_text(search), "no rate held\n");
  while (const auto rate = search.next()) search.tell(*rate <= 150);
  EXPECT_THAT(search_text(search), HasSubstr("it held in 2 trials of 2, "));
  const auto json = nlohmann::json::parse(search_json(search, {{100, true, 1ms, 2500us, ""}}));
  EXPECT_LE(json.at("rate").get<double>(), 150);
  EXPECT_GT(json.at("failed_at").get<double>(), 150);
  EXPECT_EQ(json.at("trials").at(0).at("p99_ms"), 2.5);
}

}  // namespace
}  // namespace sim::report
