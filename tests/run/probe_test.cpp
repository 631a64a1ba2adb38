// Runs against an endpoint with a probe: who is asked, when, and what comes of it.
#include "sim/run/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "sim/check/judge.h"
#include "sim/run/runner.h"
#include "tests/run/small_plan.h"
#include "tests/support/scripted_server.h"
#include "tests/support/small_endpoint.h"

namespace sim::run {
namespace {

using namespace std::chrono_literals;
using support::ok;
using support::read_request;
using support::ScriptedServer;
using test::SmallEndpoint;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Keeps the probe's answers, and how many entries of other kinds came before each.
struct Recorder final : check::Observer {
  void on(const check::Stamp& stamp, const check::Entry& entry) override {
    if (std::get_if<check::RunStarted>(&entry) != nullptr) on_started();
    if (std::get_if<check::UplinkDue>(&entry) != nullptr) ++uplinks;
    if (std::get_if<check::RunEnded>(&entry) != nullptr) ended = stamp;
    const auto* answer = std::get_if<check::ProbeAnswered>(&entry);
    if (answer == nullptr) return;
    answers.push_back(std::string(answer->device) + (answer->after ? " after " : " before ") +
                      std::to_string(uplinks) + ": " + std::string(answer->error));
    again = answer->again;
    stamps.push_back(stamp);
  }

  int uplinks = 0;
  std::vector<std::string> answers;
  std::vector<check::Stamp> stamps;
  check::Stamp ended;
  std::string again;
  std::function<void()> on_started;
};

class ProbedRun : public ::testing::Test {
 protected:
  ProbedRun() {
    plan.endpoint.probe.emplace();
    plan.settle = 1ms;
    check::StoredExpectation wanted;
    wanted.count_delivered = true;
    plan.expectations = {{"expect-1", "stored", check::Level::must, {}, wanted}};
  }

  void probe_at(std::uint16_t port) {
    plan.endpoint.probe->url = "http://127.0.0.1:" + std::to_string(port) + "/probe/{device}";
  }
  void probe_by(const std::vector<std::string>& argv) {
    for (const std::string& word : argv) plan.endpoint.probe->command.push_back({word, false});
  }

  check::Verdict carry_out() {
    check::Journal journal;
    check::Judge judge(plan.expectations, {endpoint.url(), "POST", {}});
    journal.add(judge);
    journal.add(recorder);
    RunnerSettings settings;
    settings.endpoint_url = endpoint.url();
    settings.stop_on_signals = false;
    Runner runner(plan, settings, journal, judge);
    recorder.on_started = [&] {
      if (on_started) on_started(runner);
    };
    runner.run();
    return judge.verdicts().at(0);
  }

  void add_devices(int count) {
    for (int i = 2; i <= count; ++i) {
      plan.field.devices.push_back(plan.field.devices.front());
      plan.field.devices.back().id = "dev-" + std::to_string(i);
    }
  }

  scenario::Plan plan = small_plan();
  SmallEndpoint endpoint;
  Recorder recorder;
  std::function<void(Runner&)> on_started;
};

support::Script says(const std::string& body) {
  return {read_request(), support::write(ok(body))};
}

TEST_F(ProbedRun, IsAskedBeforeTheFirstUplinkAndAfterTheLast) {
  const ScriptedServer probe({says(R"({"count":4})"), says(R"({"count":10})")});
  probe_at(probe.port());
  const check::Verdict verdict = carry_out();
  EXPECT_EQ(verdict.outcome, check::Outcome::passed) << verdict.actual;
  EXPECT_THAT(recorder.answers, ElementsAre("dev-1 before 0: ", "dev-1 after 6: "));
  EXPECT_EQ(recorder.stamps.at(0).at, plan.field.start);
  EXPECT_EQ(recorder.again,
            "curl 'http://127.0.0.1:" + std::to_string(probe.port()) + "/probe/dev-1'");
  EXPECT_THAT(probe.requests(), SizeIs(2));
}

TEST_F(ProbedRun, FindsAStoreThatCountsTwice) {
  const ScriptedServer probe({says("null"), says(R"({"count":7})")});
  probe_at(probe.port());
  const check::Verdict verdict = carry_out();
  EXPECT_EQ(verdict.outcome, check::Outcome::failed);
  EXPECT_EQ(verdict.evidence.at(0).text,
            "dev-1: 7 more uplinks stored, 6 distinct frames delivered");
}

TEST_F(ProbedRun, Takes404ForADeviceThatIsNotKnown) {
  const ScriptedServer probe(
      {{read_request(), support::write("HTTP/1.1 404 x\r\nContent-Length: 1\r\n\r\nx")},
       says(R"({"count":6})")});
  probe_at(probe.port());
  EXPECT_EQ(carry_out().outcome, check::Outcome::passed);
}

TEST_F(ProbedRun, CannotBeToldWhereTheProbeIsNoUse) {
  const std::string moved = "HTTP/1.1 302 x\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
  const ScriptedServer probe(
      {{read_request(), support::write("HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n")},
       {read_request(), support::write(moved)}});
  probe_at(probe.port());
  const check::Verdict verdict = carry_out();
  EXPECT_EQ(verdict.outcome, check::Outcome::inconclusive);
  EXPECT_THAT(recorder.answers,
              ElementsAre("dev-1 before 0: the probe answered 500",
                          "dev-1 after 6: the probe answered 302; redirects are not followed"));
}

TEST_F(ProbedRun, CannotBeToldWhereTheProbeSpeaksNoJson) {
  const ScriptedServer probe({says("<html>")});
  probe_at(probe.port());
  EXPECT_EQ(carry_out().evidence.at(0).text, "dev-1: the probe: the answer is not JSON");
}

TEST_F(ProbedRun, AsksOnlyOfThoseThatAreExpectedToBeStored) {
  add_devices(12);
  std::get<check::StoredExpectation>(plan.expectations[0].what).to = "dev-1?";
  const ScriptedServer probe({says(R"({"count":0})")});
  probe_at(probe.port());
  plan.count = 1;
  carry_out();
  EXPECT_THAT(recorder.answers,
              ElementsAre("dev-10 before 0: ", "dev-11 before 0: ", "dev-12 before 0: ",
                          "dev-10 after 1: ", "dev-11 after 1: ", "dev-12 after 1: "));
}

TEST_F(ProbedRun, IsNotAskedWhereNothingIsExpected) {
  const ScriptedServer probe({says("null")});
  probe_at(probe.port());
  plan.expectations = {
      {"expect-1", "delivered", check::Level::must, {}, check::DeliveryExpectation{}}};
  carry_out();
  EXPECT_EQ(probe.connections(), 0U);
}

TEST_F(ProbedRun, IsSkippedWithoutAProbe) {
  plan.endpoint.probe.reset();
  EXPECT_EQ(carry_out().outcome, check::Outcome::skipped);
  EXPECT_THAT(recorder.answers, IsEmpty());
}

TEST_F(ProbedRun, GivesUpOnAProbeThatNeverAnswers) {
  add_devices(40);
  const support::DeafPort deaf;
  probe_at(deaf.port());
  plan.count = 1;
  carry_out();
  ASSERT_THAT(recorder.answers, SizeIs(80));
  EXPECT_EQ(recorder.answers[0], "dev-1 before 0: the probe: connection refused");
  EXPECT_EQ(recorder.answers[39],
            "dev-40 before 0: the probe: not asked, after 16 askings in a row had come to nothing");
}

TEST_F(ProbedRun, CanAskByACommand) {
  probe_by({"sh", "-c", "test $1 = dev-1 && echo '{\"count\":5}'", "sh", "{device}"});
  const check::Verdict verdict = carry_out();
  EXPECT_THAT(recorder.answers, ElementsAre("dev-1 before 0: ", "dev-1 after 6: "));
  EXPECT_EQ(verdict.evidence.at(0).text,
            "dev-1: no more uplinks stored, 6 distinct frames delivered");
  EXPECT_EQ(verdict.evidence.at(0).curl,
            R"('sh' '-c' 'test $1 = dev-1 && echo '\''{"count":5}'\''' 'sh' 'dev-1')");
}

TEST_F(ProbedRun, NeverShowsWhatACommandHasFromTheEnvironment) {
  probe_by({"echo", "{device}"});
  plan.endpoint.probe->command.push_back({"password=s3cr3t", true});
  carry_out();
  EXPECT_EQ(recorder.again, "'echo' 'dev-1' '***'");
}

TEST_F(ProbedRun, LetsVirtualTimeStandStillMeanwhile) {
  // Each asking takes longer than the whole run at that pace.
  probe_by({"sh", "-c", "sleep 0.3; echo null", "{device}"});
  plan.pace = {scenario::PaceKind::realtime, 100'000};
  carry_out();
  EXPECT_EQ(recorder.stamps.at(0).at, plan.field.start);
  EXPECT_EQ(recorder.ended.at, recorder.stamps.at(1).at);
  EXPECT_GE(recorder.ended.wall, 600ms);
  EXPECT_LT(recorder.ended.at - plan.field.start, 100'000 * (recorder.ended.wall - 500ms));
}

TEST_F(ProbedRun, CanBeInterruptedWhileItAsks) {
  const ScriptedServer probe({{read_request(), support::wait()}});
  probe_at(probe.port());
  plan.endpoint.probe->timeout = 60s;
  on_started = [](Runner& runner) { runner.interrupt(); };
  const check::Verdict verdict = carry_out();
  EXPECT_EQ(verdict.outcome, check::Outcome::inconclusive);
  EXPECT_EQ(verdict.actual, "the run was interrupted before the probe was asked");
  EXPECT_THAT(recorder.answers, IsEmpty());
}

}  // namespace
}  // namespace sim::run
