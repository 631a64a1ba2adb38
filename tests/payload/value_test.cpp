#include "sim/payload/value.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace sim::payload {
namespace {

TEST(Fields, KeepTheirKeysInBytewiseOrder) {
  Fields fields;
  fields.set("b", 1);
  fields.set("B", 2);
  fields.set("a", 3);
  fields.set("a\xC3\xA9", 4);
  EXPECT_EQ(to_text(fields), "{\"B\":2,\"a\":3,\"a\xC3\xA9\":4,\"b\":1}");
}

TEST(Fields, HoldEachKeyOnce) {
  Fields fields;
  fields.set("open", true);
  fields.set("open", false);
  EXPECT_EQ(fields.size(), 1u);
  ASSERT_NE(fields.find("open"), nullptr);
  EXPECT_EQ(*fields.find("open"), Value(false));
}

TEST(Fields, FindOnlyWhatIsThere) {
  Fields fields;
  EXPECT_TRUE(fields.empty());
  fields.set("b", 1);
  EXPECT_EQ(fields.find("a"), nullptr);
  EXPECT_EQ(fields.find("c"), nullptr);
  fields.clear();
  EXPECT_TRUE(fields.empty());
}

TEST(Value, ComparesWholeNumbersWithNumbersAsJsonDoes) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_EQ(Value(1.0), Value(1));
  EXPECT_NE(Value(1), Value(1.5));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(0), Value());
  EXPECT_NE(Value("1"), Value(1));
  EXPECT_EQ(Value(0), Value(-0.0));
}

TEST(Value, ComparesLargeNumbersExactly) {
  const std::int64_t above = (std::int64_t{1} << 53) + 1;
  EXPECT_NE(Value(above), Value(9007199254740992.0));
  EXPECT_NE(Value(std::numeric_limits<std::int64_t>::max()), Value(0x1p63));
  EXPECT_EQ(Value(std::numeric_limits<std::int64_t>::min()), Value(-0x1p63));
  EXPECT_NE(Value(1), Value(std::numeric_limits<double>::infinity()));
  EXPECT_NE(Value(0), Value(std::nan("")));
}

TEST(Value, ComparesTrees) {
  Fields inner;
  inner.set("x", 1);
  Fields same;
  same.set("x", 1.0);
  EXPECT_EQ(Value(Array{Value(inner), Value("a")}), Value(Array{Value(same), Value("a")}));
  EXPECT_NE(Value(Array{Value(inner)}), Value(inner));
}

TEST(Value, IsANumberWhereItIsOneOrATruth) {
  EXPECT_TRUE(Value(3).is_number());
  EXPECT_TRUE(Value(2.5).is_number());
  EXPECT_TRUE(Value(true).is_number());
  EXPECT_FALSE(Value("3").is_number());
  EXPECT_FALSE(Value().is_number());
  EXPECT_EQ(Value(3).number(), 3.0);
  EXPECT_EQ(Value(true).number(), 1.0);
  EXPECT_EQ(Value("3").number(), 0.0);
}

TEST(Value, IsWrittenAsJson) {
  Fields fields;
  fields.set("list",
             Array{Value(), Value(true), Value(false), Value(-7), Value(27.2), Value(1e22)});
  fields.set("text", "a \"quoted\" \\ line\n\x01\x7F");
  EXPECT_EQ(to_text(Value(fields)),
            "{\"list\":[null,true,false,-7,27.2,1e+22],"
            "\"text\":\"a \\\"quoted\\\" \\\\ line\\u000a\\u0001\\u007f\"}");
}

TEST(Value, WritesWhatJsonHasNoNumberForAsNull) {
  EXPECT_EQ(to_text(Value(std::nan(""))), "null");
  EXPECT_EQ(to_text(Value(-std::numeric_limits<double>::infinity())), "null");
}

TEST(Value, IsWrittenDownToABoundedDepth) {
  Value value = 1;
  for (int i = 0; i < 200; ++i) value = Array{std::move(value)};
  const std::string text = to_text(value);
  EXPECT_EQ(text, std::string(65, '[') + "\"...\"" + std::string(65, ']'));
}

}  // namespace
}  // namespace sim::payload
