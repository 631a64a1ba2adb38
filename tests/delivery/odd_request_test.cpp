#include "sim/delivery/odd_request.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "sim/delivery/request_template.h"

namespace sim::delivery {

void PrintTo(const OddStep& step, std::ostream* out) {
  *out << "to " << step.end << " then " << static_cast<int>(step.then) << " after "
       << step.pause.count() << " us, in pieces of " << step.piece << " each "
       << step.piece_pause.count() << " us";
}

namespace {

using namespace std::chrono_literals;
using Steps = std::vector<OddStep>;

const std::string kBody = "0123456789abcdef012345678";  // 25 bytes, which have no middle

RequestHead head() {
  return {"POST",
          {"h", 80, "/up"},
          {{"Authorization", "key"}, {"Content-Type", "a/b"}, {"Content-Length", ""}, {"X", "y"}}};
}

std::string head_text(const std::string& length) {
  return "POST /up HTTP/1.1\r\nHost: h\r\nAuthorization: key\r\nContent-Type: a/b\r\n"
         "Content-Length: " +
         length + "\r\nX: y\r\n\r\n";
}

const std::size_t kHeadSize = head_text("25").size();
const std::size_t kEnd = kHeadSize + 25;
const std::size_t kMiddle = kHeadSize + 12;

OddRequest make(const Treatment& treatment, std::string_view body = kBody) {
  EXPECT_TRUE(check(treatment));
  return make_odd_request(head(), treatment, body);
}

std::string bytes_of(const Treatment& treatment, std::string_view body = kBody) {
  return make(treatment, body).bytes;
}

Steps steps_of(Fault fault, std::string_view body = kBody, std::size_t rate = 1000) {
  return make({.fault = fault, .bytes_per_second = rate}, body).steps;
}

std::string plain_bytes(std::string_view body) {
  std::string bytes;
  RequestTemplate(head()).write(body, bytes);
  return bytes;
}

TEST(OddRequest, HasTheBytesOfAPlainRequestWhereTheFaultIsInTheWriting) {
  for (const Fault fault :
       {Fault::none, Fault::duplicate, Fault::reset, Fault::truncated, Fault::slow,
        Fault::close_before_answer, Fault::half_open, Fault::silent, Fault::split}) {
    const Treatment treatment{.fault = fault, .bytes_per_second = 9};
    EXPECT_EQ(bytes_of(treatment), plain_bytes(kBody)) << to_string(fault);
    EXPECT_EQ(bytes_of(treatment, ""), plain_bytes("")) << to_string(fault);
  }
  EXPECT_EQ(plain_bytes(kBody), head_text("25") + kBody);
}

TEST(OddRequest, HasTheHeadersOfAPlainRequestWhereverTheyComeFrom) {
  const std::vector<RequestHead> heads{
      {"PUT", {"::1", 80, "/"}, {{"A", "b"}}},
      {"PUT", {"h", 81, "/"}, {{"Content-Length", "99"}, {"A", "b"}, {"CONTENT-LENGTH", "98"}}},
      {"POST", {"127.0.0.1", 80, "/"}, {{"A", "b"}, {"host", "virtual"}}},
  };
  for (const RequestHead& one : heads) {
    std::string plain;
    RequestTemplate(one).write("xy", plain);
    EXPECT_EQ(make_odd_request(one, {}, "xy").bytes, plain);
  }
}

TEST(OddRequest, SaysALengthThatIsNotTrue) {
  EXPECT_EQ(bytes_of({.fault = Fault::length_too_long}), head_text("35") + kBody);
  EXPECT_EQ(bytes_of({.fault = Fault::length_too_short}), head_text("12") + kBody);
  EXPECT_EQ(bytes_of({.fault = Fault::length_too_short}, ""), head_text("0"));
}

TEST(OddRequest, HasABodyInChunks) {
  const std::string chunked_head =
      "POST /up HTTP/1.1\r\nHost: h\r\nAuthorization: key\r\nContent-Type: a/b\r\n"
      "Transfer-Encoding: chunked\r\nX: y\r\n\r\n";
  EXPECT_EQ(bytes_of({.fault = Fault::chunked, .chunk = 10}),
            chunked_head + "a\r\n0123456789\r\na\r\nabcdef0123\r\n5\r\n45678\r\n0\r\n\r\n");
  EXPECT_EQ(bytes_of({.fault = Fault::chunked, .chunk = 25}),
            chunked_head + "19\r\n" + kBody + "\r\n0\r\n\r\n");
  EXPECT_EQ(bytes_of({.fault = Fault::chunked}, ""), chunked_head + "0\r\n\r\n");
}

TEST(OddRequest, AsksForAGoAhead) {
  EXPECT_EQ(bytes_of({.fault = Fault::expect_continue}),
            "POST /up HTTP/1.1\r\nHost: h\r\nAuthorization: key\r\nContent-Type: a/b\r\n"
            "Content-Length: 25\r\nX: y\r\nExpect: 100-continue\r\n\r\n" +
                kBody);
}

TEST(OddRequest, HasNamesInOddCase) {
  EXPECT_EQ(bytes_of({.fault = Fault::odd_case, .set_headers = {{"NEW-2", "Value"}}}, "x"),
            "POST /up HTTP/1.1\r\nhOsT: h\r\naUtHoRiZaTiOn: key\r\ncOnTeNt-TyPe: a/b\r\n"
            "cOnTeNt-LeNgTh: 1\r\nx: y\r\nnEw-2: Value\r\n\r\nx");
}

TEST(OddRequest, StandsThereTwiceWhereItIsPipelined) {
  const OddRequest request = make({.fault = Fault::pipelined});
  EXPECT_EQ(request.bytes, plain_bytes(kBody) + plain_bytes(kBody));
  EXPECT_EQ(request.copies, 2U);
  EXPECT_EQ(request.steps, (Steps{{request.bytes.size(), Then::answer}}));
}

TEST(OddRequest, ReplacesAddsAndRemovesHeaders) {
  EXPECT_EQ(
      bytes_of(
          {.method = "PATCH",
           .target = "/other?x=1",
           .set_headers =
               {{"New", "1"}, {"authorization", "other"}, {"New", "2"}, {"X", "a"}, {"X", "b"}},
           .remove_headers = {"content-TYPE", "Not-There"},
           .close = true},
          "{}"),
      "PATCH /other?x=1 HTTP/1.1\r\nHost: h\r\nauthorization: other\r\n"
      "Content-Length: 2\r\nX: a\r\nX: b\r\nConnection: close\r\nNew: 1\r\nNew: 2\r\n\r\n{}");
}

TEST(OddRequest, LetsAnOverrideWinOverTheFault) {
  const std::string start = "POST /up HTTP/1.1\r\nHost: h\r\nAuthorization: key\r\n";
  EXPECT_EQ(bytes_of({.fault = Fault::chunked,
                      .set_headers = {{"Content-Length", "1"}, {"Transfer-Encoding", "gzip"}}},
                     ""),
            start +
                "Content-Type: a/b\r\nTransfer-Encoding: gzip\r\nX: y\r\nContent-Length: 1\r\n"
                "\r\n0\r\n\r\n");
  EXPECT_EQ(bytes_of({.fault = Fault::length_too_long,
                      .remove_headers = {"Host", "Content-Length", "Content-Type"}},
                     ""),
            "POST /up HTTP/1.1\r\nAuthorization: key\r\nX: y\r\n\r\n");
}

TEST(OddRequest, IsWrittenInTheStepsOfItsFault) {
  const std::vector<std::pair<Fault, Steps>> cases{
      {Fault::none, {{kEnd, Then::answer}}},
      {Fault::duplicate, {{kEnd, Then::answer}}},
      {Fault::reset, {{kMiddle, Then::reset}}},
      {Fault::truncated, {{kMiddle, Then::end_sending}}},
      {Fault::length_too_long, {{kEnd, Then::answer}}},
      {Fault::length_too_short, {{kEnd, Then::answer}}},
      {Fault::close_before_answer, {{kEnd, Then::close}}},
      {Fault::half_open, {{kEnd, Then::end_sending}}},
      {Fault::silent, {{kHeadSize, Then::answer}}},
      {Fault::odd_case, {{kEnd, Then::answer}}},
      {Fault::slow, {{kHeadSize, Then::next_step}, {kEnd, Then::answer, {}, 10, 10ms}}},
      {Fault::expect_continue, {{kHeadSize + 22, Then::go_ahead, 1s}, {kEnd + 22, Then::answer}}},
      {Fault::split,
       {{kHeadSize, Then::next_step, 10ms, 1},
        {kMiddle, Then::next_step, 10ms},
        {kEnd, Then::answer}}},
  };
  for (const auto& [fault, steps] : cases) EXPECT_EQ(steps_of(fault), steps) << to_string(fault);
}

TEST(OddRequest, HasNoEmptyStep) {
  const std::size_t empty = plain_bytes("").size();
  EXPECT_EQ(steps_of(Fault::reset, ""), (Steps{{empty, Then::reset}}));
  EXPECT_EQ(steps_of(Fault::slow, ""), (Steps{{empty, Then::answer}}));
  EXPECT_EQ(steps_of(Fault::expect_continue, ""), (Steps{{empty + 22, Then::answer}}));
  EXPECT_EQ(steps_of(Fault::split, ""), (Steps{{empty, Then::answer, {}, 1}}));
  EXPECT_EQ(steps_of(Fault::split, "x"),
            (Steps{{empty, Then::next_step, 10ms, 1}, {empty + 1, Then::answer}}));
}

TEST(OddRequest, IsNeverFasterThanItsRateAndWrittenAtMostAHundredTimesASecond) {
  const std::vector<std::pair<std::size_t, OddStep>> cases{
      {1, {kEnd, Then::answer, {}, 1, 1s}},
      {3, {kEnd, Then::answer, {}, 1, 333'334us}},
      {100, {kEnd, Then::answer, {}, 1, 10ms}},
      {101, {kEnd, Then::answer, {}, 2, 19'802us}},
      {1'000'000, {kEnd, Then::answer, {}, 10'000, 10ms}},
  };
  for (const auto& [rate, step] : cases) {
    EXPECT_EQ(steps_of(Fault::slow, kBody, rate).back(), step) << rate;
    const double seconds = static_cast<double>(step.piece_pause.count()) / 1e6;
    EXPECT_LE(static_cast<double>(step.piece) / seconds, static_cast<double>(rate) + 1e-9);
  }
  const OddStep fastest = steps_of(Fault::slow, kBody, std::size_t(-1)).back();
  EXPECT_GE(fastest.piece, kBody.size());
}

TEST(OddRequest, SaysWhetherItsConnectionIsNewAndKept) {
  const auto fate = [](const Treatment& treatment) {
    const OddRequest request = make(treatment);
    return std::string(request.wants_new_connection ? "new" : "any") +
           (request.keeps_connection ? " kept" : " closed");
  };
  for (const Fault fault :
       {Fault::none, Fault::duplicate, Fault::slow, Fault::chunked, Fault::expect_continue,
        Fault::odd_case, Fault::pipelined, Fault::split}) {
    EXPECT_EQ(fate({.fault = fault, .bytes_per_second = 1}), "any kept") << to_string(fault);
  }
  for (const Fault fault : {Fault::truncated, Fault::length_too_long, Fault::length_too_short,
                            Fault::close_before_answer, Fault::half_open, Fault::silent}) {
    EXPECT_EQ(fate({.fault = fault}), "new closed") << to_string(fault);
  }
  EXPECT_EQ(fate({.fault = Fault::reset}), "any closed");
  EXPECT_EQ(fate({.close = true}), "any closed");
  EXPECT_EQ(fate({.set_headers = {{"X", "1"}}, .remove_headers = {"Host"}}), "any kept");
  EXPECT_EQ(fate({.set_headers = {{"content-length", "7"}}}), "new closed");
  EXPECT_EQ(fate({.remove_headers = {"content-length"}}), "new closed");
  EXPECT_EQ(fate({.set_headers = {{"Transfer-Encoding", "x"}}}), "new closed");
}

TEST(OddRequest, KnowsThatAnAnswerToHeadHasNoBody) {
  EXPECT_FALSE(make({.method = "HEAD"}).answer_has_body);
  EXPECT_TRUE(make({.method = "GET"}).answer_has_body);
}

TEST(OddFailure, IsByFaultWhereTheSenderEndsItOrTheEndpointHadNothingToAnswer) {
  for (const Fault fault : {Fault::reset, Fault::close_before_answer}) {
    const OddFailure failure = explain_failure(fault, Outcome::timed_out, "no answer", true);
    EXPECT_EQ(failure.outcome, Outcome::failed);
    EXPECT_TRUE(failure.by_fault);
  }
  for (const NamedFault& one : faults()) {
    if (one.fault == Fault::reset || one.fault == Fault::close_before_answer) continue;
    const OddFailure failure = explain_failure(one.fault, Outcome::timed_out, "no answer", false);
    EXPECT_EQ(failure.outcome, Outcome::timed_out);
    EXPECT_EQ(failure.reason, "no answer (fault: " + std::string(one.name) + ")");
    const bool answerable = one.fault != Fault::truncated && one.fault != Fault::silent &&
                            one.fault != Fault::length_too_long &&
                            one.fault != Fault::length_too_short;
    EXPECT_EQ(failure.by_fault, !answerable) << one.name;
    EXPECT_FALSE(explain_failure(one.fault, Outcome::timed_out, "no answer", true).by_fault);
  }
  const OddFailure plain = explain_failure(Fault::none, Outcome::failed, "reset", false);
  EXPECT_EQ(plain.reason, "reset");
  EXPECT_FALSE(plain.by_fault);
}

}  // namespace
}  // namespace sim::delivery
