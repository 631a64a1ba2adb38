// How the sender uses its connections and its queue, and how it comes to an end.
#include <gtest/gtest.h>

#include <string>

#include "sim/delivery/sender.h"
#include "tests/delivery/sender_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::delivery {
namespace {

using support::ScriptedServer;
namespace play = support;

// Answers that many requests on each connection.
support::Script answers(std::size_t count, const std::string& answer = play::ok()) {
  support::Script script;
  for (std::size_t i = 0; i < count; ++i) {
    script.push_back(play::read_request());
    script.push_back(play::write(answer));
  }
  return script;
}

TEST(Sender, KeepsAConnectionForTheNextRequest) {
  ScriptedServer server({answers(3)});
  SenderRig rig(server.port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(server.requests().size(), 3U);
  rig.sender().stop();
  EXPECT_EQ(server.endings(1).at(0), "closed by client");
}

TEST(Sender, KeepsNoConnectionThatTheServerWouldNot) {
  const std::vector<std::string> last_answers{
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
      play::ok() + "surplus",
  };
  for (const std::string& answer : last_answers) {
    ScriptedServer server({answers(2, answer)});
    SenderRig rig(server.port());
    EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
    EXPECT_TRUE(server.endings(1).at(0).ends_with("by client"));
    EXPECT_EQ(rig.deliver().attempts, 1U);
    EXPECT_EQ(server.connections(), 2U);
  }
}

TEST(Sender, NoticesThatAnIdleConnectionWasClosed) {
  ScriptedServer server({{play::read_request(), play::write(play::ok()), play::close()}});
  SenderRig rig(server.port());
  rig.post(1);
  rig.run_out();  // returns when nothing is watched any more
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(rig.deliver().attempts, 1U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(Sender, SendsOnceMoreWhereAKeptConnectionTurnsOutDead) {
  for (const support::Step& end : {play::close(), play::reset()}) {
    support::Script dying = answers(1);
    dying.push_back(play::read_request());
    dying.push_back(end);
    ScriptedServer server({dying, answers(1)});
    SenderRig rig(server.port());
    EXPECT_EQ(rig.deliver("one").attempts, 1U);
    const Reported second = rig.deliver("two");
    EXPECT_EQ(second.outcome, Outcome::delivered) << second.reason;
    EXPECT_EQ(second.attempts, 2U);
    EXPECT_TRUE(server.requests().at(2).ends_with("two"));
  }
}

TEST(Sender, SendsNotOnceMoreAfterTheAnswersFirstByte) {
  support::Script dying = answers(1);
  dying.push_back(play::read_request());
  dying.push_back(play::write("H"));
  dying.push_back(play::close());
  ScriptedServer server({dying, answers(1)});
  SenderRig rig(server.port());
  rig.deliver();
  const Reported second = rig.deliver();
  EXPECT_EQ(second.reason, "closed the connection in the middle of the answer");
  EXPECT_EQ(second.attempts, 1U);
}

TEST(Sender, SendsOnceMoreButNotTwice) {
  support::Script dying = answers(1);
  dying.push_back(play::read_request());
  dying.push_back(play::close());
  ScriptedServer server({dying, {play::read_request(), play::close()}});
  SenderRig rig(server.port());
  rig.deliver();
  const Reported second = rig.deliver();
  EXPECT_EQ(second.reason, "closed the connection without an answer");
  EXPECT_EQ(second.attempts, 2U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(Sender, GoesOnAfterAFailure) {
  ScriptedServer server({{play::read_request(), play::write("garbage")}, answers(1)});
  SenderRig rig(server.port());
  EXPECT_EQ(rig.deliver().outcome, Outcome::failed);
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
}

TEST(Sender, UsesNoMoreConnectionsThanItMay) {
  ScriptedServer server({answers(30)});
  SenderRig rig(server.port(), SenderRig::patient(3));
  for (std::uint64_t id = 0; id < 30; ++id) rig.post(id);
  EXPECT_EQ(rig.sender().in_flight(), 30U);
  EXPECT_FALSE(rig.sender().has_free_connection());
  for (const Reported& reported : rig.run(30)) EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 3U);
}

TEST(Sender, SendsInTheOrderInWhichItWasAsked) {
  ScriptedServer server({answers(50)});
  SenderRig rig(server.port());
  for (std::uint64_t id = 0; id < 50; ++id) rig.post(id, std::to_string(id));
  const auto& outcomes = rig.run(50);
  for (std::uint64_t id = 0; id < 50; ++id) {
    EXPECT_EQ(outcomes.at(id).id, id);
    EXPECT_TRUE(server.requests().at(id).ends_with("\r\n\r\n" + std::to_string(id)));
  }
}

TEST(Sender, SkipsWhatDoesNotFitInItsQueue) {
  ScriptedServer server({answers(3)});
  SenderSettings settings = SenderRig::patient();
  settings.queue_limit = 2;
  SenderRig rig(server.port(), settings);
  for (std::uint64_t id = 1; id <= 5; ++id) rig.post(id);
  EXPECT_TRUE(rig.outcomes.empty());  // not from within post()
  EXPECT_EQ(rig.sender().in_flight(), 5U);
  std::size_t skipped = 0;
  for (const Reported& reported : rig.run(5)) {
    EXPECT_EQ(reported.outcome, reported.id > 3 ? Outcome::skipped : Outcome::delivered);
    if (reported.outcome != Outcome::skipped) continue;
    ++skipped;
    EXPECT_EQ(reported.attempts, 0U);
    EXPECT_EQ(reported.reason, "no free connection, and the queue is full");
  }
  EXPECT_EQ(skipped, 2U);
  EXPECT_EQ(rig.sender().in_flight(), 0U);
}

TEST(Sender, SkipsWhatHasWaitedTooLong) {
  ScriptedServer server({answers(3)});
  SenderSettings settings = SenderRig::patient();
  settings.longest_wait = std::chrono::hours(1);
  SenderRig rig(server.port(), settings);
  const auto now = std::chrono::steady_clock::now();
  rig.sender().post(1, now - std::chrono::hours(2), "goes at once, however late", nullptr);
  rig.sender().post(2, now - std::chrono::hours(2), "too late when its turn comes", nullptr);
  rig.sender().post(3, now - std::chrono::hours(2), "as well", nullptr);
  rig.sender().post(4, now, "in time", nullptr);
  for (const Reported& reported : rig.run(4)) {
    const bool late = reported.id == 2 || reported.id == 3;
    EXPECT_EQ(reported.outcome, late ? Outcome::skipped : Outcome::delivered) << reported.id;
    EXPECT_EQ(reported.reason, late ? "no free connection within the longest wait" : "");
  }
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(Sender, MayBePostedToFromItsCallbackWithoutAQueue) {
  ScriptedServer server({answers(20)});
  SenderSettings settings = SenderRig::patient();
  settings.queue_limit = 0;
  SenderRig rig(server.port(), settings);
  rig.on_outcome = [&rig](const Reported& reported) {
    EXPECT_TRUE(rig.sender().has_free_connection());
    EXPECT_EQ(rig.sender().in_flight(), 0U);
    if (reported.id == 20) return rig.sender().stop();
    rig.post(reported.id + 1);
    EXPECT_FALSE(rig.sender().has_free_connection());
  };
  rig.post(1);
  for (const Reported& reported : rig.run(20)) EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Sender, TellsWhetherAConnectionIsFree) {
  ScriptedServer server({answers(9)});
  SenderRig rig(server.port(), SenderRig::patient(2));
  EXPECT_TRUE(rig.sender().has_free_connection());
  rig.post(1);
  EXPECT_TRUE(rig.sender().has_free_connection());
  rig.post(2);
  EXPECT_FALSE(rig.sender().has_free_connection());
  rig.run(2);
  EXPECT_TRUE(rig.sender().has_free_connection());
}

TEST(Sender, ResetsOnPurposeAfterHalfOfTheBody) {
  ScriptedServer server({{play::read_request()}});
  SenderRig rig(server.port());
  rig.post(1, std::string(1000, 'h'), treated(Fault::reset));
  const Reported reported = rig.run().at(0);
  EXPECT_EQ(reported.outcome, Outcome::failed);
  EXPECT_EQ(reported.reason, "reset on purpose (fault)");
  EXPECT_EQ(reported.attempts, 1U);
  EXPECT_EQ(server.endings(1).at(0), "reset by client");
  EXPECT_TRUE(server.requests().empty());
}

TEST(Sender, ResetsAKeptConnectionOnPurposeAndOpensAnotherOne) {
  ScriptedServer server({answers(2)});
  SenderRig rig(server.port());
  rig.deliver();
  EXPECT_EQ(rig.deliver("", treated(Fault::reset)).reason, "reset on purpose (fault)");
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(Sender, SendsADuplicateOnPurposeAndTakesTheSecondAnswer) {
  ScriptedServer server(
      {{play::read_request(), play::write(play::ok("first")), play::read_request(),
        play::write("HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")}});
  SenderRig rig(server.port());
  rig.post(1, "same", treated(Fault::duplicate));
  const Reported reported = rig.run().at(0);
  EXPECT_EQ(reported.outcome, Outcome::rejected);
  EXPECT_EQ(reported.status, 409);
  EXPECT_EQ(reported.body, "");
  EXPECT_EQ(reported.attempts, 2U);
  EXPECT_EQ(server.requests().at(0), server.requests().at(1));
}

TEST(Sender, SendsADuplicateOverANewConnectionWhereTheServerCloses) {
  ScriptedServer server(
      {answers(1, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")});
  SenderRig rig(server.port());
  rig.post(1, "same", treated(Fault::duplicate));
  EXPECT_EQ(rig.run().at(0).outcome, Outcome::delivered);
  EXPECT_EQ(rig.outcomes.at(0).attempts, 2U);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(Sender, KeepsTheConnectionOfItsProbe) {
  ScriptedServer server({answers(1)});
  SenderRig rig(server.port());
  std::error_code result = std::make_error_code(std::errc::interrupted);
  rig.sender().probe([&](std::error_code error, std::string_view) {
    result = error;
    rig.post(1);
  });
  rig.run();
  EXPECT_FALSE(result) << result.message();
  EXPECT_EQ(rig.outcomes.at(0).outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Sender, ProbesAgainWithoutAnotherConnection) {
  ScriptedServer server({answers(1)});
  SenderRig rig(server.port());
  for (int i = 0; i < 2; ++i) {
    bool succeeded = false;
    rig.sender().probe(
        [&succeeded](std::error_code error, std::string_view) { succeeded = !error; });
    while (!succeeded && rig.io().run_one() > 0) {
    }
    EXPECT_TRUE(succeeded);
  }
  EXPECT_EQ(rig.deliver().outcome, Outcome::delivered);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(Sender, SaysWhyAProbeFailed) {
  const support::DeafPort deaf;
  const support::FullPort full;
  for (const std::uint16_t port : {deaf.port(), full.port()}) {
    SenderSettings settings = SenderRig::patient();
    if (port == full.port()) settings.connect_timeout = SenderRig::kShort;
    SenderRig rig(port, settings);
    std::error_code result;
    rig.sender().probe([&result](std::error_code error, std::string_view) { result = error; });
    rig.run_out();
    EXPECT_EQ(result, port == deaf.port() ? std::errc::connection_refused : std::errc::timed_out);
    EXPECT_EQ(rig.sender().in_flight(), 0U);
  }
}

TEST(Sender, AnswersAProbeWhileAllConnectionsAreBusy) {
  ScriptedServer server({answers(1)});
  SenderRig rig(server.port());
  std::error_code result;
  rig.post(1);
  rig.sender().probe([&result](std::error_code error, std::string_view) { result = error; });
  rig.run();
  EXPECT_EQ(result, std::errc::device_or_resource_busy);
}

TEST(Sender, FinishesWhatIsInFlightAfterAStop) {
  ScriptedServer server({answers(5)});
  SenderRig rig(server.port());
  for (std::uint64_t id = 0; id < 5; ++id) rig.post(id);
  rig.sender().stop();
  for (const Reported& reported : rig.run_out()) EXPECT_EQ(reported.outcome, Outcome::delivered);
  EXPECT_EQ(rig.outcomes.size(), 5U);
}

TEST(Sender, GivesUpEverythingOnAnAbort) {
  ScriptedServer server({{play::read_request(), play::wait()}});
  SenderSettings settings = SenderRig::patient(2);
  settings.queue_limit = 2;
  SenderRig rig(server.port(), settings);
  for (std::uint64_t id = 1; id <= 5; ++id) rig.post(id);
  while (rig.outcomes.empty()) rig.io().run_one();  // the one that is skipped
  rig.post(6);
  rig.on_outcome = [&rig](const Reported& reported) { rig.post(reported.id + 100); };
  rig.sender().abort("the run was interrupted");
  EXPECT_EQ(rig.outcomes.size(), 6U);
  for (const Reported& reported : rig.outcomes) {
    if (reported.id >= 5) {
      EXPECT_EQ(reported.outcome, Outcome::skipped);
    } else {
      EXPECT_EQ(reported.outcome, Outcome::failed);
      EXPECT_EQ(reported.reason, "the run was interrupted");
    }
  }
  EXPECT_EQ(rig.sender().in_flight(), 0U);
  EXPECT_FALSE(rig.sender().has_free_connection());
  EXPECT_EQ(rig.run_out().size(), 6U);
}

TEST(Sender, MayBeAbortedFromItsCallback) {
  ScriptedServer server({answers(9)});
  SenderRig rig(server.port(), SenderRig::patient(2));
  for (std::uint64_t id = 1; id <= 9; ++id) rig.post(id);
  rig.on_outcome = [&rig](const Reported& reported) {
    if (reported.outcome == Outcome::delivered) rig.sender().abort("enough");
  };
  EXPECT_EQ(rig.run_out().size(), 9U);
  EXPECT_EQ(rig.sender().in_flight(), 0U);
}

TEST(Sender, CallsNobodyAfterItsEnd) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    ScriptedServer server({answers(9)});
    SenderSettings settings = SenderRig::patient(2);
    settings.queue_limit = 1;
    SenderRig rig(server.port(), settings, host);
    for (std::uint64_t id = 1; id <= 9; ++id) rig.post(id);
    rig.end_sender();
    EXPECT_TRUE(rig.run_out().empty());
  }
}

TEST(Sender, CallsNobodyAfterItsEndAmidAnAnswer) {
  ScriptedServer server({{play::read_request(), play::write("HTTP/1.1 200 OK\r\n")}});
  SenderRig rig(server.port());
  rig.post(1);
  rig.io().run_one();  // connected
  rig.io().run_one();  // written
  rig.end_sender();
  EXPECT_TRUE(rig.run_out().empty());
  EXPECT_TRUE(server.endings(1).at(0).ends_with("by client"));
}

TEST(Sender, MayEndWithinItsCallback) {
  ScriptedServer server({answers(9)});
  SenderRig rig(server.port(), SenderRig::patient(2));
  for (std::uint64_t id = 1; id <= 9; ++id) rig.post(id);
  rig.on_outcome = [&rig](const Reported&) { rig.end_sender(); };
  EXPECT_EQ(rig.run_out().size(), 1U);
}

TEST(Sender, CallsNoProbeBackAfterItsEnd) {
  ScriptedServer server({answers(1)});
  SenderRig rig(server.port());
  bool called = false;
  rig.sender().probe([&called](std::error_code, std::string_view) { called = true; });
  rig.end_sender();
  rig.run_out();
  EXPECT_FALSE(called);
}

TEST(Outcome, HasTheNameThatTheLedgerUses) {
  EXPECT_EQ(to_string(Outcome::delivered), "delivered");
  EXPECT_EQ(to_string(Outcome::rejected), "rejected");
  EXPECT_EQ(to_string(Outcome::timed_out), "timed_out");
  EXPECT_EQ(to_string(Outcome::failed), "failed");
  EXPECT_EQ(to_string(Outcome::skipped), "skipped");
}

}  // namespace
}  // namespace sim::delivery
