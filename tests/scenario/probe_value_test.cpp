// Probes and what is expected of them, as the plan has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/scenario/load.h"
#include "tests/scenario/schema_check.h"
#include "tests/scenario/texts.h"

namespace sim::scenario {
namespace {

using namespace std::chrono_literals;
using test::errors_of;
using test::kSmall;
using test::load_text;
using test::Texts;

const check::StoredExpectation& stored(const Plan& plan, std::size_t index) {
  return std::get<check::StoredExpectation>(plan.expectations.at(index).what);
}

TEST(Probe, IsAUrlWithDefaults) {
  const std::string text =
      kSmall + "endpoint: { probe: { url: \"http://127.0.0.1:8080/probe/{device}?x=1\" } }\n";
  const auto plan = load_text(text);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  ASSERT_TRUE(plan->endpoint.probe);
  const ProbePlan& probe = *plan->endpoint.probe;
  EXPECT_EQ(probe.url, "http://127.0.0.1:8080/probe/{device}?x=1");
  EXPECT_TRUE(probe.command.empty());
  EXPECT_EQ(probe.timeout, 2s);
  EXPECT_EQ(probe.pointers.count, "/count");
  EXPECT_EQ(probe.pointers.counter, "/counter");
  EXPECT_EQ(probe.pointers.fields, "/fields");
}

TEST(Probe, HasAllThatCanBeSaid) {
  const std::string text = kSmall +
                           "endpoint:\n"
                           "  probe:\n"
                           "    url: \"http://h/probe?device={device}\"\n"
                           "    authorization: Bearer x\n"
                           "    timeout: 250ms\n"
                           "    count: \"\"\n"
                           "    counter: /last/0/counter\n"
                           "    fields: /last~1fields\n";
  const auto plan = load_text(text);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  const ProbePlan& probe = *plan->endpoint.probe;
  EXPECT_EQ(probe.authorization, "Bearer x");
  EXPECT_EQ(probe.timeout, 250ms);
  EXPECT_EQ(probe.pointers.count, "");
  EXPECT_EQ(probe.pointers.fields, "/last~1fields");
}

TEST(Probe, IsACommandThatKnowsWhichWordsAreOfTheEnvironment) {
  const Texts texts{
      {{"test.yaml", kSmall + "endpoint:\n"
                              "  probe:\n"
                              "    command: [psql, \"${DATABASE}\", \"'{device}'\"]\n"}},
      {{"DATABASE", "postgres://u:secret@h/db"}}};
  const auto plan = load("test.yaml", texts.sources());
  ASSERT_TRUE(plan) << errors_of(plan);
  const ProbePlan& probe = *plan->endpoint.probe;
  ASSERT_EQ(probe.command.size(), 3U);
  EXPECT_EQ(probe.command[1].text, "postgres://u:secret@h/db");
  EXPECT_TRUE(probe.command[1].from_environment);
  EXPECT_EQ(probe.command[2].text, "'{device}'");
  EXPECT_FALSE(probe.command[2].from_environment);
  EXPECT_EQ(probe.place.line, 6);
  EXPECT_EQ(probe.place.column, 5);
}

TEST(Probe, IsNotThereWhereNothingIsSaid) {
  EXPECT_FALSE(load_text(kSmall)->endpoint.probe);
}

TEST(StoredExpectation, HasACountACounterAndFields) {
  const std::string text =
      kSmall +
      "expect:\n"
      "  - { stored: { count: delivered } }\n"
      "  - { stored: { count: 3, counter: 7, fields: { moisture: 12 } }, to: \"dev-*\" }\n";
  const auto plan = load_text(text);
  ASSERT_TRUE(plan) << errors_of(plan);
  EXPECT_EQ(test::schema_problems(YAML::Load(text)), "");
  EXPECT_TRUE(stored(*plan, 0).count_delivered);
  EXPECT_FALSE(stored(*plan, 0).count);
  EXPECT_EQ(stored(*plan, 1).count, 3U);
  EXPECT_EQ(stored(*plan, 1).counter, 7U);
  EXPECT_EQ(to_text(stored(*plan, 1).fields), "{\"moisture\":12}");
  EXPECT_EQ(stored(*plan, 1).to, "dev-*");
  EXPECT_EQ(plan->expectations[1].title,
            "of each of dev-*: 3 more uplinks stored, the latest has counter 7 and fields "
            "{\"moisture\":12}");
}

}  // namespace
}  // namespace sim::scenario
