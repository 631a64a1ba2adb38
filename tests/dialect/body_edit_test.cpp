#include "sim/dialect/body_edit.h"

#include <gtest/gtest.h>

namespace sim::dialect {
namespace {

constexpr std::string_view kBody =
    R"({"dev_id":"a","snr":9.5,"metadata":{"time":"T","gateways":[{"id":"g","rssi":-25},{"id":"h"}]}})";

BodyPath path(std::string_view text) {
  const auto parsed = BodyPath::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(BodyPath{});
}

BodyEdit setting(std::string_view where, std::string_view json) {
  BodyEdit edit;
  edit.set.emplace_back(path(where), json);
  return edit;
}

BodyEdit removing(std::string_view where) {
  BodyEdit edit;
  edit.remove.push_back(path(where));
  return edit;
}

TEST(BodyEdit, SetsAValueAndLeavesTheRestAsItWas) {
  EXPECT_EQ(
      edited(kBody, setting("metadata.gateways[0].rssi", "-25.0")),
      R"({"dev_id":"a","snr":9.5,"metadata":{"time":"T","gateways":[{"id":"g","rssi":-25.0},{"id":"h"}]}})");
}

TEST(BodyEdit, MakesWhatIsMissingOnTheWay) {
  EXPECT_EQ(edited(R"({"a":1})", setting("b.c[1].d", "null")),
            R"({"a":1,"b":{"c":[null,{"d":null}]}})");
}

TEST(BodyEdit, ReplacesWhatStandsInTheWay) {
  EXPECT_EQ(edited(R"({"a":1})", setting("a.b", "2")), R"({"a":{"b":2}})");
  EXPECT_EQ(edited(R"({"a":{"b":2}})", setting("a[0]", "true")), R"({"a":[true]})");
}

TEST(BodyEdit, RemovesMembersAndItems) {
  EXPECT_EQ(edited(R"({"a":1,"b":[1,2]})", removing("a")), R"({"b":[1,2]})");
  EXPECT_EQ(edited(R"({"a":1,"b":[1,2]})", removing("b[0]")), R"({"a":1,"b":[2]})");
}

TEST(BodyEdit, TakesNoOffenceAtWhatIsNotThere) {
  for (const char* where : {"x", "a.b.c", "a[7]", "b[7]", "b[7].c", "b.c"}) {
    EXPECT_EQ(edited(R"({"a":1,"b":[1,2]})", removing(where)), R"({"a":1,"b":[1,2]})") << where;
  }
}

TEST(BodyEdit, ReversesMembersAtEveryLevelButNotLists) {
  BodyEdit edit;
  edit.reversed = true;
  EXPECT_EQ(edited(R"({"a":1,"b":[{"c":1,"d":2},3]})", edit), R"({"b":[{"d":2,"c":1},3],"a":1})");
}

TEST(BodyEdit, WritesOverSeveralLines) {
  BodyEdit edit;
  edit.pretty = true;
  EXPECT_EQ(edited(R"({"a":1})", edit), "{\n  \"a\": 1\n}");
}

TEST(BodyEdit, CutsAfterTheOtherChangesAndAppendsAtLast) {
  BodyEdit edit = removing("a");
  edit.keep = 0.5;
  edit.suffix = "!";
  EXPECT_EQ(edited(R"({"a":1,"b":22})", edit), R"({"b"!)");
}

TEST(BodyEdit, ReplacesTheWholeByAnyBytes) {
  BodyEdit edit;
  edit.text = std::string("\xff\0x", 3);
  EXPECT_EQ(edited(kBody, edit), *edit.text);
}

TEST(BodyEdit, LeavesWhatIsNotJsonAsItIs) {
  EXPECT_EQ(edited("{oops", setting("a", "1")), "{oops");
}

TEST(BodyEdit, KnowsWhetherItChangesAnything) {
  EXPECT_TRUE(BodyEdit{}.is_none());
  EXPECT_FALSE(removing("a").is_none());
  EXPECT_EQ(edited(kBody, {}), kBody);
}

TEST(BodyPath, RefusesWhatIsNoPath) {
  for (const char* text : {"", ".", "a.", "a..b", ".a", "a[", "a[]", "a[x]", "a[-1]", "a[1"}) {
    EXPECT_FALSE(BodyPath::parse(text)) << text;
  }
  EXPECT_EQ(BodyPath::parse("a[1001]").error(), "an index is at most 1000");
  std::string deep = "a";
  for (int i = 0; i < 40; ++i) deep += ".a";
  EXPECT_FALSE(BodyPath::parse(deep));
}

TEST(BodyPath, BeginsWithAnIndexWhereTheBodyIsAList) {
  EXPECT_EQ(edited("[1,2]", setting("[1]", "3")), "[1,3]");
}

TEST(CheckJson, TakesOneValueOnly) {
  EXPECT_TRUE(check_json("-25.0"));
  EXPECT_TRUE(check_json(R"({"a":[null]})"));
  EXPECT_EQ(check_json("nul").error(), "'nul' is not JSON");
  EXPECT_FALSE(check_json("1 2"));
  EXPECT_FALSE(check_json(""));
}

TEST(JsonText, WritesValuesOfScenarios) {
  EXPECT_EQ(json_text(payload::Value(std::int64_t{3})), "3");
  EXPECT_EQ(json_text(payload::Value("a\"b")), R"("a\"b")");
  EXPECT_EQ(json_text(payload::Value{}), "null");
}

}  // namespace
}  // namespace sim::dialect
