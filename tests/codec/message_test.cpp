#include "sim/codec/message.h"

#include <gtest/gtest.h>

namespace sim::codec {
namespace {

Request request() {
  return {Request::Kind::call, "valve.js", "Decoder", "[[1],2]", -5, 0xFFFFFFFFFFFFFFFFU};
}

TEST(Message, IsReadBackAsItWasWritten) {
  std::string bytes;
  append(request(), bytes);
  append(Response{Response::Status::error, "no", "log\n"}, bytes);
  bool broken = false;
  const auto first = parse_request(bytes, broken);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->message.kind, Request::Kind::call);
  EXPECT_EQ(first->message.codec, "valve.js");
  EXPECT_EQ(first->message.function, "Decoder");
  EXPECT_EQ(first->message.text, "[[1],2]");
  EXPECT_EQ(first->message.now_ms, -5);
  EXPECT_EQ(first->message.lot, 0xFFFFFFFFFFFFFFFFU);
  const auto second = parse_response(std::string_view(bytes).substr(first->size), broken);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->message.status, Response::Status::error);
  EXPECT_EQ(second->message.text, "no");
  EXPECT_EQ(second->message.log, "log\n");
  EXPECT_EQ(first->size + second->size, bytes.size());
  EXPECT_FALSE(broken);
}

TEST(Message, IsWaitedForUntilItIsWhole) {
  std::string bytes;
  append(request(), bytes);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    bool broken = false;
    EXPECT_FALSE(parse_request(std::string_view(bytes).substr(0, size), broken)) << size;
    EXPECT_FALSE(broken) << size;
  }
}

TEST(Message, IsBrokenWhereItsLengthsLie) {
  std::string bytes;
  append(request(), bytes);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(0xFF);
    bool broken = false;
    const auto parsed = parse_request(changed, broken);  // whatever comes of it: no read beyond
    EXPECT_TRUE(!parsed || parsed->size <= changed.size());
  }
  bool broken = false;
  EXPECT_FALSE(parse_response(std::string("\xFF\xFF\xFF\x7F", 4), broken));
  EXPECT_TRUE(broken) << "more than a message may have";
  broken = false;
  EXPECT_FALSE(parse_response(std::string("\x01\x00\x00\x00\x09", 5), broken));
  EXPECT_TRUE(broken) << "no such status, and no texts";
}

}  // namespace
}  // namespace sim::codec
