#include "sim/recording/masking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/recording/line.h"

namespace sim::recording {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Recorded with_secrets() {
  Recorded recorded;
  recorded.request.target = "/up?key=in-target&x=1";
  recorded.request.headers = {{"authorization", "Bearer s3cret"},
                              {"Cookie", "sid=s3cret-cookie"},
                              {"X-Api-Key", "s3cret-api"},
                              {"Referer", "http://h/?key=s3cret-referer"},
                              {"Content-Type", "application/json"}};
  recorded.request.body =
      R"({"downlink_url":"http://h/ttn/api/v2/down/a/b?x\u0026key=s3cret-key","key":"stays"})";
  recorded.answer =
      Answer{{200, {{"Set-Cookie", "sid=s3cret-set"}}, "see http://h/?key=in-answer"}, {}};
  recorded.forwarded = Forwarded{"http://h/?key=in-url", ""};
  return recorded;
}

TEST(Masking, LeavesNoSecretBehind) {
  Masking masking;
  Recorded recorded = with_secrets();
  masking.mask(recorded);
  std::string line;
  append_line(recorded, line);
  for (const char* secret : {"s3cret", "in-target", "in-answer", "in-url"}) {
    EXPECT_THAT(line, Not(HasSubstr(secret)));
  }
  EXPECT_EQ(recorded.request.target, "/up?key=***5&x=1");
  EXPECT_EQ(recorded.request.headers[0].value, "***1");
  EXPECT_EQ(recorded.request.headers[4].value, "application/json");
  EXPECT_THAT(recorded.request.body, HasSubstr(R"(?x\u0026key=***6","key":"stays"})"));
}

TEST(Masking, GivesTheSameSecretTheSameMask) {
  Masking masking;
  Recorded one = with_secrets();
  Recorded other = with_secrets();
  other.request.headers[0].value = "Bearer another";
  masking.mask(one);
  masking.mask(other);
  EXPECT_EQ(one.request.body, other.request.body);
  EXPECT_EQ(one.request.headers[1], other.request.headers[1]);
  EXPECT_NE(one.request.headers[0], other.request.headers[0]);
}

TEST(Masking, LeavesMasksAsTheyAre) {
  Masking masking;
  Recorded recorded = with_secrets();
  masking.mask(recorded);
  const std::string body = recorded.request.body;
  masking.mask(recorded);
  EXPECT_EQ(recorded.request.body, body);
  EXPECT_TRUE(is_mask("***"));
  EXPECT_TRUE(is_mask("***12"));
  EXPECT_FALSE(is_mask("***x"));
  EXPECT_FALSE(is_mask("**"));
}

TEST(Masking, TakesBytesThatAreNoText) {
  Masking masking;
  Recorded recorded;
  recorded.request.body = std::string("\xff\x00?key=\xfe\xfd&", 10);
  masking.mask(recorded);
  EXPECT_EQ(recorded.request.body, std::string("\xff\x00?key=***1&", 12));
}

}  // namespace
}  // namespace sim::recording
