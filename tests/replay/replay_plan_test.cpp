#include "sim/replay/replay_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/replay/recorded_uplinks.h"

namespace sim::replay {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;

class ReplayPlanTest : public ::testing::Test {
 protected:
  ReplayPlanTest() { survey_ = look_through(folder_.write("a.jsonl", test::three()), nullptr); }

  auto load(const std::string& expect, const std::vector<scenario::Override>& overrides = {}) {
    const std::string path = expect.empty() ? "" : folder_.write("expect.yaml", expect);
    return replay_plan(survey_, seconds(0), path, scenario::real_sources(), overrides);
  }
  std::string errors_of(const std::string& expect,
                        const std::vector<scenario::Override>& overrides = {}) {
    const auto plan = load(expect, overrides);
    std::string text;
    if (!plan) {
      for (const auto& one : plan.error()) text += scenario::to_text(one, false);
    }
    return text;
  }

  sim::test::TemporaryFolder folder_;
  Survey survey_;
};

TEST_F(ReplayPlanTest, ExpectsThatAllIsDeliveredWithoutAFile) {
  const auto plan = load("");
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->name, "replay of a.jsonl");
  EXPECT_EQ(plan->expectations.size(), 2U);
  EXPECT_EQ(plan->pace.kind, scenario::PaceKind::realtime);
  EXPECT_EQ(plan->field.devices.size(), 2U);
  EXPECT_EQ(plan->field.gateways.size(), 2U);
  EXPECT_EQ(plan->application.id, "my-app");
  EXPECT_EQ(plan->application.process, "my-process");
  EXPECT_EQ(plan->dialect->name(), "ttn-v2-wire");
  EXPECT_EQ(plan->field.start, survey_.first);
}

TEST_F(ReplayPlanTest, TakesExpectationsAndFaultsFromAFile) {
  const auto plan = load(
      "endpoint: { url: \"http://127.0.0.1:9/x\" }\n"
      "values: { dry: 3s }\n"
      "deliveries: [{ when: \"moisture < 15\", fault: duplicate }]\n"
      "expect: [{ answer: 2xx, within: $dry }]\n");
  ASSERT_TRUE(plan) << scenario::to_text(plan.error().front(), false);
  EXPECT_EQ(plan->expectations.size(), 1U);
  EXPECT_EQ(plan->delivery_rules.size(), 1U);
  EXPECT_EQ(plan->endpoint.url, "http://127.0.0.1:9/x");
}

TEST_F(ReplayPlanTest, RefusesWhatTheRecordingSays) {
  const std::string errors =
      errors_of("devices: []\nexpect: []\nstart: 2026-01-01T00:00:00Z\nnetwork: {}\n");
  EXPECT_THAT(errors, HasSubstr("expect.yaml:1:1: error: a replay has no 'devices' of its own"));
  EXPECT_THAT(errors, HasSubstr("expect.yaml:3:1: error: a replay has no 'start' of its own"));
  EXPECT_THAT(errors, HasSubstr("expect.yaml:4:1: error: a replay has no 'network' of its own"));
}

TEST_F(ReplayPlanTest, TellsOfErrorsWithTheirPlace) {
  EXPECT_THAT(errors_of("expct: []\n"), HasSubstr("expect.yaml:1:1: error:"));
  EXPECT_THAT(errors_of("- a\n"), HasSubstr("expected a scenario as a mapping"));
  EXPECT_THAT(errors_of("", {{"pace", "fast", "--pace"}}), HasSubstr("'fast' is not a pace"));
}

TEST_F(ReplayPlanTest, OffersALoadThatIsAsLongAsTheRecording) {
  const auto plan = load("", {{"load.rate", "2/s", "--rate"}});
  ASSERT_TRUE(plan) << scenario::to_text(plan.error().front(), false);
  EXPECT_EQ(plan->load->profile.total(), 3U);
  const auto given = load("", {{"load.rate", "2/s", "--rate"}, {"duration", "1s", "--duration"}});
  EXPECT_EQ(given->load->profile.total(), 2U);
}

TEST_F(ReplayPlanTest, TakesNamesThatAreNoneOfTheLanguage) {
  std::string odd = test::body_of("Device \\u00e9 {n}", 1, "");
  odd.replace(odd.find("\"my-app\""), 8, "\"My App: [x]\"");
  survey_ = look_through(folder_.write("o'dd: \"name\".jsonl", odd + "\n"), nullptr);
  const auto plan = load("");
  ASSERT_TRUE(plan) << scenario::to_text(plan.error().front(), false);
  EXPECT_EQ(plan->name, "replay of o'dd: \"name\".jsonl");
  EXPECT_EQ(plan->field.devices[0].id, "Device \xC3\xA9 {n}");
  EXPECT_EQ(plan->application.id, "lnsim");
}

}  // namespace
}  // namespace sim::replay
