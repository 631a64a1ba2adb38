// A misbehaving network, as the plan has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "sim/scenario/load.h"
#include "tests/scenario/schema_check.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;
using Kind = check::CallFault::Kind;

const std::string kText = R"(
name: A misbehaving network
gateways: [{ id: gw-1, at: [52.0, 5.0] }]
devices: [{ id: dev-1, every: 10min }]
timeline:
  - { at: 10min, downlink_api: { answer: 429, retry_after: 5s, share: 50% }, for: 10min }
  - { at: 20min, downlink_api: { answer: 500, delay: 250ms, calls: 2 }, for: 10min }
  - { at: 30min, downlink_api: { delay: 3s }, for: 10min }
  - { at: 40min, downlink_api: { fault: silent }, for: 10min }
expect:
  - { retry: "429, 5xx", within: 10s, respects_retry_after: true, at_most: 5 }
  - { retry: 401, none: true, within: 2s }
  - { retry: silent }
)";

TEST(CallFaults, AreWindowsOfThePlan) {
  const auto plan = test::load_text(kText);
  ASSERT_TRUE(plan) << test::errors_of(plan);
  ASSERT_THAT(plan->call_faults, SizeIs(4));
  const CallFaultWindow& first = plan->call_faults[0];
  EXPECT_EQ(first.from, plan->field.start + 10min);
  EXPECT_EQ(first.to, plan->field.start + 20min);
  EXPECT_EQ(first.fault.kind, Kind::answer);
  EXPECT_EQ(first.fault.status, 429);
  EXPECT_EQ(first.fault.retry_after, 5s);
  EXPECT_DOUBLE_EQ(first.share, 0.5);
  EXPECT_EQ(first.calls, 0U);
  EXPECT_EQ(plan->call_faults[1].fault.delay, 250ms);
  EXPECT_EQ(plan->call_faults[1].fault.retry_after, std::nullopt);
  EXPECT_EQ(plan->call_faults[1].calls, 2U);
  EXPECT_EQ(plan->call_faults[2].fault.kind, Kind::late);
  EXPECT_EQ(plan->call_faults[2].fault.delay, 3s);
  EXPECT_EQ(plan->call_faults[3].fault.kind, Kind::silent);
}

TEST(CallFaults, AreWhatExpectationsOfRetriesAreAbout) {
  const auto plan = test::load_text(kText);
  ASSERT_TRUE(plan) << test::errors_of(plan);
  ASSERT_THAT(plan->expectations, SizeIs(3));
  EXPECT_EQ(plan->expectations[0].title,
            "each downlink call that was answered with 429, 5xx is tried again within 10 s, not "
            "before its Retry-After has passed, with at most 5 tries in all");
  EXPECT_EQ(plan->expectations[1].title,
            "no downlink call that was answered with 401 is tried again within 2 s");
  EXPECT_EQ(std::get<check::RetryExpectation>(plan->expectations[2].what).within, 5s);
}

TEST(CallFaults, AreKnownToTheSchema) {
  EXPECT_EQ(test::schema_problems(YAML::Load(kText)), "");
}

}  // namespace
}  // namespace sim::scenario
