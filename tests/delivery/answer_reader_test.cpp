#include "sim/delivery/answer_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/engine/random.h"

namespace sim::delivery {
namespace {

using Reading = AnswerReader::Reading;
using namespace std::string_literals;

struct Answer {
  Reading reading = Reading::more;
  int status = 0;
  std::string body;
  bool keep = false;
  std::string problem;
  bool operator==(const Answer&) const = default;
};

void PrintTo(const Answer& answer, std::ostream* out) {
  *out << static_cast<int>(answer.reading) << " " << answer.status << " '" << answer.body << "' "
       << (answer.keep ? "keep" : "close") << " '" << answer.problem << "'";
}

constexpr AnswerReader::Limits kLimits{1024, 4096};

// Feeds an answer in pieces of that size, and the end of the connection where it still wants more.
Answer read(const std::string& text, std::size_t piece, AnswerReader& reader) {
  reader.reset();
  Reading reading = Reading::more;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    reading = reader.take(std::string_view(text).substr(at, piece));
  }
  const bool by_end = reading == Reading::more;
  if (by_end) reading = reader.take_end();
  if (reading == Reading::broken) return {reading, 0, {}, false, std::string(reader.problem())};
  return {reading,
          reader.status(),
          std::string(reader.body()),
          !by_end && reader.may_keep_connection(),
          {}};
}

Answer read(const std::string& text) {
  AnswerReader reader(kLimits);
  Answer whole = read(text, text.size() + 1, reader);
  EXPECT_EQ(read(text, text.size() + 1, reader), whole) << text;  // the same again
  for (const std::size_t piece : {1U, 2U, 3U, 7U})
    EXPECT_EQ(read(text, piece, reader), whole) << text;
  return whole;
}

Answer complete(int status, std::string body, bool keep) {
  return {Reading::complete, status, std::move(body), keep, {}};
}

Answer broken(std::string problem) {
  return {Reading::broken, 0, {}, false, std::move(problem)};
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";
const std::string kChunked = kOk + "Transfer-Encoding: chunked\r\n\r\n";

TEST(AnswerReader, ReadsEveryFormOfAnAnswer) {
  const std::vector<std::pair<std::string, Answer>> cases{
      {kOk + "Content-Length: 0\r\n\r\n", complete(200, "", true)},
      {kOk + "Content-Length: 5\r\n\r\nhello", complete(200, "hello", true)},
      {kOk + "content-length:5\r\n\r\nhello", complete(200, "hello", true)},
      {kOk + "Content-Length: \t005 \r\n\r\nhello", complete(200, "hello", true)},
      {kOk + "Content-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello",
       complete(200, "hello", true)},
      {kOk + "\r\nuntil the end", complete(200, "until the end", false)},
      {kOk + "\r\n", complete(200, "", false)},
      {kOk + "Connection: close\r\nContent-Length: 0\r\n\r\n", complete(200, "", false)},
      {kOk + "Connection: foo, CLOSE\r\nContent-Length: 0\r\n\r\n", complete(200, "", false)},
      {kOk + "Connection: keep-alive, close\r\nContent-Length: 0\r\n\r\n",
       complete(200, "", false)},
      {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", complete(200, "hi", false)},
      {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi",
       complete(200, "hi", true)},
      {"HTTP/1.1 204 No Content\r\n\r\n", complete(204, "", true)},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", complete(204, "", true)},
      {"HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", complete(304, "", true)},
      {"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", complete(302, "", true)},
      {"HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", complete(200, "", true)},
      {"HTTP/1.1 999 \xFF\r\nContent-Length: 0\r\n\r\n", complete(999, "", true)},
      {"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", complete(200, "hi", true)},
      {kOk + "X: a\r\n b\r\n\t c\r\nContent-Length: 0\r\n\r\n", complete(200, "", true)},
      {"HTTP/1.1 100 Continue\r\n\r\n" + kOk + "Content-Length: 1\r\n\r\nx",
       complete(200, "x", true)},
      {"HTTP/1.1 103 Early Hints\r\nContent-Length: 7\r\nConnection: close\r\n\r\n" + kOk +
           "Content-Length: 1\r\n\r\nx",
       complete(200, "x", true)},
      {kOk + "Content-Length: 1\r\n\r\nxHTTP", complete(200, "x", false)},
      {kOk + "Content-Length: 1\r\n\r\nx\r\n", complete(200, "x", false)},
      {kOk + "Content-Length: 3\r\n\r\n\0\xFF\n"s, complete(200, "\0\xFF\n"s, true)},
      {kChunked + "0\r\n\r\n", complete(200, "", true)},
      {kChunked + "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n", complete(200, "hello!", true)},
      {kChunked + "0000000A;a=\"b\"\r\n0123456789\r\n000\r\nTrailer: x\r\nanything\r\n\r\n",
       complete(200, "0123456789", true)},
      {kChunked + "5 \nhello\n0\n\n", complete(200, "hello", true)},
      {kChunked + "1\r\nx\r\n0\r\n\r\nmore", complete(200, "x", false)},
      {kOk + "Transfer-Encoding: gzip, Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
       complete(200, "x", true)},
      {kOk + "Transfer-Encoding: gzip\r\n\r\nxyz", complete(200, "xyz", false)},
      {kOk + "Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
       complete(200, "x", false)},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
       "0\r\n\r\n",
       complete(200, "", false)},
  };
  for (const auto& [text, answer] : cases) EXPECT_EQ(read(text), answer) << text;
}

TEST(AnswerReader, SaysWhatIsWrongWithAnAnswer) {
  const std::string not_a_header = "the answer's head has a line that is not a header: ";
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "closed the connection without an answer"},
      {"HTTP/1.1 2", "closed the connection in the middle of the answer"},
      {kOk + "X: y\r\n", "closed the connection in the middle of the answer"},
      {kOk + "Content-Length: 5\r\n\r\nhell", "closed the connection in the middle of the answer"},
      {"HTTP/1.1 100 Continue\r\n\r\n", "closed the connection in the middle of the answer"},
      {kChunked + "5\r\nhello\r\n0\r\n", "closed the connection in the middle of the answer"},
      {"HTTP/1.1 200OK\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1 200OK\""},
      {"HTTP/1.1 20\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1 20\""},
      {"HTTP/1.1 20x\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1 20x\""},
      {"HTTP/1.1 099\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1 099\""},
      {"HTTP/1.1 -20\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1 -20\""},
      {"HTTP/1.1  200 OK\r\n\r\n", "the answer is not HTTP: \"HTTP/1.1  200 OK\""},
      {"HTTP/1.x 200 OK\r\n\r\n", "the answer is not HTTP: \"HTTP/1.x 200 OK\""},
      {"HTTP/1.1 " + std::string(40, 'a') + "\n",
       "the answer is not HTTP: \"HTTP/1.1 aaaaaaaaaaaaaaaaaaaaaaa...\""},
      {kOk + "no colon\r\n\r\n", not_a_header + "\"no colon\""},
      {kOk + ": x\r\n\r\n", not_a_header + "\": x\""},
      {kOk + "a b: x\r\n\r\n", not_a_header + "\"a b: x\""},
      {kOk + "\x1B[31m: x\r\n\r\n", not_a_header + "\"\\x1b[31m: x\""},
      {kOk + " folded\r\n\r\n", not_a_header + "\" folded\""},
      {kOk + "Content-Length: x\r\n\r\n", "the answer's Content-Length is not a number: \"x\""},
      {kOk + "Content-Length: -1\r\n\r\n", "the answer's Content-Length is not a number: \"-1\""},
      {kOk + "Content-Length:\r\n\r\n", "the answer's Content-Length is not a number: \"\""},
      {kOk + "Content-Length: 99999999999999999999\r\n\r\n",
       "the answer's Content-Length is not a number: \"99999999999999999999\""},
      {kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
       "the answer has two different Content-Lengths"},
      {kOk + "Content-Length: 4097\r\n\r\n", "the answer's body is larger than 4 KiB"},
      {kOk + "Content-Length: 18446744073709551615\r\n\r\n",
       "the answer's body is larger than 4 KiB"},
      {kOk + "\r\n" + std::string(4097, 'x'), "the answer's body is larger than 4 KiB"},
      {kChunked + "1001\r\n", "the answer's body is larger than 4 KiB"},
      {kChunked + "ffffffffffffffff\r\n", "the answer's body is larger than 4 KiB"},
      {kChunked + "1\r\nx\r\n1000\r\n", "the answer's body is larger than 4 KiB"},
      {kChunked + "10000000000000000\r\n",
       "the size of a chunk of the answer is not a number: \"10000000000000000\""},
      {kChunked + "\r\n", "the size of a chunk of the answer is not a number: \"\""},
      {kChunked + "xyz\r\n", "the size of a chunk of the answer is not a number: \"xyz\""},
      {kChunked + "-1\r\n", "the size of a chunk of the answer is not a number: \"-1\""},
      {kChunked + "1\r\nxy\r\n", "a chunk of the answer is longer than its size says"},
      {kChunked + std::string(5000, '0'),
       "the line before a chunk of the answer is longer than 4 KiB"},
      {kChunked + "0\r\n" + std::string(2000, 'a'), "the answer's head is larger than 1 KiB"},
      {"HTTP/1.1 200 " + std::string(2000, 'a'), "the answer's head is larger than 1 KiB"},
      {kOk + "X: " + std::string(2000, 'a'), "the answer's head is larger than 1 KiB"},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
       "answered 101 Switching Protocols, which was not asked for"},
  };
  for (const auto& [text, problem] : cases) EXPECT_EQ(read(text), broken(problem)) << text;
}

TEST(AnswerReader, StopsAtTheFirstByteThatCannotBeHttp) {
  AnswerReader reader(kLimits);
  EXPECT_EQ(reader.take("SSH-2.0-OpenSSH_9.2\r\n"), Reading::broken);
  EXPECT_EQ(reader.problem(), "the answer is not HTTP: \"SSH-2.0-OpenSSH_9.2\"");
  reader.reset();
  EXPECT_EQ(reader.take("HTT"), Reading::more);
  EXPECT_EQ(reader.take("\x16\x03\x01"), Reading::broken);
  EXPECT_EQ(reader.problem(), "the answer is not HTTP: \"HTT\\x16\\x03\\x01\"");
}

TEST(AnswerReader, SkipsInterimAnswersUpToABound) {
  std::string interim;
  for (unsigned i = 0; i < AnswerReader::kMaxInterim; ++i) interim += "HTTP/1.1 102 P\r\n\r\n";
  EXPECT_EQ(read(interim + "HTTP/1.1 204 N\r\n\r\n"), complete(204, "", true));
  EXPECT_EQ(read(interim + "HTTP/1.1 102 P\r\n\r\n"),
            broken("sent more than 16 interim (1xx) answers"));
}

TEST(AnswerReader, KeepsTheBeginningOfALongBodyAndCountsAllOfIt) {
  AnswerReader reader(kLimits);
  const std::string body(3000, 'b');
  EXPECT_EQ(reader.take(kOk + "Content-Length: 3000\r\n\r\n" + body), Reading::complete);
  EXPECT_EQ(reader.body(), std::string(1024, 'b'));
  EXPECT_EQ(reader.body_size(), 3000U);
}

TEST(AnswerReader, TakesABodyOfExactlyTheLimit) {
  const std::string body(4096, 'b');
  AnswerReader reader(kLimits);
  EXPECT_EQ(reader.take(kOk + "Content-Length: 4096\r\n\r\n" + body), Reading::complete);
  reader.reset();
  EXPECT_EQ(reader.take(kChunked + "1000\r\n" + body + "\r\n0\r\n\r\n"), Reading::complete);
  reader.reset();
  EXPECT_EQ(reader.take(kOk + "\r\n" + body), Reading::more);
  EXPECT_EQ(reader.take_end(), Reading::complete);
  EXPECT_EQ(reader.body_size(), 4096U);
}

TEST(AnswerReader, GivesTheHeadersOfTheFinalAnswerAlone) {
  AnswerReader reader(kLimits);
  for (int i = 0; i < 3; ++i) {
    reader.reset();
    EXPECT_EQ(
        reader.take("HTTP/1.1 103 E\r\nLink: x\r\n\r\nHTTP/1.1 204 N\r\nDate:  today \r\nX-A: "
                    "a\r\n  b\x01\r\n\r\n"),
        Reading::complete);
    const http::Headers wanted{{"Date", "today"}, {"X-A", "a b "}};
    EXPECT_EQ(reader.headers(), wanted);
  }
}

TEST(AnswerReader, KnowsWhetherAnythingCame) {
  AnswerReader reader(kLimits);
  EXPECT_FALSE(reader.begun());
  EXPECT_EQ(reader.take(""), Reading::more);
  EXPECT_FALSE(reader.begun());
  EXPECT_EQ(reader.take("H"), Reading::more);
  EXPECT_TRUE(reader.begun());
  reader.reset();
  EXPECT_FALSE(reader.begun());
}

TEST(AnswerReader, TellsTheBytesOfTheNextAnswerApart) {
  AnswerReader reader(kLimits);
  const std::string two = kOk + "Content-Length: 1\r\n\r\nxHTTP/1.1 204";
  EXPECT_EQ(reader.take(two), Reading::complete);
  EXPECT_EQ(reader.bytes_after(), 12U);
  reader.reset();
  EXPECT_EQ(reader.take(two.substr(0, 10)), Reading::more);
  EXPECT_EQ(reader.bytes_after(), 0U);
  EXPECT_EQ(reader.take(two.substr(10)), Reading::complete);
  EXPECT_EQ(reader.bytes_after(), 12U);
}

TEST(AnswerReader, KnowsTheGoAheadAndWhetherAnAnswerHasBegun) {
  AnswerReader reader(kLimits);
  EXPECT_FALSE(reader.is_amid_answer());
  reader.take("HTTP/1.1 103 E\r\nA: b\r\n\r\n");
  EXPECT_FALSE(reader.may_continue());
  EXPECT_FALSE(reader.is_amid_answer());
  reader.take("H");
  EXPECT_TRUE(reader.is_amid_answer());
  reader.take("TTP/1.1 100 Continue\r\n");
  EXPECT_FALSE(reader.may_continue());
  EXPECT_TRUE(reader.is_amid_answer());
  reader.take("\r\n");
  EXPECT_TRUE(reader.may_continue());
  EXPECT_FALSE(reader.is_amid_answer());
  reader.take(kOk);
  EXPECT_TRUE(reader.is_amid_answer());
  reader.reset();
  EXPECT_FALSE(reader.may_continue());
  EXPECT_FALSE(reader.is_amid_answer());
}

TEST(AnswerReader, ReadsNoBodyWhereNoneIsToCome) {
  AnswerReader reader(kLimits);
  for (const std::string& head : {kOk + "Content-Length: 99999\r\n\r\n", kChunked, kOk + "\r\n"}) {
    reader.reset();
    reader.expect_no_body();
    EXPECT_EQ(reader.take("HTTP/1.1 100 C\r\n\r\n" + head), Reading::complete);
    EXPECT_EQ(reader.body_size(), 0U);
    EXPECT_TRUE(reader.may_keep_connection());
  }
  reader.reset();
  EXPECT_EQ(reader.take(kOk + "Content-Length: 1\r\n\r\n"), Reading::more);
}

// What hostile or broken servers may send: each outcome is right but a crash, a hang, or memory
// beyond the limits.
TEST(AnswerReader, SurvivesMutatedAnswers) {
  const std::vector<std::string> seeds{
      kOk + "Content-Length: 5\r\nX: y\r\n z\r\n\r\nhello",
      kChunked + "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nT: x\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 503 Busy\r\nConnection: close\r\n\r\nbody",
      kOk + "Transfer-Encoding: gzip, chunked\r\nContent-Length: 1, 2\r\n\r\n0\r\n\r\n",
  };
  const std::string likely = "\r\n\0 \t:;,0159afHTP/.-\xFF"s;
  engine::Random random(1, engine::Purpose::fault, 0);
  AnswerReader reader(kLimits);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = seeds[random.below(seeds.size())];
    for (std::uint64_t i = random.below(6); i > 0 && !text.empty(); --i) {
      const std::size_t at = random.below(text.size());
      const char c = likely[random.below(likely.size())];
      switch (random.below(4)) {
        case 0:
          text[at] = c;
          break;
        case 1:
          text.insert(at, 1, c);
          break;
        case 2:
          text.erase(at, 1 + random.below(3));
          break;
        default:
          text.resize(at);
      }
    }
    const Answer whole = read(text, text.size() + 1, reader);
    EXPECT_EQ(read(text, 1 + random.below(9), reader).reading, whole.reading) << text;
    EXPECT_NE(whole.reading, Reading::more);
    EXPECT_LE(reader.body().size(), AnswerReader::kKeptBody);
    EXPECT_LE(reader.body_size(), kLimits.body);
    EXPECT_EQ(whole.problem.empty(), whole.reading == Reading::complete);
  }
}

TEST(AnswerReader, TakesTheSameAnswerAgainForWhatItIs) {
  AnswerReader reader(kLimits);
  const std::string text = "HTTP/1.1 201 Created\r\nX: y\r\nContent-Length: 2\r\n\r\nok";
  const auto headers = [&reader] { return reader.headers().size(); };
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(read(text, text.size(), reader), complete(201, "ok", true));
    EXPECT_EQ(headers(), 2U);
  }
  // What comes behind it belongs to no answer, and spoils this connection only.
  EXPECT_EQ(read(text + "more", text.size() + 4, reader), complete(201, "ok", false));
  EXPECT_EQ(read(text, text.size(), reader), complete(201, "ok", true));
  EXPECT_EQ(reader.take("more"), Reading::complete);
  EXPECT_FALSE(reader.may_keep_connection());
  EXPECT_EQ(read(text, text.size(), reader), complete(201, "ok", true));
  // An answer to HEAD ends with its head.
  reader.reset();
  reader.expect_no_body();
  EXPECT_EQ(reader.take(text), Reading::complete);
  EXPECT_EQ(reader.bytes_after(), 2U);
  EXPECT_EQ(read(text, text.size(), reader), complete(201, "ok", true));
}

TEST(AnswerReader, HasNotBegunAfterAReset) {
  AnswerReader reader(kLimits);
  read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 999, reader);
  EXPECT_TRUE(reader.begun());
  EXPECT_TRUE(reader.may_continue());
  reader.reset();
  EXPECT_FALSE(reader.begun());
  EXPECT_FALSE(reader.may_continue());
  EXPECT_FALSE(reader.is_amid_answer());
  EXPECT_EQ(reader.take_end(), Reading::broken);
  EXPECT_EQ(reader.problem(), "closed the connection without an answer");
}

}  // namespace
}  // namespace sim::delivery
