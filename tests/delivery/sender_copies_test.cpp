// Requests that are sent several times, that wait for a go-ahead, or whose head is another one.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/allocation_count.h"
#include "tests/support/scripted_server.h"

namespace sim::delivery {
namespace {

using support::ScriptedServer;
namespace play = support;

const std::string kBody = "0123456789";

std::string answer(int status, const std::string& more = {}) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n" + more + "\r\n";
}

TEST(SenderDuplicate, IsSentAsOftenAsItSays) {
  ScriptedServer server({{play::read_request(), play::write(answer(200)), play::read_request(),
                          play::write(answer(500)), play::read_request(), play::write(answer(202)),
                          play::read_request(), play::write(answer(200))}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver(kBody, treated({.fault = Fault::duplicate, .times = 3}));
  EXPECT_EQ(reported.status, 202);
  EXPECT_EQ(reported.attempts, 3U);
  EXPECT_FALSE(reported.by_fault);
  EXPECT_EQ(rig.deliver(kBody).status, 200);  // over the same connection
  EXPECT_EQ(server.connections(), 1U);
  const auto requests = server.requests();
  EXPECT_EQ(requests, std::vector(4, requests.at(0)));
}

TEST(SenderDuplicate, EndsWithTheFirstCopyThatGetsNoAnswer) {
  ScriptedServer server({{play::read_request(), play::write(answer(200, "Connection: close\r\n"))},
                         {play::read_request(), play::close()}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver(kBody, treated({.fault = Fault::duplicate, .times = 3}));
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, "closed the connection without an answer (fault: duplicate)");
  EXPECT_EQ(reported.status, 0);
  EXPECT_EQ(reported.attempts, 2U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(SenderPipelined, TakesTheSecondAnswer) {
  const std::vector<support::Script> scripts{
      {play::read_request(), play::write(answer(500)), play::read_request(),
       play::write(play::ok("second"))},
      {play::read_request(), play::read_request(), play::write(answer(500) + play::ok("second"))},
      {play::read_request(), play::read_request(),
       play::write_bytewise("HTTP/1.1 103 X\r\n\r\n" + answer(500) + "HTTP/1.1 100 C\r\n\r\n" +
                            play::ok("second"))},
  };
  for (support::Script script : scripts) {
    script.insert(script.end(), {play::read_request(), play::write(answer(204))});
    ScriptedServer server({script});
    SenderRig rig(server.port());
    const Reported reported = rig.deliver(kBody, treated(Fault::pipelined));
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
    EXPECT_EQ(reported.body, "second");
    EXPECT_EQ(reported.attempts, 2U);
    EXPECT_FALSE(reported.by_fault);
    EXPECT_EQ(rig.deliver(kBody).status, 204);
    EXPECT_EQ(server.connections(), 1U);
    const auto requests = server.requests();
    EXPECT_EQ(requests, std::vector(3, requests.at(0)));
  }
}

TEST(SenderPipelined, KeepsNoConnectionWithMoreThanTwoAnswers) {
  ScriptedServer server({{play::read_request(), play::read_request(),
                          play::write(answer(200) + answer(201) + answer(202))}});
  SenderRig rig(server.port());
  EXPECT_EQ(rig.deliver(kBody, treated(Fault::pipelined)).status, 201);
  EXPECT_TRUE(server.endings(1).at(0).ends_with("by client"));
}

TEST(SenderPipelined, FailsWhereTheServerClosesAfterTheFirst) {
  const std::vector<std::string> firsts{
      play::ok("first"),
      answer(200, "Connection: close\r\n"),
      "HTTP/1.0 200 OK\r\n\r\nuntil the end",
  };
  for (const std::string& first : firsts) {
    ScriptedServer server({{play::read_request(), play::write(answer(200)), play::read_request(),
                            play::write(first), play::close()}});
    SenderRig rig(server.port());
    rig.deliver(kBody);
    // Over a kept connection, which has proved that it is not dead: nothing is sent again.
    const Reported reported = rig.deliver(kBody, treated(Fault::pipelined));
    EXPECT_EQ(reported.outcome, Outcome::failed);
    EXPECT_EQ(reported.reason,
              "closed the connection without an answer to the second copy (fault: pipelined)");
    EXPECT_EQ(reported.status, 0);
    EXPECT_EQ(reported.attempts, 2U);
    EXPECT_FALSE(reported.by_fault);
    EXPECT_EQ(server.connections(), 1U);
  }
}

TEST(SenderPipelined, IsSentOnceMoreWhereAKeptConnectionTurnsOutDead) {
  ScriptedServer server(
      {{play::read_request(), play::write(answer(200)), play::read_request(), play::close()},
       {play::read_request(), play::read_request(), play::write(answer(200) + answer(201))}});
  SenderRig rig(server.port());
  rig.deliver(kBody);
  const Reported reported = rig.deliver(kBody, treated(Fault::pipelined));
  EXPECT_EQ(reported.status, 201);
  EXPECT_EQ(reported.attempts, 4U);
}

const std::string kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

TEST(SenderExpectContinue, SendsTheBodyWhenItMay) {
  for (const std::string& go_ahead : {kContinue, "HTTP/1.1 103 X\r\nA: b\r\n\r\n" + kContinue}) {
    ScriptedServer server(
        {{play::read_head(), play::write_bytewise(go_ahead), play::read_until(kBody),
          play::write(play::ok("answer")), play::read_request(), play::write(answer(204))}});
    SenderRig rig(server.port());
    const Reported reported = rig.deliver(kBody, treated(Fault::expect_continue));
    EXPECT_EQ(reported.outcome, Outcome::delivered) << reported.reason;
    EXPECT_EQ(reported.body, "answer");
    EXPECT_EQ(reported.attempts, 1U);
    EXPECT_LT(reported.answered - reported.sent, std::chrono::seconds(1));
    EXPECT_EQ(rig.deliver().status, 204);
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_TRUE(server.requests().at(0).ends_with("\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(server.requests().at(1), kBody);
  }
}

TEST(SenderExpectContinue, SendsNoBodyAfterAFinalAnswer) {
  ScriptedServer server({{play::read_head(), play::write(answer(417)), play::read_to_end()}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver(kBody, treated(Fault::expect_continue));
  EXPECT_EQ(reported.outcome, Outcome::rejected);
  EXPECT_EQ(reported.status, 417);
  EXPECT_FALSE(reported.by_fault);
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
  EXPECT_EQ(server.requests().at(1), "");
}

// On a busy machine a short limit may pass too early: then it is doubled.
template <class Good>
Reported deliver_within(ScriptedServer& server, Good good) {
  SenderSettings settings = SenderRig::patient();
  settings.answer_timeout = SenderRig::kShort;
  for (;;) {
    SenderRig rig(server.port(), settings);
    const Reported reported = rig.deliver(kBody, treated(Fault::expect_continue));
    if (good(reported)) return reported;
    settings.answer_timeout *= 2;
  }
}

TEST(SenderExpectContinue, SendsTheBodyInTheEndWhereTheServerIsSilent) {
  for (const char* interim : {"", "HTTP/1.1 103 X\r\n\r\n"}) {
    ScriptedServer server({{play::read_head(), play::write(interim), play::read_until(kBody),
                            play::write(play::ok("answer"))}});
    const Reported reported = deliver_within(
        server, [](const Reported& one) { return one.outcome == Outcome::delivered; });
    EXPECT_EQ(reported.body, "answer");
    EXPECT_GE(reported.answered - reported.sent, SenderRig::kShort);
    EXPECT_TRUE(server.requests().at(0).ends_with("\r\n\r\n"));
    EXPECT_EQ(server.requests().at(1), kBody);
  }
}

TEST(SenderExpectContinue, SendsNoBodyWhileAFinalAnswerIsComing) {
  ScriptedServer server(
      {{play::read_head(), play::write("HTTP/1.1 417 X\r\n"), play::read_to_end()}});
  const Reported reported = deliver_within(
      server, [](const Reported& one) { return one.reason.starts_with("answer not complete"); });
  EXPECT_EQ(reported.outcome, Outcome::timed_out);
  EXPECT_TRUE(reported.reason.ends_with(" (fault: expect-continue)")) << reported.reason;
  EXPECT_EQ(server.endings(server.connections()).back(), "closed by client");
  EXPECT_EQ(server.requests().back(), "");
}

TEST(SenderOverride, ReplacesWhatTheHeadSays) {
  ScriptedServer server({{play::read_request(), play::write(play::ok()), play::read_request(),
                          play::write(play::ok())}});
  SenderRig rig(server.port());
  const std::string host = "Host: 127.0.0.1:" + std::to_string(server.port());
  EXPECT_EQ(rig.deliver("{}", treated({.method = "PUT",
                                       .target = "/other",
                                       .set_headers = {{"Authorization", "wrong"}}}))
                .outcome,
            Outcome::delivered);
  rig.deliver("{}");
  EXPECT_EQ(server.requests().at(0), "PUT /other HTTP/1.1\r\n" + host +
                                         "\r\nContent-Length: 2\r\nAuthorization: wrong\r\n\r\n{}");
  EXPECT_EQ(server.requests().at(1),
            "POST /up HTTP/1.1\r\n" + host + "\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(SenderOverride, FailsForTheEndpointsReasonsAlone) {
  ScriptedServer server({{play::read_request(), play::close()}});
  SenderRig rig(server.port());
  const Reported reported = rig.deliver("{}", treated({.target = "/other"}));
  EXPECT_EQ(reported.reason, "closed the connection without an answer");
  EXPECT_FALSE(reported.by_fault);
}

TEST(SenderOverride, ReadsNoBodyOfAnAnswerToHead) {
  ScriptedServer server(
      {{play::read_request(), play::write("HTTP/1.1 405 X\r\nContent-Length: 9\r\n\r\n"),
        play::read_request(), play::write(play::ok("body"))}});
  SenderRig rig(server.port());
  EXPECT_EQ(rig.deliver("{}", treated({.method = "HEAD"})).status, 405);
  EXPECT_EQ(rig.deliver("{}").body, "body");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(SenderOverride, ClosesTheConnectionOfThatRequest) {
  ScriptedServer server({{play::read_request(), play::write(play::ok())}});
  SenderRig rig(server.port());
  rig.deliver("{}", treated({.close = true}));
  EXPECT_TRUE(server.requests().at(0).ends_with("\r\nConnection: close\r\n\r\n{}"));
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
  const Reported reported = rig.deliver("{}", treated({.fault = Fault::duplicate, .close = true}));
  EXPECT_EQ(reported.attempts, 2U);
  EXPECT_EQ(server.connections(), 3U);
}

TEST(SenderOverride, KeepsNoConnectionWhereTheRequestsEndIsInDoubt) {
  ScriptedServer server({{play::read_until("{}"), play::write(answer(411))}});
  SenderRig rig(server.port());
  EXPECT_EQ(rig.deliver("{}", treated({.remove_headers = {"Content-Length"}})).status, 411);
  EXPECT_EQ(server.requests().at(0),
            "POST /up HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) + "\r\n\r\n{}");
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
}

// Asio takes memory for two of the steps that are under way at once: read, write and timer.
TEST(Sender, AllocatesNothingItselfForAPlainRequestInTheSteadyState) {
  support::Script script;
  for (int i = 0; i < 40; ++i) {
    script.insert(script.end(), {play::read_request(), play::write(play::ok("answer"))});
  }
  ScriptedServer server({script});
  boost::asio::io_context io;
  bool delivered = false;
  Sender sender(io, {"POST", {"127.0.0.1", server.port(), "/up"}, {}}, SenderRig::patient(),
                [&delivered](const Delivery& delivery) { delivered = delivery.status == 200; });
  const auto deliver = [&](std::shared_ptr<const Treatment> treatment) {
    delivered = false;
    sender.post(1, std::chrono::steady_clock::now(), kBody, std::move(treatment));
    while (!delivered && io.run_one() > 0) {
    }
  };
  for (int i = 0; i < 9; ++i) deliver(nullptr);
  deliver(treated(Fault::split));  // it leaves nothing behind
  deliver(nullptr);
  const std::uint64_t before = test::allocation_count();
  for (int i = 0; i < 20; ++i) deliver(nullptr);
  EXPECT_TRUE(delivered);
  EXPECT_LE(test::allocation_count() - before, 2U * 20);
}

}  // namespace
}  // namespace sim::delivery
