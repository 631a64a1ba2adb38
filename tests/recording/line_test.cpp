#include "sim/recording/line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dialect/rfc3339.h"
#include "tests/recording/files.h"

namespace sim::recording {
namespace {

using ::testing::HasSubstr;

Recorded example() {
  Recorded recorded;
  recorded.came = dialect::read_rfc3339("2026-03-01T08:00:00.250001Z");
  recorded.request = {"PUT",
                      "/uplink/a?x=1",
                      {{"Host", "127.0.0.1:8080"}, {"content-type", "application/json"}},
                      "{\"dev_id\":\"valve-1\",\n \"n\": 1.50}"};
  recorded.answer = Answer{{201, {{"Server", "x"}}, "{}"}, std::chrono::microseconds(1250)};
  return recorded;
}

/// Written and read back.
Recorded again(const Recorded& recorded) {
  std::string line;
  append_line(recorded, line);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line, whatever is in it";
  const auto members = payload::read_json_object(line, "the line");
  EXPECT_TRUE(members && is_recorded(*members));
  const auto read = read_recorded(*members);
  EXPECT_TRUE(read) << read.error();
  return read.value_or(Recorded{});
}

std::string error_of(std::string_view line) {
  const auto members = payload::read_json_object(line, "the line");
  if (!members) return members.error();
  const auto read = read_recorded(*members);
  return read ? "none" : read.error();
}

TEST(Line, HasAFixedForm) {
  std::string text;
  append_line(example(), text);
  Recorded forwarded = example();
  forwarded.came.reset();
  forwarded.request.body.clear();
  forwarded.forwarded = Forwarded{"http://127.0.0.1:1/", "connection refused"};
  append_line(forwarded, text);
  forwarded.answer.reset();
  forwarded.request.body = std::string("\x00\xff\x01", 3);
  forwarded.request.headers = {{"X-Odd", "caf\xE9"}};
  append_line(forwarded, text);
  EXPECT_EQ(text, test::text_of_file(LNSIM_SOURCE_DIR "/tests/recording/golden/lines.jsonl"));
}

TEST(Line, IsReadBackByteForByte) {
  Recorded recorded = example();
  for (const std::string& bytes :
       {std::string(), std::string("plain"), std::string("\xE2\x80\xA8 <&> \"\\ \x7F"),
        std::string("\x00\xff\xfe", 3), std::string("\xed\xa0\x80"),
        std::string("\xf4\x90\x80\x80"), std::string("\x01\x02\x03"),
        std::string("\xEF\xBB\xBF{}\r\n")}) {
    recorded.request.body = bytes;
    recorded.answer->response.body = bytes;
    const Recorded read = again(recorded);
    EXPECT_EQ(read.request.body, bytes);
    EXPECT_EQ(read.answer->response.body, bytes);
  }
  recorded.request.headers = {{"X-Odd", "caf\xE9"}, {"x-odd", ""}, {"X-Odd", "\tz"}};
  recorded.request.target = "/\xE9?\xff";
  const Recorded read = again(recorded);
  EXPECT_EQ(read.came, recorded.came);
  EXPECT_EQ(read.request.method, "PUT");
  EXPECT_EQ(read.request.target, recorded.request.target);
  EXPECT_EQ(read.request.headers, recorded.request.headers);
  EXPECT_EQ(read.answer->response.status, 201);
  EXPECT_EQ(read.answer->response.headers, recorded.answer->response.headers);
  EXPECT_EQ(read.answer->after, recorded.answer->after);
}

TEST(Line, KeepsWhatForwardingCameTo) {
  Recorded recorded = example();
  recorded.forwarded = Forwarded{"http://127.0.0.1:9/x", ""};
  EXPECT_EQ(again(recorded).forwarded->url, "http://127.0.0.1:9/x");
  recorded.forwarded->error = "no \"answer\"";
  EXPECT_EQ(again(recorded).forwarded->error, "no \"answer\"");
  EXPECT_FALSE(again(example()).forwarded);
}

TEST(Line, SaysWhatIsWrong) {
  EXPECT_EQ(error_of(R"({"type":"request"})"), "it has no body");
  EXPECT_EQ(error_of(R"({"type":"request","method":7,"body":""})"), "method is not a text");
  EXPECT_EQ(error_of(R"({"type":"request","method":"GE T","body":""})"),
            "its method cannot be sent");
  EXPECT_EQ(error_of(R"({"type":"request","target":"x","body":""})"), "its target is no path");
  EXPECT_EQ(error_of(R"({"type":"request","target":"/a b","body":""})"), "its target is no path");
  EXPECT_EQ(error_of(R"({"type":"request","headers":{},"body":""})"), "headers is not a list");
  EXPECT_EQ(error_of(R"({"type":"request","headers":[["a"]],"body":""})"),
            "a header is not a pair of texts");
  EXPECT_EQ(error_of(R"({"type":"request","headers":[["a","b","hex"]],"body":""})"),
            "a header's form is not 'base64'");
  EXPECT_EQ(error_of(R"({"type":"request","headers":[["A","b\r\nC: d"]],"body":""})"),
            "the header A has a value that cannot be sent");
  EXPECT_EQ(error_of(R"({"type":"request","headers":[["A\nB","c"]],"body":""})"),
            "a header has a name that cannot be sent");
  EXPECT_THAT(error_of(R"({"type":"request","body_base64":"?"})"), HasSubstr("body_base64 has"));
  EXPECT_EQ(error_of(R"({"type":"request","came":"noon","body":""})"),
            "came is not a time like 2026-01-01T00:00:00Z");
  EXPECT_EQ(error_of(R"({"type":"request","body":"","answer":{"status":7}})"),
            "answer.status is no status of HTTP");
  EXPECT_EQ(error_of(R"({"type":"request","body":"","answer":[]})"), "answer is not an object");
}

}  // namespace
}  // namespace sim::recording
