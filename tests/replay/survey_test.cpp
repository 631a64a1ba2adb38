#include "sim/replay/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/replay/recorded_uplinks.h"

namespace sim::replay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SurveyTest : public ::testing::Test {
 protected:
  Survey survey_of(const std::string& text, const dialect::Dialect* dialect = nullptr) {
    return look_through(folder_.write("a.jsonl", text), dialect);
  }
  sim::test::TemporaryFolder folder_;
};

TEST_F(SurveyTest, SaysWhatARecordingHolds) {
  const Survey survey = survey_of(test::three());
  EXPECT_EQ(survey.uplinks, 3U);
  EXPECT_EQ(survey.dialect->name(), "ttn-v2-wire");
  EXPECT_EQ(survey.region->name, "EU868");
  EXPECT_EQ(survey.first, test::at("2026-03-01T08:00:00.5Z"));
  EXPECT_EQ(survey.last, test::at("2026-03-01T08:01:00Z"));
  ASSERT_EQ(survey.devices.size(), 2U);
  EXPECT_EQ(survey.devices[0].id, "a");
  EXPECT_EQ(survey.devices[1].dev_eui.value, 0x0102030405060708U);
  ASSERT_EQ(survey.gateways.size(), 2U);
  EXPECT_FALSE(survey.gateways[0].location_known);
  EXPECT_EQ(survey.app_id, "my-app");
  EXPECT_EQ(survey.process, "my-process");
  EXPECT_THAT(survey.masked_headers, ElementsAre("Authorization"));
  EXPECT_THAT(survey.problems, IsEmpty());
}

TEST_F(SurveyTest, TellsOfWhatIsNoUplink) {
  const Survey survey =
      survey_of("garbage\n" + test::line(test::recorded("2026-03-01T08:00:00Z", "{\"x\":1}")) +
                test::line(test::recorded("2026-03-01T08:00:00Z", "\xff")) + test::three() +
                "{\"dev_id\":\"a\",\"counter\":\"x\"}\n");
  EXPECT_EQ(survey.uplinks, 3U);
  EXPECT_EQ(survey.broken, 4U);
  EXPECT_THAT(survey.problems, HasSubstr("a.jsonl:1: the line is not JSON"));
  EXPECT_THAT(survey.problems, HasSubstr("a.jsonl:2: its body is no uplink of a dialect"));
  EXPECT_THAT(survey.problems, HasSubstr("a.jsonl:3: its body is no uplink of a dialect"));
  EXPECT_THAT(survey.problems, HasSubstr("a.jsonl:7: counter is \"x\"; it takes a whole number"));
}

TEST_F(SurveyTest, FindsTheRegionAndTakesTheDialectThatIsSaid) {
  std::string american = test::body_of("a", 1, "2026-03-01T08:00:00Z");
  american.replace(american.find("868.1"), 5, "904.3");
  const auto* documented = dialect::find_dialect("ttn-v2");
  const Survey survey = survey_of(american + "\n", documented);
  EXPECT_EQ(survey.region->name, "US915");
  EXPECT_EQ(survey.dialect, documented);
  EXPECT_EQ(survey.first, test::at("2026-03-01T08:00:00Z"));
}

TEST_F(SurveyTest, TakesAFileWithNothingInIt) {
  const Survey survey = survey_of("");
  EXPECT_EQ(survey.uplinks, 0U);
  EXPECT_NE(survey.dialect, nullptr);
  EXPECT_THROW(look_through(folder_.file("none"), nullptr), std::system_error);
}

}  // namespace
}  // namespace sim::replay
