#include "sim/check/probe_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim::check {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string problem(const std::string& text, const ProbePointers& pointers = {}) {
  const auto told = read_probe_answer(text, pointers);
  return told ? "none" : told.error();
}

TEST(ProbeAnswer, TellsWhatThePointersName) {
  const auto told =
      read_probe_answer(R"({"n": 3.0, "last": [{"counter": 7, "fields": {"moisture": 12}}]})",
                        {"/n", "/last/0/counter", "/last/0/fields"});
  ASSERT_TRUE(told) << told.error();
  EXPECT_TRUE(told->knows_device);
  EXPECT_EQ(told->count, 3U);
  EXPECT_EQ(told->counter, 7U);
  EXPECT_EQ(to_text(*told->fields), R"({"moisture":12})");
}

TEST(ProbeAnswer, DoesNotTellWhatIsNotThere) {
  const auto told = read_probe_answer(R"({"counter": null, "more": 1})", {});
  ASSERT_TRUE(told) << told.error();
  EXPECT_TRUE(told->knows_device);
  EXPECT_FALSE(told->count);
  EXPECT_FALSE(told->counter);
  EXPECT_FALSE(told->fields);
}

TEST(ProbeAnswer, IsANumberAloneWhereThePointerIsEmpty) {
  EXPECT_EQ(read_probe_answer(" 12\n", {"", "/counter", "/fields"})->count, 12U);
  EXPECT_EQ(read_probe_answer("[4, 9]", {"/0", "/1", "/fields"})->counter, 9U);
}

TEST(ProbeAnswer, SaysByNullThatADeviceIsNotKnown) {
  const auto told = read_probe_answer("null", {});
  ASSERT_TRUE(told) << told.error();
  EXPECT_FALSE(told->knows_device);
  EXPECT_EQ(told->count, 0U);
}

TEST(ProbeAnswer, IsRefusedWhereItIsNotJson) {
  EXPECT_THAT(problem(""), StartsWith("there is nothing in the answer"));
  EXPECT_THAT(problem(" \n"), StartsWith("there is nothing in the answer"));
  EXPECT_THAT(problem("<html>"), HasSubstr("not JSON"));
  EXPECT_THAT(problem("{\"count\": 3"), HasSubstr("not JSON"));
  EXPECT_THAT(problem("1, \"b\": 2"), HasSubstr("not JSON")) << "no way out of what it is put into";
  EXPECT_THAT(problem("1}"), HasSubstr("not JSON"));
  EXPECT_THAT(problem(std::string(100, '[') + std::string(100, ']')), HasSubstr("not JSON"));
}

TEST(ProbeAnswer, IsRefusedWhereAValueIsOfAnotherKind) {
  EXPECT_EQ(problem(R"({"count": "three"})"), R"(count ('/count') is "three", not a whole number)");
  EXPECT_EQ(problem(R"({"count": -1})"), "count ('/count') is -1, not a whole number");
  EXPECT_EQ(problem(R"({"count": 1.5})"), "count ('/count') is 1.5, not a whole number");
  EXPECT_EQ(problem(R"({"count": 1e300})"), "count ('/count') is 1e+300, not a whole number");
  EXPECT_EQ(problem(R"({"counter": true})"), "counter ('/counter') is true, not a whole number");
  EXPECT_EQ(problem(R"({"fields": [1]})"), "fields ('/fields') is [1], not an object");
  const std::string cut = problem("{\"count\": \"" + std::string(38, 'a') + "\xC3\xA9\"}");
  EXPECT_THAT(cut, HasSubstr("\"" + std::string(38, 'a') + "..., not a whole number"));
}

}  // namespace
}  // namespace sim::check
