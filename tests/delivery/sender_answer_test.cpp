// What the sender makes of what a server answers, or does instead.
#include <gtest/gtest.h>

#include <string>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::delivery {
namespace {

using support::ScriptedServer;
namespace play = support;

const std::string kOk = "HTTP/1.1 200 OK\r\n";

// The outcome of one delivery to a server that plays that script once.
Reported outcome_of(support::Script script, SenderSettings settings = SenderRig::patient()) {
  ScriptedServer server({std::move(script)});
  SenderRig rig(server.port(), settings);
  rig.post(7);
  const auto& outcomes = rig.run();
  EXPECT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(rig.sender().in_flight(), 0U);
  return outcomes.empty() ? Reported{} : outcomes.front();
}

void expect_failed(const Reported& reported, const std::string& reason) {
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, reason);
  EXPECT_EQ(reported.status, 0);
  EXPECT_TRUE(reported.headers.empty());
  EXPECT_EQ(reported.body, "");
}

TEST(Sender, ReportsASuccessAsDelivered) {
  const Reported reported = outcome_of(
      {play::read_request(), play::write("HTTP/1.1 202 Accepted\r\nX-Id: 9\r\nContent-Length: "
                                         "2\r\n\r\nhi")});
  EXPECT_EQ(reported.id, 7U);
  EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(reported.status, 202);
  EXPECT_EQ(reported.attempts, 1U);
  EXPECT_EQ(reported.reason, "");
  EXPECT_EQ(reported.body, "hi");
  EXPECT_EQ(reported.body_size, 2U);
  const http::Headers headers{{"X-Id", "9"}, {"Content-Length", "2"}};
  EXPECT_EQ(reported.headers, headers);
  EXPECT_LE(reported.due, reported.sent);
  EXPECT_LE(reported.sent, reported.answered);
}

TEST(Sender, SendsTheRequestAsItsHeadSays) {
  ScriptedServer server({{play::read_request(), play::write(play::ok())}});
  SenderRig rig(server.port());
  rig.post(1, "{\"a\":1}");
  rig.run();
  EXPECT_EQ(server.requests().at(0),
            "POST /up HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                "\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
}

TEST(Sender, ReportsAnyOtherStatusAsRejected) {
  for (const int status : {304, 400, 404, 500, 503, 999}) {
    const Reported reported =
        outcome_of({play::read_request(), play::write("HTTP/1.1 " + std::to_string(status) +
                                                      " X\r\nContent-Length: 0\r\n\r\n")});
    EXPECT_EQ(reported.outcome, Outcome::rejected);
    EXPECT_EQ(reported.status, status);
  }
}

TEST(Sender, DoesNotFollowARedirect) {
  ScriptedServer server(
      {{play::read_request(),
        play::write("HTTP/1.1 307 T\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n")}});
  SenderRig rig(server.port());
  rig.post(1);
  EXPECT_EQ(rig.run().at(0).status, 307);
  EXPECT_EQ(rig.outcomes.at(0).outcome, Outcome::rejected);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Sender, TakesAnAnswerInEveryForm) {
  const std::vector<support::Script> scripts{
      {play::read_request(),
       play::write(kOk + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")},
      {play::read_request(),
       play::write_bytewise(kOk + "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n")},
      {play::read_request(), play::write(kOk + "\r\nabcde"), play::close()},
      {play::read_request(), play::write("HTTP/1.0 200 OK\r\n\r\nabcde"), play::close()},
      {play::read_request(), play::write_bytewise(play::ok("abcde"))},
      {play::read_request(),
       play::write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 E\r\nA: "
                   "b\r\n\r\n"),
       play::write(play::ok("abcde"))},
      {play::read_request(), play::write(play::ok("abcde") + "surplus")},
      {play::read_request(), play::write(play::ok("abcde")), play::reset()},
  };
  for (const support::Script& script : scripts) {
    const Reported reported = outcome_of(script);
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
    EXPECT_EQ(reported.status, 200);
    EXPECT_EQ(reported.body, "abcde");
  }
}

TEST(Sender, TakesAnAnswerWithoutABody) {
  const Reported reported =
      outcome_of({play::read_request(), play::write("HTTP/1.1 204 No Content\r\n\r\n")});
  EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(reported.status, 204);
}

TEST(Sender, KeepsTheFirstKibibyteOfALongAnswer) {
  const std::string body(3'000'000, 'z');
  const Reported reported = outcome_of({play::read_request(), play::write(play::ok(body))});
  EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(reported.body, std::string(1024, 'z'));
  EXPECT_EQ(reported.body_size, body.size());
}

TEST(Sender, ReportsAnAnswerThatIsTooLargeAsFailed) {
  SenderSettings settings = SenderRig::patient();
  settings.body_limit = 64 * 1024;
  const std::string reason = "the answer's body is larger than 64 KiB";
  expect_failed(
      outcome_of({play::read_request(), play::write(kOk + "Content-Length: 65537\r\n\r\n")},
                 settings),
      reason);
  expect_failed(
      outcome_of({play::read_request(), play::write(kOk + "\r\n" + std::string(1'000'000, 'x'))},
                 settings),
      reason);
}

TEST(Sender, ReportsAHeadThatIsTooLargeAsFailed) {
  expect_failed(
      outcome_of({play::read_request(), play::write(kOk + "X: " + std::string(200'000, 'x'))}),
      "the answer's head is larger than 64 KiB");
}

TEST(Sender, ReportsGarbageAsFailedAndShowsItsBeginning) {
  expect_failed(outcome_of({play::read_request(), play::write("220 mail.example ESMTP\r\n")}),
                "the answer is not HTTP: \"220 mail.example ESMTP\"");
  expect_failed(outcome_of({play::write("\x15\x03\x01 tls"), play::read_request()}),
                "the answer is not HTTP: \"\\x15\\x03\\x01 tls\"");
}

TEST(Sender, ReportsACloseWithoutAnAnswerAsFailed) {
  expect_failed(outcome_of({play::read_request(), play::close()}),
                "closed the connection without an answer");
}

TEST(Sender, ReportsACloseWithinAnAnswerAsFailed) {
  expect_failed(outcome_of({play::read_request(), play::write("HTTP/1.1 200"), play::close()}),
                "closed the connection in the middle of the answer");
}

TEST(Sender, ReportsAResetAsFailed) {
  expect_failed(outcome_of({play::read_request(), play::reset()}),
                "reset the connection without an answer");
}

TEST(Sender, ReportsAResetWithinAnAnswerAsFailed) {
  expect_failed(outcome_of({play::read_request(), play::write(kOk + "Content-Length: 9\r\n\r\nx"),
                            play::reset()}),
                "reset the connection in the middle of the answer");
}

TEST(Sender, ReportsARefusedConnectionAsFailed) {
  const support::DeafPort port;
  SenderRig rig(port.port());
  rig.post(1);
  const Reported reported = rig.run().at(0);
  expect_failed(reported, "connection refused");
  EXPECT_EQ(reported.attempts, 0U);
  EXPECT_EQ(reported.sent, reported.answered);
}

TEST(Sender, ReportsAHostThatIsNotThereAsFailed) {
  SenderRig rig(80, SenderRig::patient(), "no..such..host");
  rig.post(1);
  const Reported reported = rig.run().at(0);
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_TRUE(reported.reason.starts_with("cannot find the host no..such..host: "))
      << reported.reason;
}

TEST(Sender, FindsAHostByItsName) {
  ScriptedServer server({{play::read_request(), play::write(play::ok())}});
  SenderRig rig(server.port(), SenderRig::patient(4), "localhost");
  for (std::uint64_t id = 0; id < 4; ++id) rig.post(id);
  for (const Reported& reported : rig.run(4)) {
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
  }
}

SenderSettings impatient() {
  SenderSettings settings = SenderRig::patient();
  settings.answer_timeout = SenderRig::kShort;
  return settings;
}

TEST(Sender, TimesOutWhereNoConnectionIsMade) {
  const support::FullPort port;
  SenderSettings settings = SenderRig::patient();
  settings.connect_timeout = SenderRig::kShort;
  SenderRig rig(port.port(), settings);
  rig.post(1);
  const Reported reported = rig.run().at(0);
  EXPECT_EQ(reported.outcome, Outcome::timed_out);
  EXPECT_EQ(reported.reason, "no connection within 50ms");
  EXPECT_EQ(reported.attempts, 0U);
}

TEST(Sender, TimesOutWhereNoAnswerComes) {
  const Reported reported = outcome_of({play::read_request()}, impatient());
  EXPECT_EQ(reported.outcome, Outcome::timed_out);
  EXPECT_EQ(reported.reason, "no answer within 50ms");
  EXPECT_EQ(reported.attempts, 1U);
}

TEST(Sender, TimesOutWhereAnAnswerStalls) {
  // On a busy machine the limit may pass before the answer's first byte: then with a longer one.
  SenderSettings settings = impatient();
  Reported reported = outcome_of({play::read_request(), play::write(kOk)}, settings);
  while (reported.reason.starts_with("no answer")) {
    settings.answer_timeout *= 2;
    reported = outcome_of({play::read_request(), play::write(kOk)}, settings);
  }
  EXPECT_EQ(reported.outcome, Outcome::timed_out);
  EXPECT_TRUE(reported.reason.starts_with("answer not complete within ")) << reported.reason;
  EXPECT_EQ(reported.status, 0);
}

TEST(Sender, TimesOutWhereTheRequestIsNotRead) {
  ScriptedServer server({{play::wait()}});
  SenderRig rig(server.port(), impatient());
  rig.post(1, std::string(32'000'000, 'x'));
  EXPECT_EQ(rig.run().at(0).reason, "no answer within 50ms");
}

TEST(Sender, TakesAnAnswerThatComesBeforeTheRequestHasGone) {
  const std::string answer = "HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig";
  for (const support::Step& end : {play::wait(), play::close()}) {
    ScriptedServer server({{play::read_head(), play::write(answer), end},
                           {play::read_request(), play::write(play::ok())}});
    SenderRig rig(server.port());
    const Reported reported = rig.deliver(std::string(32'000'000, 'x'));
    EXPECT_EQ(reported.outcome, Outcome::rejected) << reported.reason;
    EXPECT_EQ(reported.status, 413);
    EXPECT_EQ(reported.body, "big");
    // The rest of the body must not go in front of the next request.
    EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
    EXPECT_EQ(server.connections(), 2U);
  }
}

TEST(Sender, SendsALargeBodyWhole) {
  ScriptedServer server({{play::read_request(), play::write(play::ok())}});
  SenderRig rig(server.port());
  const std::string body(20'000'000, 'q');
  rig.post(1, body);
  EXPECT_EQ(rig.run().at(0).outcome, Outcome::delivered);
  EXPECT_TRUE(server.requests().at(0).ends_with(body));
}

}  // namespace
}  // namespace sim::delivery
