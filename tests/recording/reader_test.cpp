#include "sim/recording/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <system_error>

#include "sim/recording/line.h"
#include "tests/recording/files.h"

namespace sim::recording {
namespace {

using test::read_all;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string line_of(const std::string& body) {
  Recorded recorded;
  recorded.request.body = body;
  std::string line;
  append_line(recorded, line);
  return line;
}

std::vector<std::string> bodies(const test::Contents& contents) {
  std::vector<std::string> all;
  for (const Recorded& recorded : contents.requests) all.push_back(recorded.request.body);
  return all;
}

class ReaderTest : public ::testing::Test {
 protected:
  test::Folder folder_;
};

TEST_F(ReaderTest, ReadsARecordingLineByLine) {
  const auto contents = read_all(folder_.file("a", line_of("1") + "\n \n" + line_of("2")));
  EXPECT_THAT(bodies(contents), ElementsAre("1", "2"));
  EXPECT_THAT(contents.lines, ElementsAre(1, 4));
  EXPECT_THAT(contents.problems, IsEmpty());
}

TEST_F(ReaderTest, TakesALineThatIsNoRequestForABody) {
  const auto contents =
      read_all(folder_.file("a", "\xEF\xBB\xBF{\"dev_id\" : \"a\"}\r\n{\"type\":\"x\"}"));
  EXPECT_THAT(bodies(contents), ElementsAre("{\"dev_id\" : \"a\"}", "{\"type\":\"x\"}"));
  EXPECT_EQ(contents.requests[0].request.method, "POST");
  EXPECT_FALSE(contents.requests[0].came);
}

TEST_F(ReaderTest, TellsOfEachBrokenLineAndReadsOn) {
  const std::string path = folder_.file(
      "a.jsonl", line_of("1") + "{\"type\":\"request\"}\ngarbage\n" + line_of("2") + "[1]\n" +
                     std::string("\x00\xff\n", 3) + std::string(50'000, '[') + "\n" + line_of("3"));
  const auto contents = read_all(path);
  EXPECT_THAT(bodies(contents), ElementsAre("1", "2", "3"));
  EXPECT_EQ(contents.problems, path + ":2: it has no body\n" + path +
                                   ":3: the line is not JSON: it cannot be read at byte 1\n" +
                                   path + ":5: the line is not a JSON object\n" + path +
                                   ":6: the line is not JSON: it cannot be read at byte 1\n" +
                                   path + ":7: the line is not a JSON object\n");
  EXPECT_EQ(contents.broken, 5U);
}

TEST_F(ReaderTest, RefusesWhatIsNestedTooDeeply) {
  std::string deep = "{\"type\":\"request\",\"body\":" + std::string(1'000'000, '[') + "\n";
  const auto contents = read_all(folder_.file("a", deep + line_of("1")));
  EXPECT_THAT(bodies(contents), ElementsAre("1"));
  EXPECT_THAT(contents.problems, HasSubstr(":1: the line is nested deeper than 32 levels"));
}

TEST_F(ReaderTest, CountsWhatItDoesNotTell) {
  std::string text;
  for (int i = 0; i < 250; ++i) text += "garbage\n";
  const auto contents = read_all(folder_.file("a", text + line_of("1")));
  EXPECT_EQ(contents.broken, 250U);
  EXPECT_EQ(std::count(contents.problems.begin(), contents.problems.end(), '\n'), 101);
  EXPECT_THAT(contents.problems, HasSubstr("and 150 more\n"));
  EXPECT_THAT(bodies(contents), ElementsAre("1"));
}

TEST_F(ReaderTest, PassesOverALineThatIsTooLong) {
  const std::string path = folder_.path("a");
  {
    std::ofstream stream(path, std::ios::binary);
    const std::string megabyte(1'000'000, 'x');
    for (int i = 0; i < 100; ++i) stream << megabyte;
    stream << '\n' << line_of("1");
  }
  const auto contents = read_all(path);
  EXPECT_THAT(bodies(contents), ElementsAre("1"));
  EXPECT_EQ(contents.problems,
            path + ":1: it has 100000000 bytes, more than the 32 MiB that a request may have\n");
}

TEST_F(ReaderTest, TellsOfALineThatWasCutShort) {
  const std::string whole = line_of("1") + line_of("2");
  const auto contents = read_all(folder_.file("a", whole.substr(0, whole.size() - 5)));
  EXPECT_THAT(bodies(contents), ElementsAre("1"));
  EXPECT_EQ(contents.broken, 1U);
}

TEST_F(ReaderTest, EscapesWhatItTells) {
  const std::string path = folder_.file("a\x1B[31m", "garbage\n");
  EXPECT_THAT(read_all(path).problems, HasSubstr("a\\x1b[31m:1: "));
}

TEST_F(ReaderTest, ReadsPackedFiles) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += line_of(std::to_string(i));
  for (const std::string& packed : {test::gzipped(text), test::zstandard(text)}) {
    const auto contents = read_all(folder_.file("any-name", packed));
    EXPECT_EQ(contents.requests.size(), 10'000U);
    EXPECT_THAT(contents.problems, IsEmpty());
  }
  const std::string joined = test::gzipped(line_of("1")) + test::gzipped(line_of("2"));
  EXPECT_THAT(bodies(read_all(folder_.file("joined", joined))), ElementsAre("1", "2"));
  const std::string frames = test::zstandard(line_of("1")) + test::zstandard(line_of("2"));
  EXPECT_THAT(bodies(read_all(folder_.file("frames", frames))), ElementsAre("1", "2"));
}

TEST_F(ReaderTest, GivesWhatIsThereOfAPackedFileThatIsBroken) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += line_of(std::to_string(i * 7919 % 99'991));
  for (const std::string& packed : {test::gzipped(text), test::zstandard(text)}) {
    const auto cut = read_all(folder_.file("a", packed.substr(0, packed.size() / 2)));
    EXPECT_GT(cut.requests.size(), 10'000U);
    EXPECT_THAT(cut.problems, HasSubstr("file ends too early"));
    std::string spoilt = packed;
    spoilt.replace(spoilt.size() / 2, 2000, 2000, '\xff');
    const auto broken = read_all(folder_.file("b", spoilt));
    EXPECT_GT(broken.requests.size(), 10'000U);
    EXPECT_GE(broken.broken, 1U);
  }
}

TEST_F(ReaderTest, SaysThatThereIsNoFile) {
  EXPECT_THROW(Reader(folder_.path("nothing")), std::system_error);
  EXPECT_THROW(Reader(folder_.path("")), std::system_error);
}

TEST_F(ReaderTest, TakesAnEmptyFile) {
  const auto contents = read_all(folder_.file("a", ""));
  EXPECT_THAT(contents.requests, IsEmpty());
  EXPECT_THAT(contents.problems, IsEmpty());
}

}  // namespace
}  // namespace sim::recording
