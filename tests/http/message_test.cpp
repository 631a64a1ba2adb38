#include "sim/http/message.h"

#include <gtest/gtest.h>

#include <string>

namespace sim::http {
namespace {

using namespace std::string_literals;

TEST(Headers, AreFoundInAnyCaseAndTheFirstOneCounts) {
  const Headers headers{{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
  ASSERT_NE(find_header(headers, "content-TYPE"), nullptr);
  EXPECT_EQ(*find_header(headers, "content-TYPE"), "a");
  EXPECT_EQ(*find_header(headers, "x"), "1");
  EXPECT_EQ(find_header(headers, "Content-Typ"), nullptr);
  EXPECT_EQ(find_header(headers, ""), nullptr);
  EXPECT_EQ(find_header({}, "X"), nullptr);
}

TEST(ReasonPhrase, IsThatOfTheStandard) {
  EXPECT_EQ(reason_phrase(100), "Continue");
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
}

TEST(ReasonPhrase, IsUnknownForOtherNumbers) {
  for (const int status : {-1, 0, 99, 299, 506, 999}) EXPECT_EQ(reason_phrase(status), "Unknown");
}

TEST(Status, IsASuccessFrom200To299) {
  EXPECT_FALSE(is_success(199));
  EXPECT_TRUE(is_success(200));
  EXPECT_TRUE(is_success(299));
  EXPECT_FALSE(is_success(300));
}

TEST(HeaderName, IsAToken) {
  for (const char* name : {"Host", "X-Downlink-Apikey", "a", "!#$%&'*+-.^_`|~09"}) {
    EXPECT_TRUE(is_header_name(name)) << name;
  }
  for (const std::string& name : {""s, "a b"s, "a:"s, "a\r\nb"s, "\xC3\xA4"s, "a\0"s, "a\t"s}) {
    EXPECT_FALSE(is_header_name(name)) << name;
  }
}

TEST(HeaderValue, HasNoControlCharacterButTheTab) {
  for (const std::string& value : {""s, "Bearer x"s, "a\tb"s, "\xC3\xA4"s, " a "s}) {
    EXPECT_TRUE(is_header_value(value)) << value;
  }
  for (const std::string& value : {"a\r\nb: c"s, "a\n"s, "a\r"s, "\0"s, "\x1B[0m"s, "\x7F"s}) {
    EXPECT_FALSE(is_header_value(value)) << value;
  }
}

}  // namespace
}  // namespace sim::http
