#include "sim/payload/generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <set>

#include "tests/support/allocation_count.h"

namespace sim::payload {
namespace {

using ::testing::ElementsAre;

engine::Random random_of(std::uint64_t device) {
  return {1, engine::Purpose::fields, device};
}

/// The first `count` values of a device with one field.
std::vector<Value> values_of(const Generator& generator, int count, std::uint64_t device = 0) {
  const std::vector<FieldPlan> plans{{"f", generator}};
  FieldState state(plans);
  engine::Random random = random_of(device);
  std::vector<Value> values;
  for (int i = 0; i < count; ++i) {
    state.advance(random);
    values.push_back(*state.fields().find("f"));
  }
  return values;
}

bool is_whole(const Value& value) {
  return std::holds_alternative<std::int64_t>(value.variant());
}

TEST(FieldState, HasNoValuesBeforeTheFirstUplink) {
  const std::vector<FieldPlan> plans{{"f", Constant{1}}};
  EXPECT_TRUE(FieldState(plans).fields().empty());
}

TEST(FieldState, RepeatsAConstant) {
  EXPECT_THAT(values_of(Constant{"on"}, 3), ElementsAre(Value("on"), Value("on"), Value("on")));
}

TEST(FieldState, CountsUpFromTheStart) {
  EXPECT_THAT(values_of(Count{5, 2}, 3), ElementsAre(Value(5), Value(7), Value(9)));
  EXPECT_THAT(values_of(Count{0, -1}, 2), ElementsAre(Value(0), Value(-1)));
}

TEST(FieldState, WrapsACounterThatRunsOver) {
  EXPECT_THAT(values_of(Count{std::numeric_limits<std::int64_t>::max(), 1}, 2),
              ElementsAre(Value(std::numeric_limits<std::int64_t>::max()),
                          Value(std::numeric_limits<std::int64_t>::min())));
}

TEST(FieldState, TakesTheValuesOfASequenceInTurnAndKeepsTheLast) {
  EXPECT_THAT(values_of(Sequence{{Value(3), Value("x")}}, 4),
              ElementsAre(Value(3), Value("x"), Value("x"), Value("x")));
}

TEST(FieldState, WalksInStepsAndStaysWithinTheEnds) {
  const std::vector<Value> values = values_of(Walk{10, 40, 2, 25, 0}, 2000);
  EXPECT_EQ(values[0], Value(25));
  double lowest = 40;
  double highest = 10;
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_TRUE(is_whole(values[i]));
    lowest = std::min(lowest, values[i].number());
    highest = std::max(highest, values[i].number());
    if (i > 0) {
      EXPECT_LE(std::abs(values[i].number() - values[i - 1].number()), 2.0);
    }
  }
  EXPECT_GE(lowest, 10);
  EXPECT_LE(highest, 40);
  EXPECT_LE(lowest, 12) << "2000 steps reach both ends";
  EXPECT_GE(highest, 38) << "2000 steps reach both ends";
}

TEST(FieldState, WalksWithStepsSmallerThanItsDecimals) {
  const std::vector<Value> values = values_of(Walk{0, 10, 0.3, 5, 0}, 500);
  std::set<double> seen;
  for (const Value& value : values) seen.insert(value.number());
  EXPECT_GT(seen.size(), 3u);
}

TEST(FieldState, WalksWithStepsLongerThanTheRange) {
  for (const Value& value : values_of(Walk{0, 1, 100, 0, 1}, 200)) {
    EXPECT_GE(value.number(), 0);
    EXPECT_LE(value.number(), 1);
  }
}

TEST(FieldState, DrawsBothEndsOfARangeLikeTheRest) {
  int counts[3] = {};
  for (const Value& value : values_of(Uniform{1, 3, 0}, 3000)) {
    ASSERT_TRUE(is_whole(value));
    ++counts[static_cast<std::size_t>(value.number()) - 1];
  }
  for (const int count : counts) {
    EXPECT_GT(count, 880);
    EXPECT_LT(count, 1120);
  }
}

TEST(FieldState, KeepsTheDecimalsThatAreAskedFor) {
  for (const Value& value : values_of(Uniform{-1, 1, 1}, 300)) {
    EXPECT_LE(to_text(value).size(), 4u) << to_text(value);
    EXPECT_NE(to_text(value), "-0");
  }
}

TEST(FieldState, DrawsFromRangesThatNoGridCovers) {
  for (const Value& value : values_of(Uniform{-1e300, 1e300, 2}, 20)) {
    EXPECT_FALSE(is_whole(value));
    EXPECT_LE(std::abs(value.number()), 1e300);
  }
}

TEST(FieldState, ChoosesAmongItsValues) {
  std::set<std::string> seen;
  for (const Value& value : values_of(Choice{{"a", "b", 3}}, 100)) seen.insert(to_text(value));
  EXPECT_THAT(seen, ElementsAre("\"a\"", "\"b\"", "3"));
}

TEST(FieldState, IsAFunctionOfSeedDeviceAndCount) {
  EXPECT_EQ(values_of(Walk{0, 100, 5, 50, 2}, 50, 7), values_of(Walk{0, 100, 5, 50, 2}, 50, 7));
  EXPECT_NE(values_of(Walk{0, 100, 5, 50, 2}, 50, 7), values_of(Walk{0, 100, 5, 50, 2}, 50, 8));
}

TEST(FieldState, KeepsAConstantThatADownlinkSet) {
  const std::vector<FieldPlan> plans{{"open", Constant{false}}};
  FieldState state(plans);
  engine::Random random = random_of(0);
  state.advance(random);
  state.set("open", true);
  state.advance(random);
  EXPECT_EQ(*state.fields().find("open"), Value(true));
}

TEST(FieldState, KeepsAConstantThatWasSetBeforeTheFirstUplink) {
  const std::vector<FieldPlan> plans{{"open", Constant{false}}};
  FieldState state(plans);
  engine::Random random = random_of(0);
  state.set("open", true);
  state.advance(random);
  EXPECT_EQ(*state.fields().find("open"), Value(true));
}

TEST(FieldState, WalksOnFromWhereADownlinkSetIt) {
  const std::vector<FieldPlan> plans{{"level", Walk{0, 100, 1, 10, 0}}};
  FieldState state(plans);
  engine::Random random = random_of(0);
  state.advance(random);
  state.set("level", 80);
  EXPECT_EQ(*state.fields().find("level"), Value(80));
  state.advance(random);
  EXPECT_GE(state.fields().find("level")->number(), 79);
  EXPECT_LE(state.fields().find("level")->number(), 81);
}

TEST(FieldState, IgnoresNamesThatTheDeviceDoesNotHave) {
  FieldState nobody;
  nobody.set("open", true);
  engine::Random random = random_of(0);
  nobody.advance(random);
  EXPECT_TRUE(nobody.fields().empty());
}

TEST(FieldState, AllocatesNothingForNumbersAfterTheFirstUplink) {
  const std::vector<FieldPlan> plans{{"a", Walk{0, 9, 1, 5, 1}},
                                     {"b", Uniform{0, 9, 0}},
                                     {"c", Count{0, 1}},
                                     {"d", Constant{1}},
                                     {"e", Choice{{1, 2.5, true}}}};
  FieldState state(plans);
  engine::Random random = random_of(0);
  state.advance(random);
  const std::uint64_t before = test::allocation_count();
  for (int i = 0; i < 100; ++i) state.advance(random);
  EXPECT_EQ(test::allocation_count() - before, 0u);
}

}  // namespace
}  // namespace sim::payload
