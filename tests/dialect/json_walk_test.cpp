#include "sim/dialect/json_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sim::dialect {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> walked(std::string_view text) {
  std::vector<std::string> tokens;
  const bool done = walk_json(text, [&tokens](const JsonToken& token) {
    std::string line;
    for (const JsonStep& step : token.path) {
      line += step.in_list ? "[" + std::to_string(step.index) + "]" : "." + step.key;
    }
    tokens.push_back(line + " = " + std::string(token.bytes));
  });
  if (!done) tokens.emplace_back("not walked");
  return tokens;
}

TEST(JsonWalk, NamesEachValueByItsPath) {
  EXPECT_THAT(
      walked(R"( {"a" : 1.50, "b":[true,{"c":null},"x,]}" , [ ] , 2e3 ], "d":{} , "e":"" })"),
      ElementsAre(".a = 1.50", ".b[0] = true", ".b[1].c = null", R"(.b[2] = "x,]}")", ".b[4] = 2e3",
                  R"(.e = "")"));
}

TEST(JsonWalk, UnescapesKeysAndLeavesValues) {
  EXPECT_THAT(walked(R"({"a\u0062":"\"\\","k\"":-0})"),
              ElementsAre(R"(.ab = "\"\\")", ".k\" = -0"));
}

TEST(JsonWalk, TakesAValueAlone) {
  EXPECT_THAT(walked("  12 "), ElementsAre(" = 12"));
  EXPECT_THAT(walked("\xEF\xBB\xBF\"x\""), ElementsAre(" = \"x\""));
}

TEST(JsonWalk, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "{\"a\":1,}", "{a:1}", "[1 2]", "\"", "{\"a\":1}x", "nul"}) {
    EXPECT_THAT(walked(text), ElementsAre("not walked")) << text;
  }
}

TEST(JsonWalk, RefusesWhatIsTooDeep) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
  };
  EXPECT_EQ(walked(nested(64)).size(), 1U);
  EXPECT_THAT(walked(nested(64)), ::testing::Not(ElementsAre("not walked")));
  EXPECT_THAT(walked(nested(65)), ElementsAre("not walked"));
  EXPECT_THAT(walked(nested(1'000'000)), ElementsAre("not walked"));
}

TEST(JsonWalk, ExchangesWhereAValueStands) {
  const std::string text = "{ \"a\":1.0 ,\"b\":[\"x\",1e0]}";
  const auto exchanged =
      with_tokens_exchanged(text, [](const JsonToken& token) -> std::optional<std::string> {
        if (token.bytes == "\"x\"") return "\"longer\"";
        return std::nullopt;
      });
  EXPECT_EQ(exchanged, "{ \"a\":1.0 ,\"b\":[\"longer\",1e0]}");
  EXPECT_EQ(with_tokens_exchanged(text, [](const JsonToken&) { return std::nullopt; }), text);
  EXPECT_EQ(with_tokens_exchanged("{", [](const JsonToken&) { return "1"; }), std::nullopt);
}

TEST(JsonWalk, ReadsTexts) {
  EXPECT_EQ(text_of("\"a\""), "a");
  EXPECT_EQ(text_of(R"("\u00e9\n")"), "\xC3\xA9\n");
  EXPECT_EQ(text_of("1"), std::nullopt);
  EXPECT_EQ(text_of("null"), std::nullopt);
}

}  // namespace
}  // namespace sim::dialect
