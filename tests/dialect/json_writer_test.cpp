// JSON in the very form of Go's encoding/json: numbers, escapes, times, Base64.
#include "sim/dialect/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "sim/dialect/base64.h"
#include "sim/engine/random.h"
#include "tests/dialect/v2_uplink.h"

namespace sim::dialect {
namespace {

template <class Number>
std::string number_text(Number number) {
  std::string out;
  JsonWriter(out).number(number);
  return out;
}

std::string string_text(std::string_view text) {
  std::string out;
  JsonWriter(out).string(text);
  return out;
}

TEST(JsonWriter, WritesNumbersAsGoDoes) {
  EXPECT_EQ(number_text(868.1F), "868.1");
  EXPECT_EQ(number_text(-13.8F), "-13.8");
  EXPECT_EQ(number_text(52.374485F), "52.374485");
  EXPECT_EQ(number_text(924.0F), "924");
  EXPECT_EQ(number_text(1e-6F), "0.000001");
  EXPECT_EQ(number_text(1e21F), "1e+21");
  EXPECT_EQ(number_text(5.104235503814077e+38), "5.104235503814077e+38");
  EXPECT_EQ(number_text(std::numeric_limits<double>::denorm_min()), "5e-324");
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-0.0), "-0");
  EXPECT_EQ(number_text(5.0), "5");
  EXPECT_EQ(number_text(1e20), "100000000000000000000");
  EXPECT_EQ(number_text(1e21), "1e+21");
  EXPECT_EQ(number_text(1e-6), "0.000001");
  EXPECT_EQ(number_text(1e-7), "1e-7");
  EXPECT_EQ(number_text(1.5e-10), "1.5e-10");
  EXPECT_EQ(number_text(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(number_text(std::nan("")), "null");
  EXPECT_EQ(number_text(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(number_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(number_text(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(JsonWriter, NumbersReadBackAsTheSame) {
  engine::Random random(1, engine::Purpose::fields, 0);
  for (int i = 0; i < 2'000; ++i) {
    const double number =
        std::ldexp(random.uniform(-1, 1), static_cast<int>(random.below(200)) - 100);
    EXPECT_EQ(nlohmann::json::parse(number_text(number)).get<double>(), number);
    const auto narrow = static_cast<float>(number);
    EXPECT_EQ(std::stof(number_text(narrow)), narrow);
  }
}

TEST(JsonWriter, EscapesAsGoDoes) {
  EXPECT_EQ(string_text("a\"\\/b"), R"("a\"\\/b")");
  EXPECT_EQ(string_text("\b\f\n\r\t"), R"("\u0008\u000c\n\r\t")");
  EXPECT_EQ(string_text("<>&"), R"("\u003c\u003e\u0026")");
  EXPECT_EQ(string_text("\xe2\x80\xa8\xe2\x80\xa9"), R"("\u2028\u2029")");
  EXPECT_EQ(string_text("é😀"), "\"é😀\"");
  EXPECT_EQ(string_text("a\xff\xc3"), R"("a\ufffd\ufffd")");
  EXPECT_EQ(string_text(std::string_view("\0\x7f", 2)), "\"\\u0000\x7f\"");
}

TEST(JsonWriter, WritesTimesWithTheDigitsThatTheyNeed) {
  const auto text = [](std::int64_t ns) {
    std::string out;
    append_rfc3339(test::at_ns(ns), out);
    return out;
  };
  EXPECT_EQ(text(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(text(1), "1970-01-01T00:00:00.000000001Z");
  EXPECT_EQ(text(250'000'000), "1970-01-01T00:00:00.25Z");
  EXPECT_EQ(text(1'709'208'000'000'000'000), "2024-02-29T12:00:00Z");
  EXPECT_EQ(text(-1), "1969-12-31T23:59:59.999999999Z");
}

TEST(JsonWriter, PutsCommasAndNests) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("a").begin_array().number(1).null().boolean(true).end_array();
  json.key("b").begin_object().end_object().key("c").raw("[]").end_object();
  EXPECT_EQ(out, R"({"a":[1,null,true],"b":{},"c":[]})");
}

TEST(Base64, ReadsWhatItWrites) {
  lorawan::Bytes bytes;
  for (int length = 0; length < 70; ++length) {
    std::string text;
    append_base64(bytes, text);
    EXPECT_EQ(text.size() % 4, 0U);
    EXPECT_EQ(read_base64(text), bytes);
    bytes.push_back(static_cast<std::uint8_t>(length * 37));
  }
}

TEST(Base64, HoldsTheVectorsOfTheRfc) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    const lorawan::Bytes bytes(plain.begin(), plain.end());
    std::string text;
    append_base64(bytes, text);
    EXPECT_EQ(text, encoded);
    EXPECT_EQ(read_base64(encoded), bytes);
  }
  EXPECT_EQ(read_base64("Zm9v\r\nYg==\n"), (lorawan::Bytes{'f', 'o', 'o', 'b'}));
}

TEST(Base64, SaysWhatIsWrongWithOtherForms) {
  const std::string padding =
      "has no full padding; its length must be a multiple of 4, with '=' at the end";
  const std::pair<std::string, std::string> forms[] = {
      {"Zg", padding},
      {"Zg=", padding},
      {"Z", "ends in the middle of a byte"},
      {"Zg===", "goes on after its padding, at character 4"},
      {"Zg==Zg==", "goes on after its padding, at character 4"},
      {"====", "has padding at character 0, where none belongs"},
      {"Z===", "has padding at character 1, where none belongs"},
      {"Zm9v=", "has padding at character 4, where none belongs"},
      {"Z_8=", "is in the URL-safe alphabet ('_' at character 1); use '+' and '/'"},
      {"Z-8=", "is in the URL-safe alphabet ('-' at character 1); use '+' and '/'"},
      {"Zm 9v", "has a character at 2 that is not of Base64"},
      {"\xc3\xa9==", "has a character at 0 that is not of Base64"}};
  for (const auto& [text, error] : forms) {
    const auto read = read_base64(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error(), error) << text;
  }
}

}  // namespace
}  // namespace sim::dialect
