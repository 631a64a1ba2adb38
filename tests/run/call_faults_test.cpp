// The network misbehaves on purpose: which calls meet it, and what comes over the wire.
#include "sim/run/call_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "sim/check/judge.h"
#include "sim/run/runner.h"
#include "tests/run/served_downlink_api.h"
#include "tests/run/small_plan.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using check::CallFault;
using scenario::CallFaultWindow;
using test::SmallEndpoint;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using Kind = CallFault::Kind;
using Manner = Reply::Manner;

const engine::SimTime kStart{};

CallFaultWindow window_of(const CallFault& fault, double share = 1, std::uint64_t calls = 0) {
  return {kStart + 10min, kStart + 20min, fault, share, calls};
}

CallFault answer(int status) {
  return {Kind::answer, status, {}, 0ns};
}

std::vector<std::uint64_t> chosen(const std::vector<CallFaultWindow>& windows, std::uint64_t seed) {
  CallFaults faults(windows, seed);
  std::vector<std::uint64_t> calls;
  for (std::uint64_t call = 1; call <= 1000; ++call) {
    if (faults.next(call, kStart + 15min)) calls.push_back(call);
  }
  return calls;
}

TEST(CallFaults, BefallTheCallsOfTheirTime) {
  const std::vector<CallFaultWindow> windows = {window_of(answer(500))};
  CallFaults faults(windows, 1);
  EXPECT_FALSE(faults.next(1, kStart + 10min - 1ns));
  EXPECT_TRUE(faults.next(2, kStart + 10min));
  EXPECT_TRUE(faults.next(3, kStart + 20min - 1ns));
  EXPECT_FALSE(faults.next(4, kStart + 20min));
}

TEST(CallFaults, BefallAShareThatTheSeedChooses) {
  const std::vector<CallFaultWindow> windows = {window_of(answer(500), 0.25)};
  const auto calls = chosen(windows, 7);
  EXPECT_GT(calls.size(), 200U);
  EXPECT_LT(calls.size(), 300U);
  EXPECT_EQ(calls, chosen(windows, 7));
  EXPECT_NE(calls, chosen(windows, 8));
}

TEST(CallFaults, BefallTheFirstCallsOnly) {
  EXPECT_THAT(chosen({window_of(answer(500), 1, 2)}, 1), ElementsAre(1, 2));
}

TEST(CallFaults, FollowEachOtherWhereWindowsOverlap) {
  const std::vector<CallFaultWindow> windows = {window_of(answer(500), 1, 1),
                                                window_of(answer(503), 1, 1)};
  CallFaults faults(windows, 1);
  EXPECT_EQ(faults.next(1, kStart + 10min)->status, 500);
  EXPECT_EQ(faults.next(2, kStart + 10min)->status, 503);
  EXPECT_FALSE(faults.next(3, kStart + 10min));
}

// --- Over the wire ----------------------------------------------------------------------------

/// "/silent" is left unanswered, and so on.
Reply as_asked(const Call& call) {
  const std::string& target = call.request.target;
  if (target == "/silent") return {{}, Manner::silent, {}};
  if (target == "/close") return {{}, Manner::close, {}};
  if (target == "/reset") return {{}, Manner::reset, {}};
  if (target == "/late") return {{200, {}, "late"}, Manner::answer, 100ms};
  if (target == "/much-later") return {{200, {}, "later"}, Manner::answer, 5min};
  return http::Response{200, {}, "soon"};
}

TEST(DownlinkApi, LeavesACallUnansweredAndServesOthers) {
  Served server(patient(), as_asked);
  RawClient silent = server.connect();
  silent.send(get("/silent") + get("/next"));
  RawClient other = server.connect();
  other.send(get("/"));
  EXPECT_EQ(other.read_answer().body, "soon");
  EXPECT_EQ(server.open_connections(), 2U);
  other.close();
  silent.close();
  while (server.open_connections() > 0) std::this_thread::yield();
  EXPECT_THAT(server.calls(), SizeIs(2)) << "nothing more is taken from a silent connection";
}

TEST(DownlinkApi, ClosesInGoodOrderWithoutAnAnswer) {
  Served server(patient(), as_asked);
  EXPECT_EQ(outcome(server, get("/close") + get("/next")), "");
}

TEST(DownlinkApi, ResetsAConnection) {
  Served server(patient(), as_asked);
  EXPECT_THROW(outcome(server, get("/reset")), std::runtime_error);
}

TEST(DownlinkApi, HoldsAnAnswerBackWithoutHoldingUpOthers) {
  Served server(patient(), as_asked);
  RawClient late = server.connect();
  late.send(get("/late") + get("/"));
  RawClient other = server.connect();
  other.send(get("/"));
  EXPECT_EQ(other.read_answer().body, "soon");
  EXPECT_EQ(late.read_answer().body, "late");
  EXPECT_EQ(late.read_answer().body, "soon") << "the connection is kept";
}

TEST(DownlinkApi, StopsWhileAnswersAreHeldBack) {
  std::atomic<int> calls{0};
  Served server(patient(), [&calls](const Call& call) {
    ++calls;
    return as_asked(call);
  });
  RawClient late = server.connect();
  late.send(get("/much-later"));
  RawClient silent = server.connect();
  silent.send(get("/silent"));
  while (calls < 2) std::this_thread::yield();
  server.stop_api();
  EXPECT_EQ(late.read_to_end(), "");
  EXPECT_EQ(silent.read_to_end(), "");
}

// --- In a run ---------------------------------------------------------------------------------

struct Calls final : check::Observer {
  void on(const check::Stamp&, const check::Entry& entry) override {
    const auto* call = std::get_if<check::DownlinkCalled>(&entry);
    if (call == nullptr) return;
    statuses.push_back(call->status);
    faults.push_back(call->fault == nullptr ? "" : check::fault_text(*call->fault));
    wishes.emplace_back(call->asks_for);
    accepted += call->downlink != nullptr ? 1 : 0;
  }
  std::vector<int> statuses;
  std::vector<std::string> faults;
  std::vector<std::string> wishes;
  int accepted = 0;
};

class MisbehavingNetwork : public ::testing::Test {
 protected:
  MisbehavingNetwork() {
    endpoint_.answer_with_downlink(R"({"dev_id":"dev-1","port":2,"payload_raw":"AQ=="})");
    plan_.count = 1;
    plan_.settle = 1ms;
  }

  void befall(const CallFault& fault, std::uint64_t calls = 0) {
    plan_.call_faults.push_back({plan_.field.start, plan_.field.start + 1h, fault, 1, calls});
  }

  void expect(const char* met, std::chrono::nanoseconds within) {
    check::RetryExpectation wanted;
    wanted.met = check::FaultPattern::parse(met).value();
    wanted.within = within;
    plan_.expectations = {{"expect-1", "it is tried again", check::Level::must, {}, wanted}};
  }

  /// The verdicts' outcomes.
  std::vector<check::Outcome> run() {
    check::Journal journal;
    check::Judge judge(plan_.expectations, {endpoint_.url(), "POST", {}});
    journal.add(judge);
    journal.add(calls_);
    RunnerSettings settings;
    settings.endpoint_url = endpoint_.url();
    settings.stop_on_signals = false;
    Runner(plan_, settings, journal, judge).run();
    std::vector<check::Outcome> outcomes;
    for (const check::Verdict& verdict : judge.verdicts()) outcomes.push_back(verdict.outcome);
    return outcomes;
  }

  SmallEndpoint endpoint_;
  scenario::Plan plan_ = small_plan();
  Calls calls_;
};

TEST_F(MisbehavingNetwork, AnswersAsTheScenarioSaysAndQueuesNothing) {
  befall({Kind::answer, 429, 5s, 0ns}, 1);
  befall(answer(500), 1);
  befall({Kind::close, 0, {}, 0ns}, 1);
  befall({Kind::reset, 0, {}, 0ns}, 1);
  endpoint_.try_again(5);
  expect("any", 1s);
  EXPECT_THAT(run(), ElementsAre(check::Outcome::passed));
  EXPECT_THAT(endpoint_.downlink_answers(),
              ElementsAre("429, Retry-After 5", "500", "nothing", "nothing", "200"));
  EXPECT_THAT(calls_.statuses, ElementsAre(429, 500, 0, 0, 200));
  EXPECT_THAT(calls_.faults,
              ElementsAre("answered 429 on purpose, Retry-After 5 s", "answered 500 on purpose",
                          "closed without an answer on purpose", "reset on purpose", ""));
  EXPECT_THAT(calls_.wishes, ::testing::Each("port 2, payload 01"));
  EXPECT_EQ(calls_.accepted, 1);
}

TEST_F(MisbehavingNetwork, DealsWithACallAtOnceWhoseAnswerIsLate) {
  befall({Kind::late, 0, {}, 20ms});
  run();
  EXPECT_THAT(endpoint_.downlink_answers(), ElementsAre("200"));
  EXPECT_EQ(calls_.accepted, 1);
  EXPECT_THAT(calls_.faults, ElementsAre("answered 20 ms late on purpose"));
}

TEST_F(MisbehavingNetwork, LeavesNobodyWaitingWhenTheRunEnds) {
  befall({Kind::silent, 0, {}, 0ns});
  plan_.endpoint.sender.answer_timeout = 50ms;
  run();
  EXPECT_THAT(calls_.faults, ElementsAre("left unanswered on purpose"));
  EXPECT_THAT(calls_.statuses, ElementsAre(0));
}

TEST_F(MisbehavingNetwork, FailsAnEndpointThatDoesNotTryAgain) {
  befall(answer(503));
  expect("503", 20ms);
  EXPECT_THAT(run(), ElementsAre(check::Outcome::failed));
}

TEST_F(MisbehavingNetwork, KnowsTheTriesOfACallThatItCannotRead) {
  endpoint_.answer_with_downlink(R"({"dev_id": "dev-1", "port": 0})");
  endpoint_.try_again(1);
  befall(answer(500), 1);
  expect("500", 1s);
  EXPECT_THAT(run(), ElementsAre(check::Outcome::passed));
  EXPECT_THAT(calls_.wishes, ::testing::Each(R"({"dev_id":"dev-1","port":0})"));
  EXPECT_THAT(calls_.statuses, ElementsAre(500, 400));
}

}  // namespace
}  // namespace sim::run
