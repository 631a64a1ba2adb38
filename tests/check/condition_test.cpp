#include "sim/check/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace sim::check {
namespace {

using ::testing::ElementsAre;

payload::Fields some_fields() {
  payload::Fields gps;
  gps.set("latitude", 52.5);
  payload::Fields fields;
  fields.set("moisture", 14);
  fields.set("temperature", -3.5);
  fields.set("open", true);
  fields.set("shut", false);
  fields.set("mode", "auto");
  fields.set("soil-1", 7);
  fields.set("gps", gps);
  fields.set("a.b", 1);
  fields.set("nothing", payload::Value());
  fields.set("list", payload::Array{1, 2});
  fields.set("température", 21);
  return fields;
}

bool holds(const std::string& text) {
  const auto condition = Condition::parse(text);
  if (!condition) {
    ADD_FAILURE() << text << ": " << condition.error().reason;
    return false;
  }
  static const payload::Fields fields = some_fields();
  return condition->holds({fields, 42, 2, true, false, 3, 5, "malformed"});
}

struct Case {
  const char* text;
  bool holds;
};

class ConditionTruth : public ::testing::TestWithParam<Case> {};

TEST_P(ConditionTruth, IsAsInTheTable) {
  EXPECT_EQ(holds(GetParam().text), GetParam().holds) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Condition, ConditionTruth,
    ::testing::Values(
        Case{"number == 5", true}, Case{"treatment == 'malformed'", true},
        Case{"treatment == ''", false}, Case{"moisture < 15", true}, Case{"moisture < 14", false},
        Case{"moisture <= 14", true}, Case{"moisture > 13.99", true}, Case{"moisture >= 15", false},
        Case{"moisture == 14.0", true}, Case{"moisture != 14", false}, Case{"15 > moisture", true},
        Case{"temperature<-3", true}, Case{"temperature < -3.5e0", false}, Case{"open", true},
        Case{"shut", false}, Case{"not shut", true}, Case{"not not open", true},
        Case{"open == true", true}, Case{"shut == true", false}, Case{"open != shut", true},
        Case{"open == 1", true}, Case{"mode == \"auto\"", true}, Case{"mode == 'manual'", false},
        Case{"mode < 'b'", true}, Case{"mode == 1", false}, Case{"mode != 1", true},
        Case{"mode", false}, Case{"missing", false}, Case{"missing == 1", false},
        Case{"missing != 1", false}, Case{"not missing < 3", true}, Case{"nothing == 0", false},
        Case{"list == 1", false}, Case{"gps.latitude > 52", true}, Case{"gps.longitude > 0", false},
        Case{"mode.x == 1", false}, Case{"a.b == 1", true}, Case{"soil-1 == 7", true},
        Case{"température == 21", true}, Case{"is_retry", false}, Case{"confirmed", true},
        Case{"port == 2", true}, Case{"counter == 42", true}, Case{"gateways >= 3", true},
        Case{"true", true}, Case{"false or true", true}, Case{"1 < 2", true},
        Case{"moisture < 15 and not is_retry", true}, Case{"open and shut or open", true},
        Case{"open or open and shut", true}, Case{"(open or open) and shut", false},
        Case{"not (open and shut)", true}, Case{"not open or shut", false},
        Case{"  (\tmoisture\n<15 )  ", true}, Case{"mode == 'it\\'s'", false}));

TEST(Condition, ReadsASignBehindAnOperator) {
  EXPECT_TRUE(holds("temperature < +1"));
}

struct Mistake {
  const char* text;
  std::size_t offset;
  const char* reason;
};

class ConditionMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ConditionMistake, IsToldWithItsPlace) {
  const auto condition = Condition::parse(GetParam().text);
  ASSERT_FALSE(condition.has_value()) << GetParam().text;
  EXPECT_EQ(condition.error().reason, GetParam().reason) << GetParam().text;
  EXPECT_EQ(condition.error().offset, GetParam().offset) << GetParam().text;
}

constexpr const char* kOperand = "expected a field, a number, true, false or a quoted text here";
constexpr const char* kComparison = "expected a comparison here: < <= > >= == or !=";

INSTANTIATE_TEST_SUITE_P(
    Condition, ConditionMistake,
    ::testing::Values(
        Mistake{"", 0, "the condition is empty"}, Mistake{"   ", 0, "the condition is empty"},
        Mistake{"moisture <", 10, kOperand}, Mistake{"< 3", 0, kOperand},
        Mistake{"a and", 5, kOperand}, Mistake{"and a", 0, kOperand},
        Mistake{"a and or b", 6, kOperand}, Mistake{"not", 3, kOperand}, Mistake{"()", 1, kOperand},
        Mistake{"15", 2, kComparison}, Mistake{"'text' and a", 7, kComparison},
        Mistake{"a b", 2, "expected 'and', 'or' or the end of the condition here"},
        Mistake{"a < b < c", 6, "comparisons cannot be chained: write 'a < b and b < c'"},
        Mistake{"(a", 0, "this '(' is not closed"},
        Mistake{"(a b)", 3, "expected 'and', 'or' or ')' here"},
        Mistake{"a)", 1, "this ')' closes nothing"},
        Mistake{"a = 3", 2, "write '==' instead of '='"},
        Mistake{"a && b", 2, "write 'and' instead of '&&'"},
        Mistake{"a || b", 2, "write 'or' instead of '||'"},
        Mistake{"!a", 0, "write 'not' instead of '!'"},
        Mistake{"a < 15%", 6, "a number ends here; units cannot be used in a condition"},
        Mistake{"a < 5s", 5, "a number ends here; units cannot be used in a condition"},
        Mistake{"a < 1e999", 4, "the number is too large or too small"},
        Mistake{"a == 'x", 5, "the quoted text has no end"},
        Mistake{"a + b", 2, "'+' means nothing in a condition"},
        Mistake{"a \x01 b", 2, "a character that means nothing in a condition"}));

TEST(Condition, NamesItsFieldsOnceAndWithoutTheBuiltInNames) {
  const auto condition = Condition::parse(
      "moisture < 15 and (open or gps.latitude > 3) and not is_retry and "
      "moisture > 2 and port == 1 and true");
  ASSERT_TRUE(condition.has_value());
  EXPECT_THAT(condition->names(), ElementsAre("moisture", "open", "gps.latitude"));
}

TEST(Condition, KeepsItsText) {
  EXPECT_EQ(Condition::parse(" a  <3 ")->text(), " a  <3 ");
}

TEST(Condition, TakesNestingUpToABound) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_TRUE(Condition::parse(nested(60)).has_value());
  const auto deep = Condition::parse(nested(2000));
  ASSERT_FALSE(deep.has_value());
  EXPECT_EQ(deep.error().reason, "the condition is nested too deeply");
  std::string negations;
  for (int i = 0; i < 900; ++i) negations += "not ";
  EXPECT_EQ(Condition::parse(negations + "a").error().reason, "the condition is nested too deeply");
}

TEST(Condition, TakesLongChainsUpToABound) {
  std::string chain = "a";
  while (chain.size() < 4000) chain += " or a";
  EXPECT_TRUE(Condition::parse(chain).has_value());
  chain += std::string(200, ' ');
  EXPECT_EQ(Condition::parse(chain).error().reason, "the condition is longer than 4096 bytes");
}

}  // namespace
}  // namespace sim::check
