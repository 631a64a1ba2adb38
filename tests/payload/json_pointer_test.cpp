#include "sim/payload/json_pointer.h"

#include <gtest/gtest.h>

#include "sim/payload/json_reader.h"

namespace sim::payload {
namespace {

// The example of RFC 6901, 5.
const Value& document() {
  static const Value kDocument(
      read_json_fields(R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2," ":7,"m~n":8})", "it")
          .value());
  return kDocument;
}

std::string at(std::string_view pointer) {
  const Value* value = find_by_pointer(document(), pointer);
  return value == nullptr ? "nothing" : to_text(*value);
}

TEST(JsonPointer, NamesAValueWithinAnother) {
  EXPECT_EQ(at(""), to_text(document()));
  EXPECT_EQ(at("/foo"), R"(["bar","baz"])");
  EXPECT_EQ(at("/foo/0"), R"("bar")");
  EXPECT_EQ(at("/"), "0");
  EXPECT_EQ(at("/a~1b"), "1");
  EXPECT_EQ(at("/c%d"), "2");
  EXPECT_EQ(at("/ "), "7");
  EXPECT_EQ(at("/m~0n"), "8");
}

TEST(JsonPointer, NamesNothingWhereThereIsNothing) {
  for (const char* pointer : {"/bar", "/foo/2", "/foo/-", "/foo/01", "/foo/+1", "/foo/x", "/foo/",
                              "/foo/0/a", "/a~1b/0", "/foo/99999999999999999999999"}) {
    EXPECT_EQ(at(pointer), "nothing") << pointer;
  }
}

TEST(JsonPointer, HasAForm) {
  for (const char* text : {"", "/", "/a", "/a//b", "/~0~1", "/last/fields"}) {
    EXPECT_TRUE(is_json_pointer(text)) << text;
  }
  for (const char* text : {"a", "#/a", "/~", "/~2", "/a~/b"}) {
    EXPECT_FALSE(is_json_pointer(text)) << text;
  }
}

}  // namespace
}  // namespace sim::payload
