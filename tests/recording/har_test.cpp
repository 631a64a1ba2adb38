#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/dialect/rfc3339.h"
#include "tests/recording/files.h"

namespace sim::recording {
namespace {

using test::read_all;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string entry(const std::string& method, const std::string& text) {
  return R"({"startedDateTime":"2026-01-01T01:00:00.5+01:00","time":12.5,"request":{"method":")" +
         method +
         R"(","url":"https://example.org:8443/up?x=1#y","headers":[{"name":":method","value":"P"},)"
         R"({"name":"X-A","value":"1"}],"postData":{"mimeType":"application/json","text":)" +
         text + R"(}},"response":{"status":0}})";
}

std::string har(const std::string& entries) {
  return "{ \"log\" : {\"version\":\"1.2\",\"creator\":{\"entries\":[1]},\"pages\":[{}],\n"
         "\"entries\":[\n" +
         entries + "\n],\"comment\":\"]}\"}}\n";
}

class HarTest : public ::testing::Test {
 protected:
  test::Folder folder_;
};

TEST_F(HarTest, GivesPostsAndPutsWithTheirTimes) {
  const auto contents =
      read_all(folder_.file("a.har", har(entry("POST", R"("{\"a\":\"}]\"}")") + ",\n" +
                                         entry("GET", "\"\"") + "," + entry("PUT", "\"2\""))));
  ASSERT_EQ(contents.requests.size(), 2U) << contents.problems;
  EXPECT_EQ(contents.skipped, 1U);
  const Recorded& first = contents.requests[0];
  EXPECT_EQ(first.request.body, "{\"a\":\"}]\"}");
  EXPECT_EQ(first.request.target, "/up?x=1");
  EXPECT_EQ(first.request.headers, (http::Headers{{"X-A", "1"}}));
  EXPECT_EQ(first.came, dialect::read_rfc3339("2026-01-01T00:00:00.5Z"));
  EXPECT_FALSE(first.answer);
  EXPECT_EQ(contents.requests[1].request.method, "PUT");
  EXPECT_THAT(contents.lines, ElementsAre(3, 4));
}

TEST_F(HarTest, KeepsTheAnswerAndUnpacksBodies) {
  const auto contents = read_all(folder_.file(
      "a", har(R"({"time":2,"request":{"method":"POST","url":"/x","headers":[],)"
               R"("postData":{"text":"AAE=","encoding":"base64"}},"response":{"status":204,)"
               R"("headers":[{"name":"Server","value":"s"}],)"
               R"("content":{"text":"/w==","encoding":"base64"}}})")));
  ASSERT_EQ(contents.requests.size(), 1U) << contents.problems;
  EXPECT_EQ(contents.requests[0].request.body, std::string("\x00\x01", 2));
  EXPECT_EQ(contents.requests[0].answer->response.status, 204);
  EXPECT_EQ(contents.requests[0].answer->response.body, "\xff");
  EXPECT_EQ(contents.requests[0].answer->after, std::chrono::milliseconds(2));
}

TEST_F(HarTest, TellsOfEachBrokenEntryAndReadsOn) {
  const std::string path = folder_.file(
      "a.har",
      har(R"({"request":{"method":7}},)"
          "\n{},\n{\"request\":{\"method\":\"POST\",\"url\":\"/a b\"}},\n"
          "{\"a\":{,}},\n" +
          entry("POST", "\"1\"") + ",\n" +
          R"({"request":{"method":"POST","url":"/","headers":[{"name":"A","value":"a\r\nb"}]}})"));
  const auto contents = read_all(path);
  EXPECT_EQ(contents.requests.size(), 1U);
  EXPECT_THAT(contents.problems, HasSubstr(path + ":3: request.method is not a text\n"));
  EXPECT_THAT(contents.problems, HasSubstr(path + ":4: the entry has no request\n"));
  EXPECT_THAT(contents.problems, HasSubstr(path + ":5: its target is no path\n"));
  EXPECT_THAT(contents.problems, HasSubstr(path + ":6: the entry is not JSON"));
  EXPECT_THAT(contents.problems, HasSubstr(path + ":8: the header A has a value"));
  EXPECT_EQ(contents.broken, 5U);
}

TEST_F(HarTest, GivesWhatIsThereOfAFileThatWasCutShort) {
  const std::string whole = har(entry("POST", "\"1\"") + ",\n" + entry("POST", "\"2\""));
  const std::size_t second = whole.find("\"2\"");
  const auto contents = read_all(folder_.file("a", whole.substr(0, second)));
  EXPECT_EQ(contents.requests.size(), 1U);
  EXPECT_THAT(contents.problems, HasSubstr(":4: the file ends before its HAR log does"));
}

TEST_F(HarTest, EndsWhereItIsNoJsonAnyMore) {
  const auto contents =
      read_all(folder_.file("a", "{\"log\":{\"entries\":[" + entry("POST", "\"1\"") + "}\n"));
  EXPECT_EQ(contents.requests.size(), 1U);
  EXPECT_THAT(contents.problems, HasSubstr(":1: the file is not JSON from here on"));
  const auto deep = read_all(folder_.file("b", "{\"log\":" + std::string(1'000'000, '[')));
  EXPECT_THAT(deep.problems, HasSubstr(":1: the file is not JSON from here on"));
  const auto none = read_all(folder_.file("c", "{\"log\":{}}"));
  EXPECT_THAT(none.problems, HasSubstr(":1: the HAR log has no entries"));
}

TEST_F(HarTest, PassesOverAnEntryThatIsTooLong) {
  const std::string path = folder_.path("a");
  {
    std::ofstream stream(path, std::ios::binary);
    stream << "{\"log\":{\"entries\":[{\"x\":\"";
    const std::string megabyte(1'000'000, 'x');
    for (int i = 0; i < 40; ++i) stream << megabyte;
    stream << "\"},\n" << entry("POST", "\"1\"") << "]}}";
  }
  const auto contents = read_all(path);
  EXPECT_EQ(contents.requests.size(), 1U);
  EXPECT_THAT(contents.problems, HasSubstr(":1: it has 40000008 bytes"));
}

TEST_F(HarTest, TakesAnEmptyLog) {
  const auto contents = read_all(folder_.file("a", har("")));
  EXPECT_THAT(contents.requests, IsEmpty());
  EXPECT_THAT(contents.problems, IsEmpty());
}

}  // namespace
}  // namespace sim::recording
