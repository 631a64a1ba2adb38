// The journal's lines, and what a Tally makes of the same entries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "sim/report/journal_writer.h"
#include "sim/report/report.h"
#include "tests/report/hand_made_report.h"
#include "tests/support/child_process.h"
#include "tests/support/hand_made_run.h"

namespace sim::report {
namespace {

using namespace std::chrono_literals;
using sim::test::HandMadeAnswer;
using sim::test::HandMadeRun;
using sim::test::HandMadeUplink;
using sim::test::read_text;
using sim::test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

/// One of everything.
void play(HandMadeRun& run) {
  run.start();
  run.append(check::Placed{check::Placed::Kind::gateway, "gw-a", 52.3676, 4.8851});
  run.append(check::Placed{check::Placed::Kind::device, "dev-1", -0.25, -4.125});
  HandMadeUplink uplink;
  uplink.fields.set("moisture", 9);
  uplink.port = 2;
  uplink.confirmed = true;
  run.uplink("dev-1", uplink);
  payload::Fields open;
  open.set("open", true);
  run.downlink("dev-1", {0, 0, 2, true, network::Schedule::replace, {1}}, &open);
  run.refuse("dev-9", {application::Reason::unknown_device, "dev_id", "there is no 'dev-9'"}, 404);
  run.append(check::DownlinkSent{1, "dev-1", 1, "gw-a", 1, 0, true, true, true});
  run.append(check::DeviceReacted{1, "dev-1", 1});
  uplink.is_retry = true;
  uplink.decode_error = "the payload has 2 bytes; the template has 1";
  HandMadeAnswer moved;
  moved.outcome = delivery::Outcome::rejected;
  moved.status = 302;
  moved.headers = {{"Location", "http://e/other?key=secret"}};
  moved.body = "see http://e/?key=secret";
  run.pass(2s);
  const std::uint64_t second = run.due("dev-1", uplink);
  run.pass(10ms);
  run.answer(second, moved);
  HandMadeAnswer silent;
  silent.outcome = delivery::Outcome::timed_out;
  silent.status = 0;
  silent.reason = "no answer within 5 s";
  silent.waited = 3ms;
  const std::uint64_t third = run.due("dev-2");
  run.pass(5s);
  run.answer(third, silent);
  run.append(check::DownlinkAcknowledged{1, "dev-1"});
  run.append(check::DownlinkDropped{2, "replaced by downlink 3"});
  run.append(check::FrameLost{"dev-2", 1, 1, "no gateway heard it"});
  run.append(check::UplinkGivenUp{"dev-2", 1, 8});
  run.append(check::GatewayChanged{"gw-a", false});
  const check::ProbeTold told;
  const std::string answer = R"({"count":3,"see":"http://e/?key=secret"})";
  run.append(check::ProbeAnswered{"dev-1", false, 200, answer, "", &told, "curl"});
  run.append(check::ProbeAnswered{"dev-1", true, 0, "", "no answer within 2 s", nullptr, "curl"});
  run.end(false, 1);
}

TEST(JournalWriter, WritesALineForEachEntry) {
  const TemporaryFolder folder;
  const std::string path = folder.file("run.jsonl");
  HandMadeRun run;
  {
    JournalWriter writer(path);
    run.journal().add(writer);
    play(run);
    check::Verdict verdict = test::verdict("expect-1", check::Outcome::failed);
    verdict.evidence = {{"uplink 2: answered 302", "curl 'http://e/up'"}};
    writer.write(run.stamp(), {verdict});
  }
  const std::string text = read_text(path);
  EXPECT_EQ(text, test::golden("journal.jsonl", text));
  EXPECT_EQ(text.back(), '\n');
  EXPECT_THAT(text, Not(HasSubstr("secret")));
  std::istringstream stream(text);
  std::set<std::string> types;
  for (std::string line; std::getline(stream, line);) {
    const Json json = Json::parse(line);
    types.insert(json.at("type").get<std::string>());
    EXPECT_EQ(json.begin().key(), "type");
    EXPECT_EQ((++json.begin()).key(), "t");
    EXPECT_EQ((--json.end()).key(), "wall_ms");
  }
  EXPECT_EQ(types.size(), 16U);  // the fourteen entries, verdicts, and their end
}

TEST(JournalWriter, SaysWhatWasDoneToACallOnPurpose) {
  using Kind = check::CallFault::Kind;
  const TemporaryFolder folder;
  const std::string path = folder.file("run.jsonl");
  JournalWriter writer(path);
  HandMadeRun run;
  run.journal().add(writer);
  run.fault("dev-1", {Kind::answer, 429, 5s, 0s});
  run.fault("dev-1", {Kind::answer, 500, {}, 250ms});
  run.fault("dev-1", {Kind::silent, 0, {}, 0s});
  run.fault("dev-1", {Kind::close, 0, {}, 0s});
  run.fault("dev-1", {Kind::reset, 0, {}, 0s});
  run.fault("dev-1", {Kind::late, 0, {}, 3s});
  const std::string text = read_text(path);
  EXPECT_EQ(text, test::golden("journal_faults.jsonl", text));
}

TEST(JournalWriter, KeepsFourKibibytesOfWhatAProbeAnswered) {
  const TemporaryFolder folder;
  const std::string path = folder.file("run.jsonl");
  JournalWriter writer(path);
  HandMadeRun run;
  run.journal().add(writer);
  const std::string answer(10'000, 'a');
  run.append(check::ProbeAnswered{"dev-1", true, 200, answer, "not JSON", nullptr, "curl"});
  EXPECT_EQ(Json::parse(read_text(path)).at("text"), std::string(4'096, 'a'));
}

TEST(JournalWriter, HasEachLineInTheFileAtOnce) {
  const TemporaryFolder folder;
  const std::string path = folder.file("run.jsonl");
  JournalWriter writer(path);
  HandMadeRun run;
  run.journal().add(writer);
  run.start();
  EXPECT_THAT(read_text(path), HasSubstr("\"type\":\"run\""));
}

TEST(JournalWriter, SaysThatItCannotWrite) {
  EXPECT_THROW(JournalWriter("/no-such-folder/run.jsonl"), std::system_error);
  JournalWriter full("/dev/full");
  HandMadeRun run;
  run.journal().add(full);
  EXPECT_THROW(run.start(), std::system_error);
}

TEST(Tally, CountsWhatHappened) {
  HandMadeRun run;
  Tally tally;
  run.journal().add(tally);
  play(run);
  const Report report = tally.finish({});
  EXPECT_EQ(report.scenario, "By hand");
  EXPECT_EQ(report.seed, 7U);
  EXPECT_EQ(report.uplinks, 3U);
  EXPECT_EQ(report.retries, 1U);
  EXPECT_EQ(report.receptions, 6U);
  EXPECT_EQ(report.frames_lost, 1U);
  EXPECT_EQ(report.deliveries.planned, 3U);
  EXPECT_EQ(report.deliveries.delivered, 1U);
  EXPECT_EQ(report.deliveries.rejected, 1U);
  EXPECT_EQ(report.deliveries.timed_out, 1U);
  EXPECT_EQ(report.statuses, (std::map<int, std::uint64_t>{{200, 1}, {302, 1}}));
  EXPECT_EQ(report.failures.at("no answer within 5 s"), 1U);
  EXPECT_EQ(report.downlinks.requested, 2U);
  EXPECT_EQ(report.downlinks.accepted, 1U);
  EXPECT_EQ(report.downlinks.refused, 1U);
  EXPECT_EQ(report.downlinks.transmitted, 1U);
  EXPECT_EQ(report.downlinks.acknowledged, 1U);
  EXPECT_EQ(report.refusals.at("unknown_device"), 1U);
  EXPECT_EQ(report.latency.count(), 2U);  // of the answers
  EXPECT_EQ(report.lateness.max(), 3ms);
  EXPECT_EQ(report.virtual_duration, 7s + 20ms);
  EXPECT_EQ(report.verdict, check::Outcome::passed);
}

TEST(Tally, AnInterruptedRunDidNotPass) {
  HandMadeRun run;
  Tally tally;
  run.journal().add(tally);
  run.start();
  run.end(true);
  EXPECT_EQ(tally.finish({}).verdict, check::Outcome::inconclusive);
  EXPECT_EQ(tally.finish({test::verdict("a", check::Outcome::failed)}).verdict,
            check::Outcome::failed);
}

TEST(Tally, KeepsABoundedNumberOfReasons) {
  HandMadeRun run;
  Tally tally;
  run.journal().add(tally);
  run.start();
  for (int i = 0; i < 1'000; ++i) {
    HandMadeAnswer answer;
    answer.outcome = delivery::Outcome::failed;
    answer.status = 0;
    answer.reason = "garbage " + std::to_string(i);
    run.answer(run.due("dev-1"), answer);
  }
  run.end();
  EXPECT_LE(tally.finish({}).failures.size(), 51U);
  EXPECT_EQ(tally.finish({}).deliveries.failed, 1'000U);
}

}  // namespace
}  // namespace sim::report
