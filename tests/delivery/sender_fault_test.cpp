// What arrives at a server of each fault, and what the sender makes of its answer or silence.
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::delivery {
namespace {

using support::ScriptedServer;
using support::Step;
namespace play = support;

const std::string kBody = "0123456789abcdefghij";
const std::string kHalf = "0123456789";

// A rate at which the body takes two pieces.
Treatment of(Fault fault) {
  return {.fault = fault, .bytes_per_second = 1000, .chunk = 8};
}

std::string head_of(const ScriptedServer& server, const std::string& length = "20") {
  return "POST /up HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
         "\r\nContent-Length: " + length + "\r\n\r\n";
}

SenderSettings impatient() {
  SenderSettings settings = SenderRig::patient();
  settings.answer_timeout = SenderRig::kShort;
  return settings;
}

std::vector<Fault> all_faults() {
  std::vector<Fault> all;
  for (const NamedFault& one : faults()) all.push_back(one.fault);
  return all;
}

// How a server reads all that it gets of a request with that fault.
Step reading_of(Fault fault) {
  switch (fault) {
    case Fault::reset:
    case Fault::truncated:
    case Fault::half_open:
    case Fault::close_before_answer:
      return play::read_to_end();
    case Fault::silent:
    case Fault::expect_continue:
      return play::read_head();
    case Fault::length_too_long:
    case Fault::length_too_short:
      return play::read_until(kBody);
    case Fault::chunked:
      return play::read_until("0\r\n\r\n");
    default:
      return play::read_request();
  }
}

// Delivers to a server that reads all of it and answers, and then one more that is plain.
struct Exchanged {
  Reported reported;
  std::string request;  ///< with the server's head in place of the head, where it is a plain one
  bool kept = false;
};

Exchanged exchange(const Treatment& treatment, const Step& reading) {
  const support::Script plain{play::read_request(), play::write(play::ok())};
  ScriptedServer server({{reading, play::write(play::ok("answer")), plain[0], plain[1]}, plain});
  SenderRig rig(server.port());
  Exchanged exchanged;
  exchanged.reported = rig.deliver(kBody, treated(treatment));
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  exchanged.kept = server.connections() == 1;
  exchanged.request = server.requests().at(0);
  const std::string head = head_of(server);
  if (exchanged.request.starts_with(head)) exchanged.request.replace(0, head.size(), "HEAD ");
  return exchanged;
}

void expect_answered(const Exchanged& exchanged, const std::string& request, bool kept) {
  EXPECT_EQ(exchanged.request, request);
  EXPECT_EQ(exchanged.kept, kept);
  EXPECT_EQ(exchanged.reported.outcome, Outcome::delivered) << exchanged.reported.reason;
  EXPECT_EQ(exchanged.reported.status, 200);
  EXPECT_EQ(exchanged.reported.body, "answer");
  EXPECT_EQ(exchanged.reported.attempts, 1U);
  EXPECT_EQ(exchanged.reported.reason, "");
  EXPECT_FALSE(exchanged.reported.by_fault);
}

TEST(SenderFault, TakesTheAnswerToARequestThatIsCutOff) {
  expect_answered(exchange(of(Fault::truncated), reading_of(Fault::truncated)), "HEAD " + kHalf,
                  false);
}

TEST(SenderFault, TakesTheAnswerToARequestWhoseSendingSideIsClosed) {
  expect_answered(exchange(of(Fault::half_open), reading_of(Fault::half_open)), "HEAD " + kBody,
                  false);
}

TEST(SenderFault, TakesTheAnswerToAHeadAlone) {
  expect_answered(exchange(of(Fault::silent), reading_of(Fault::silent)), "HEAD ", false);
}

TEST(SenderFault, SendsALengthThatIsNotTrue) {
  Exchanged exchanged = exchange(of(Fault::length_too_long), reading_of(Fault::length_too_long));
  EXPECT_TRUE(exchanged.request.ends_with("\r\nContent-Length: 30\r\n\r\n" + kBody));
  expect_answered(exchanged, exchanged.request, false);
  exchanged = exchange(of(Fault::length_too_short), reading_of(Fault::length_too_short));
  EXPECT_TRUE(exchanged.request.ends_with("\r\nContent-Length: 10\r\n\r\n" + kBody));
  expect_answered(exchanged, exchanged.request, false);
}

TEST(SenderFault, SendsABodyInChunks) {
  const Exchanged exchanged = exchange(of(Fault::chunked), reading_of(Fault::chunked));
  EXPECT_TRUE(
      exchanged.request.ends_with("\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n"
                                  "8\r\n89abcdef\r\n4\r\nghij\r\n0\r\n\r\n"));
  expect_answered(exchanged, exchanged.request, true);
}

TEST(SenderFault, SendsHeaderNamesInOddCase) {
  const Exchanged exchanged = exchange(of(Fault::odd_case), play::read_request());
  EXPECT_TRUE(exchanged.request.ends_with("\r\ncOnTeNt-LeNgTh: 20\r\n\r\n" + kBody));
  expect_answered(exchanged, exchanged.request, true);
}

TEST(SenderFault, SendsARequestInPieces) {
  const Exchanged exchanged = exchange(of(Fault::split), play::read_request());
  expect_answered(exchanged, "HEAD " + kBody, true);
  EXPECT_GE(exchanged.reported.answered - exchanged.reported.sent, std::chrono::milliseconds(20));
}

TEST(SenderFault, SendsABodyAtItsRate) {
  Treatment treatment = of(Fault::slow);
  Exchanged exchanged = exchange(treatment, play::read_request());
  expect_answered(exchanged, "HEAD " + kBody, true);
  EXPECT_GE(exchanged.reported.answered - exchanged.reported.sent, std::chrono::milliseconds(10));
  treatment.bytes_per_second = 500;  // 5 bytes every 10 ms
  exchanged = exchange(treatment, play::read_request());
  expect_answered(exchanged, "HEAD " + kBody, true);
  EXPECT_GE(exchanged.reported.answered - exchanged.reported.sent, std::chrono::milliseconds(30));
}

TEST(SenderFault, WaitsForTheAnswerToASlowBodyFromItsLastByteOn) {
  // The body takes four times the limit.
  SenderSettings settings = SenderRig::patient();
  settings.answer_timeout = SenderRig::kShort;
  ScriptedServer server({{play::read_request()}});
  SenderRig rig(server.port(), settings);
  const Reported reported =
      rig.deliver(kBody, treated({.fault = Fault::slow, .bytes_per_second = 100}));
  EXPECT_EQ(reported.reason, "no answer within 50ms (fault: slow)");
  EXPECT_GE(reported.answered - reported.sent, std::chrono::milliseconds(240));
  EXPECT_EQ(server.requests().at(0), head_of(server) + kBody);
}

TEST(SenderFault, TakesAnAnswerThatComesBeforeASlowBodyHasGone) {
  ScriptedServer server(
      {{play::read_head(), play::write("HTTP/1.1 408 X\r\nContent-Length: 0\r\n\r\n")}});
  SenderRig rig(server.port());
  // It would take 20 s.
  const Reported reported =
      rig.deliver(kBody, treated({.fault = Fault::slow, .bytes_per_second = 1}));
  EXPECT_EQ(reported.status, 408);
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
}

TEST(SenderFault, ClosesWithoutReadingTheAnswer) {
  ScriptedServer server({{play::read_to_end()}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver(kBody, treated(Fault::close_before_answer));
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, "closed on purpose before the answer (fault)");
  EXPECT_EQ(reported.attempts, 1U);
  EXPECT_TRUE(reported.by_fault);
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
  EXPECT_EQ(server.requests().at(0), head_of(server) + kBody);
}

TEST(SenderFault, ResetsAfterHalfOfTheBody) {
  ScriptedServer server({{play::read_to_end()}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver(kBody, treated(Fault::reset));
  EXPECT_EQ(reported.reason, "reset on purpose (fault)");
  EXPECT_TRUE(reported.by_fault);
  EXPECT_EQ(server.endings(1).at(0), "reset by client");
  EXPECT_EQ(server.requests().at(0), head_of(server) + kHalf);
}

TEST(SenderFault, GivesTheAnswerThatComesBeforeItsEndIsMade) {
  const std::string answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig";
  for (const Fault fault : {Fault::reset, Fault::close_before_answer}) {
    ScriptedServer server({{play::read_head(), play::write(answer), play::wait_for_reset()}});
    SenderRig rig(server.port());
    const Reported reported = rig.deliver(std::string(64'000'000, 'x'), treated(fault));
    EXPECT_EQ(reported.outcome, Outcome::rejected) << reported.reason;
    EXPECT_EQ(reported.status, 413);
    EXPECT_EQ(reported.body, "big");
    EXPECT_FALSE(reported.by_fault);
    // The reset is made all the same.
    if (fault == Fault::reset) {
      EXPECT_EQ(server.endings(1).at(0), "reset by client");
    }
  }
}

TEST(SenderFault, TakesNoKeptConnectionWhereACloseIsToBeTold) {
  const support::Script once{play::read_request(), play::write(play::ok())};
  ScriptedServer server({once, {play::read_head(), play::close()}});
  SenderRig rig(server.port());
  rig.deliver();
  const Reported reported = rig.deliver(kBody, treated(Fault::silent));
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, "closed the connection without an answer (fault: silent)");
  EXPECT_EQ(reported.attempts, 1U);
  EXPECT_TRUE(reported.by_fault);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(SenderFault, SendsOnceMoreWhereAKeptConnectionTurnsOutDead) {
  const support::Script once{play::read_request(), play::write(play::ok())};
  ScriptedServer server({{once[0], once[1], play::read_until("0\r\n\r\n"), play::close()},
                         {play::read_until("0\r\n\r\n"), play::write(play::ok())}});
  SenderRig rig(server.port());
  rig.deliver();
  const Reported reported = rig.deliver(kBody, treated(Fault::chunked));
  EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
  EXPECT_EQ(reported.attempts, 2U);
  EXPECT_EQ(server.requests().at(1), server.requests().at(2));
}

TEST(SenderFault, SaysWhoIsToBlameForSilence) {
  for (const Fault fault : all_faults()) {
    const std::string name(to_string(fault));
    // What is closed in good order must not make the server close as well.
    ScriptedServer server({{play::read_head(), play::wait()}});
    SenderRig rig(server.port(), impatient());
    const Reported reported = rig.deliver(kBody, treated(of(fault)));
    EXPECT_EQ(reported.status, 0) << name;
    EXPECT_EQ(reported.attempts, fault == Fault::pipelined ? 2U : 1U) << name;
    if (fault == Fault::reset || fault == Fault::close_before_answer) {
      EXPECT_EQ(reported.outcome, Outcome::failed) << name;
      EXPECT_TRUE(reported.by_fault) << name;
      continue;
    }
    EXPECT_EQ(reported.outcome, Outcome::timed_out) << name;
    EXPECT_EQ(reported.reason, "no answer within 50ms (fault: " + name + ")");
    EXPECT_EQ(reported.by_fault, fault == Fault::truncated || fault == Fault::length_too_long ||
                                     fault == Fault::length_too_short || fault == Fault::silent)
        << name;
  }
}

TEST(SenderFault, BlamesAnEndpointForABrokenAnswer) {
  for (const Fault fault : all_faults()) {
    if (fault == Fault::reset || fault == Fault::close_before_answer) continue;
    const std::string name(to_string(fault));
    ScriptedServer server({{reading_of(fault), play::write("garbage"), play::wait()}});
    SenderRig rig(server.port());
    const Reported reported = rig.deliver(kBody, treated(of(fault)));
    EXPECT_EQ(reported.outcome, Outcome::failed);
    EXPECT_EQ(reported.reason, "the answer is not HTTP: \"garbage\" (fault: " + name + ")");
    EXPECT_FALSE(reported.by_fault);
  }
}

TEST(SenderFault, NamesNoFaultWhereNoConnectionIsMade) {
  const support::DeafPort port;
  SenderRig rig(port.port());
  const Reported reported = rig.deliver(kBody, treated(Fault::silent));
  EXPECT_EQ(reported.reason, "connection refused");
  EXPECT_EQ(reported.attempts, 0U);
  EXPECT_FALSE(reported.by_fault);
}

TEST(SenderFault, IsGivenUpInItsMiddle) {
  for (const Fault fault : all_faults()) {
    const std::string name(to_string(fault));
    ScriptedServer server({{play::read_head(), play::wait_for_reset()}});
    SenderRig rig(server.port());
    Treatment treatment = of(fault);
    treatment.bytes_per_second = 1;
    // Some come to their end by themselves, but not while half of that is not read.
    const bool ends = fault == Fault::reset || fault == Fault::close_before_answer;
    rig.post(1, ends ? std::string(64'000'000, 'x') : kBody, treated(treatment));
    rig.post(2, kBody, treated(treatment));  // waits in the queue
    while (server.requests().empty()) {
      if (rig.io().poll_one() == 0) std::this_thread::yield();
    }
    rig.sender().abort("interrupted by SIGINT");
    ASSERT_EQ(rig.outcomes.size(), 2U) << name;
    for (const Reported& reported : rig.outcomes) {
      EXPECT_EQ(reported.outcome, Outcome::failed) << name;
      EXPECT_EQ(reported.reason, "interrupted by SIGINT") << name;
      EXPECT_FALSE(reported.by_fault) << name;
    }
    EXPECT_EQ(rig.sender().in_flight(), 0U);
    EXPECT_EQ(rig.run_out().size(), 2U) << name;
  }
}

TEST(SenderFault, IsFinishedAfterAStop) {
  for (const Fault fault : all_faults()) {
    const std::string name(to_string(fault));
    support::Script script{reading_of(fault), play::write(play::ok())};
    if (fault == Fault::duplicate || fault == Fault::pipelined) {
      script.insert(script.end(), {play::read_request(), play::write(play::ok())});
    }
    ScriptedServer server({script});
    SenderRig rig(server.port());
    rig.post(1, kBody, treated(of(fault)));
    rig.sender().stop();
    ASSERT_EQ(rig.run_out().size(), 1U) << name;
    const bool by_fault = fault == Fault::reset || fault == Fault::close_before_answer;
    EXPECT_EQ(rig.outcomes.at(0).outcome, by_fault ? Outcome::failed : Outcome::delivered) << name;
    EXPECT_TRUE(server.endings(1).at(0).ends_with("by client")) << name;
  }
}

TEST(SenderFault, CallsNobodyAfterTheSendersEnd) {
  for (const Fault fault : all_faults()) {
    for (const bool is_connected : {false, true}) {
      ScriptedServer server({{play::read_head()}});
      SenderRig rig(server.port());
      rig.post(1, kBody, treated(of(fault)));
      if (is_connected) rig.io().run_one();
      // The faults that end at once have had their outcome as soon as there was a connection.
      const std::size_t told = rig.outcomes.size();
      rig.end_sender();
      EXPECT_EQ(rig.run_out().size(), told) << to_string(fault);
    }
  }
}

TEST(SenderFault, StandsInTheQueueLikeAnyOther) {
  ScriptedServer server(
      {{play::read_request(), play::write(play::ok()), play::read_until("0\r\n\r\n"),
        play::write(play::ok()), play::read_request(), play::write(play::ok())}});
  SenderSettings settings = SenderRig::patient();
  settings.queue_limit = 2;
  SenderRig rig(server.port(), settings);
  rig.post(1, kBody);
  rig.post(2, kBody, treated(of(Fault::chunked)));
  rig.post(3, kBody);
  rig.post(4, kBody, treated(Fault::silent));
  for (const Reported& reported : rig.run(4)) {
    EXPECT_EQ(reported.outcome, reported.id == 4 ? Outcome::skipped : Outcome::delivered);
    EXPECT_FALSE(reported.by_fault);
  }
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(server.requests().at(0), head_of(server) + kBody);
  EXPECT_TRUE(server.requests().at(1).ends_with("4\r\nghij\r\n0\r\n\r\n"));
  EXPECT_EQ(server.requests().at(2), server.requests().at(0));
}

TEST(SenderFault, IsRefusedWhereItCannotBeDone) {
  ScriptedServer server({{play::wait()}});
  SenderRig rig(server.port());
  try {
    rig.post(1, kBody, treated({.target = "up"}));
    FAIL() << "taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "the target does not begin with a slash");
  }
  EXPECT_EQ(rig.sender().in_flight(), 0U);
}

}  // namespace
}  // namespace sim::delivery
