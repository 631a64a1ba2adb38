// `lnsim check` as a user runs it: against good and bad endpoints, and with wrong usage.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/scripted_server.h"

namespace sim::cli {
namespace {

using support::ScriptedServer;
using test::Finished;
using test::run_to_end;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

const std::string kLnsim = LNSIM_BINARY;

Finished check(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {kLnsim, "check"});
  return run_to_end(arguments);
}

Json json_of(const Finished& finished) {
  const Json json = Json::parse(finished.out, nullptr, false);
  EXPECT_TRUE(json.is_object()) << finished.out.substr(0, 200) << finished.error;
  return json;
}

std::vector<std::string> ids_of(const Json& report, const std::string& verdict) {
  std::vector<std::string> ids;
  for (const Json& one : report["checks"]) {
    if (one["verdict"] == verdict) ids.push_back(one["id"]);
  }
  return ids;
}

std::string text_of(const std::string& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A copy of a report in which nothing is a matter of time.
Json without_times(Json report) {
  for (const char* key :
       {"latency_ms", "latency_ms_by_status", "lateness_ms", "duration_s", "deliveries"}) {
    report.erase(key);
  }
  for (Json& one : report["checks"]) one.erase("seconds");
  return report;
}

TEST(CheckCommand, TheReferenceEndpointPassesASection) {
  const Finished run = check({"builtin", "--section", "4", "--section", "6", "--seed", "3"});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(run.out, HasSubstr("PASSED: "));
}

TEST(CheckCommand, GivesTheSameReportAtAnyNumberOfJobs) {
  const std::vector<std::string> one = {"builtin",  "--section", "2",      "--seed", "3",
                                        "--format", "json",      "--jobs", "1"};
  std::vector<std::string> eight = one;
  eight.back() = "8";
  EXPECT_EQ(without_times(json_of(check(one))), without_times(json_of(check(eight))));
}

TEST(CheckCommand, ListsTheCases) {
  const Finished text = check({"--list"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("4 Retries and duplicates\n"), HasSubstr("  4.2/1    MUST")));
  const Json list = Json::parse(run_to_end({kLnsim, "list", "cases", "--format", "json"}).out);
  EXPECT_GE(list.size(), 100U);
  EXPECT_EQ(list[0]["id"], "1.1/1");
  EXPECT_TRUE(list[0].contains("title"));
}

struct WrongUsage {
  std::vector<std::string> arguments;
  const char* says;
};

class WrongCheck : public ::testing::TestWithParam<WrongUsage> {};

TEST_P(WrongCheck, IsRefusedBeforeAnythingIsSent) {
  const Finished run = check(GetParam().arguments);
  EXPECT_EQ(run.status, 2) << run.out;
  EXPECT_THAT(run.error, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongCheck,
    ::testing::Values(
        WrongUsage{{}, "name the endpoint's URL, or 'builtin', or a profile"},
        WrongUsage{{"builtin", "--case", "4.2/l"},
                   "there is no case '4.2/l', did you mean '4.2/1'?"},
        WrongUsage{{"builtin", "--section", "99"}, "there is no section '99'"},
        WrongUsage{{"builtin", "--level", "must"}, "--level"},
        WrongUsage{{"builtin", "--seed", "x"}, "--seed 'x': expected a whole number"},
        WrongUsage{{"builtin", "--profile", "/no/such/file"},
                   "/no/such/file: there is no such file"},
        WrongUsage{{"builtin", "--cases", "/no/such/folder"}, "/no/such/folder is not a folder"},
        WrongUsage{{"builtin", "--baseline", "/no/such/file"},
                   "/no/such/file: there is no such file"},
        WrongUsage{{"builtin", "--write-baseline", "x"}, "--write-baseline needs --until"},
        WrongUsage{{"builtin", "--write-baseline", "x", "--until", "soon", "--reason", "r"},
                   "--until 'soon': write it like 2027-01-31"},
        WrongUsage{{"builtin", "--set", "devices"}, "--set 'devices': write it as path=value"},
        WrongUsage{{"builtin", "--set", "setle=1s"}, "unknown key 'setle'"},
        WrongUsage{{"ftp://host/"}, "ftp"},
        WrongUsage{{"builtin", "--case", "6.1/1", "--level", "MUST", "--section", "4"},
                   "no case is left"}));

TEST(CheckCommand, SkipsWhatAnEndpointWithoutAProfileDoesNotClaim) {
  ScriptedServer server(
      {{support::read_request(), support::write(support::ok()), support::read_request(),
        support::write(support::ok()), support::read_request(), support::write(support::ok())}});
  const Finished run =
      check({"http://127.0.0.1:" + std::to_string(server.port()) + "/up", "--section", "6",
             "--section", "2", "--case", "2.1/2", "--case", "6.1/1", "--format", "json"});
  const Json report = json_of(run);
  EXPECT_THAT(ids_of(report, "skipped"), Contains("6.1/1"));
  EXPECT_THAT(ids_of(report, "passed"), Contains("2.1/2"));
  EXPECT_EQ(run.status, 0);
}

TEST(CheckCommand, SaysThatNobodyIsThere) {
  const Finished run = check({"http://127.0.0.1:1/up"});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.error, HasSubstr("cannot reach http://127.0.0.1:1/up: connection refused"));
}

struct BadServer {
  const char* name;
  support::Script script;
  const char* says;
};

class CheckOfABadServer : public ::testing::TestWithParam<BadServer> {};

TEST_P(CheckOfABadServer, EndsAndSaysSo) {
  ScriptedServer server({GetParam().script});
  const Finished run = check({"http://127.0.0.1:" + std::to_string(server.port()) + "/up",
                              "--timeout", "200ms", "--format", "json"});
  EXPECT_EQ(run.status, 1) << run.error;
  const Json report = json_of(run);
  EXPECT_EQ(report["verdict"], "failed");
  EXPECT_THAT(ids_of(report, "failed"), Contains("1.1/1"));
  EXPECT_THAT(report["checks"][0]["evidence"].dump(), HasSubstr(GetParam().says));
  EXPECT_THAT(run.out, HasSubstr("not tried: nothing was answered in the cases before"));
}

INSTANTIATE_TEST_SUITE_P(
    All, CheckOfABadServer,
    ::testing::Values(BadServer{"Silent", {support::read_request(), support::wait()}, "no answer"},
                      BadServer{"Garbage",
                                {support::read_request(), support::write("hello\r\n\r\n"),
                                 support::close()},
                                "hello"},
                      BadServer{"ClosesAtOnce", {support::close()}, "failed"}),
    [](const auto& param) { return param.param.name; });

TEST(CheckCommand, ToleratesKnownFailuresAndFailsWhatPassesNonetheless) {
  const TemporaryFolder folder;
  const std::string baseline = folder.file("known.yaml");
  const std::vector<std::string> bad = {"builtin", "--section", "2", "--set",
                                        "endpoint.builtin.defect=refuses-pretty"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), bad.begin(), bad.end());
    return check(more);
  };
  EXPECT_EQ(
      with({"--write-baseline", baseline, "--until", "2999-12-31", "--reason", "later"}).status, 1);
  EXPECT_THAT(text_of(baseline), HasSubstr("case: 2.1/5, until: 2999-12-31, reason: \"later\""));
  EXPECT_EQ(with({"--baseline", baseline}).status, 0);
  const Finished passes = check({"builtin", "--section", "2", "--baseline", baseline});
  EXPECT_EQ(passes.status, 1);
  EXPECT_THAT(passes.out, HasSubstr("passed, although the baseline says that it fails"));
}

TEST(CheckCommand, AShouldFailsTheWholeOnlyWhenItIsStrict) {
  const std::vector<std::string> arguments = {"builtin", "--case", "1.5/1", "--set",
                                              "endpoint.builtin.defect=refuses-chunked"};
  EXPECT_EQ(check(arguments).status, 0);
  auto strict = arguments;
  strict.emplace_back("--strict");
  EXPECT_EQ(check(strict).status, 1);
}

TEST(CheckCommand, TakesCasesOfTheUsersOwnAndKeepsAJournalOfEach) {
  const TemporaryFolder folder;
  const std::string own = folder.file("own");
  std::filesystem::create_directories(own);
  std::ofstream(own + "/mine.yaml")
      << "case: { id: 2.9/1, title: Mine, level: MUST, requirement: r, source: s, meaning: m }\n"
         "expect: [{ answer: 2xx }]\n";
  const std::string journals = folder.file("journals");
  const Finished run = check({"builtin", "--cases", own, "--case", "2.9/1", "--journal", journals});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  EXPECT_THAT(text_of(journals + "/2-9-1.jsonl"), HasSubstr("\"type\":\"verdict\""));
}

// A case whose uplinks never reach the endpoint would pass for the wrong reason.
TEST(CheckCommand, LosesNoFrameOfAnyCase) {
  const TemporaryFolder folder;
  const Finished run = check({"builtin", "--journal", folder.file("journals")});
  EXPECT_EQ(run.status, 0) << run.out << run.error;
  std::size_t journals = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file("journals"))) {
    EXPECT_THAT(text_of(entry.path().string()), Not(HasSubstr("\"type\":\"frame_lost\"")))
        << entry.path();
    ++journals;
  }
  EXPECT_GT(journals, 100U);
}

TEST(CheckCommand, TellsAllMistakesOfTheUsersCases) {
  const TemporaryFolder folder;
  std::ofstream(folder.file("a.yaml")) << "case: { id: 4 }\n";
  std::ofstream(folder.file("b.yaml")) << "name: x\n";
  const Finished run = check({"builtin", "--cases", folder.file("")});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, AllOf(HasSubstr("a.yaml:1:13: error: '4' is not the id of a case"),
                               HasSubstr("b.yaml:1:1: error: 'case' is missing")));
}

TEST(CheckCommand, RunsACommandOfACaseOnlyWhereItMay) {
  const TemporaryFolder folder;
  const auto traces = [&folder] {
    return std::distance(std::filesystem::directory_iterator(folder.file("traces")), {});
  };
  std::filesystem::create_directory(folder.file("traces"));
  std::filesystem::create_directory(folder.file("cases"));
  std::ofstream(folder.file("cases/own.yaml"))
      << "case: { id: 4.9/1, title: t, level: MUST, requirement: r, source: s, meaning: m }\n"
         "endpoint: { probe: { command: [touch, \""
      << folder.file("traces/{device}") << "\"] } }\nexpect: [{ stored: { count: delivered } }]\n";
  std::vector<std::string> arguments = {
      kLnsim, "check", "builtin", "--cases", folder.file("cases"), "--case", "4.9/1"};
  const Finished refused = run_to_end(arguments);
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.error,
              HasSubstr("own.yaml:2:22: error: the scenario wants to run a command"));
  EXPECT_EQ(traces(), 0);
  arguments.emplace_back("--allow-commands");
  EXPECT_EQ(run_to_end(arguments).status, 1);  // touch says nothing of what is stored
  EXPECT_EQ(traces(), 1);
}

TEST(CheckCommand, NeverShowsTheAuthorization) {
  const Finished run =
      check({"builtin", "--case", "6.1/3", "--set", "endpoint.builtin.defect=beginning-is-enough"});
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.out + run.error, Not(HasSubstr("lnsim-reference")));
}

}  // namespace
}  // namespace sim::cli
