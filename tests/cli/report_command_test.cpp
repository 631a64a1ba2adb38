// `lnsim report` and the files of `--report`, as a user has them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/child_process.h"
#include "tests/support/small_endpoint.h"

namespace sim::cli {
namespace {

using test::Finished;
using test::read_text;
using test::run_to_end;
using test::SmallEndpoint;
using test::TemporaryFolder;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kLnsim = LNSIM_BINARY;

std::string scenario(const std::string& name) {
  return std::string(LNSIM_SOURCE_DIR) + "/scenarios/" + name + ".yaml";
}

/// A run whose journal and reports stand in a folder, and the same reports made of the journal.
class ReportCommand : public ::testing::Test {
 protected:
  Finished with_reports(std::vector<std::string> arguments, const std::string& name) {
    for (const char* format : {"html", "json", "junit", "tap", "github"}) {
      arguments.insert(arguments.end(),
                       {"--report", std::string(format) + "=" + folder_.file(name + "." + format)});
    }
    return run_to_end(arguments);
  }

  void expect_equal_reports() {
    for (const char* format : {".html", ".json", ".junit", ".tap", ".github"}) {
      EXPECT_EQ(read_text(folder_.file(std::string("again") + format)),
                read_text(folder_.file(std::string("run") + format)));
    }
  }

  TemporaryFolder folder_;
};

TEST_F(ReportCommand, MakesTheReportsOfARunAgain) {
  for (const char* name : {"quickstart", "retries", "network-trouble", "payload-functions"}) {
    const std::string journal = folder_.file("run.jsonl");
    const Finished run = with_reports({kLnsim, "run", scenario(name), "--journal", journal}, "run");
    const Finished again = with_reports({kLnsim, "report", journal}, "again");
    EXPECT_EQ(again.status, 0) << again.error;
    EXPECT_EQ(again.out, run.out);
    expect_equal_reports();
  }
}

TEST_F(ReportCommand, MakesTheReportsOfASuiteAgain) {
  const std::string journals = folder_.file("journals");
  const Finished suite =
      with_reports({kLnsim, "check", "builtin", "--section", "4", "--section", "10", "--journal",
                    journals, "--set", "endpoint.builtin.defect=stores-twice"},
                   "run");
  EXPECT_EQ(suite.status, 1) << suite.error;
  const Finished again = with_reports({kLnsim, "report", journals}, "again");
  EXPECT_EQ(again.status, 1) << again.error;
  EXPECT_EQ(again.out, suite.out);
  expect_equal_reports();
}

TEST_F(ReportCommand, MakesTheReportsOfASuiteThatFoundNobody) {
  const std::string journals = folder_.file("journals");
  SmallEndpoint endpoint;
  const std::string url = endpoint.url();
  const Finished suite = with_reports({kLnsim, "check", url, "--case", "1.1/1", "--case", "6.1/1",
                                       "--case", "4.6/1", "--journal", journals},
                                      "run");
  const Finished again = with_reports({kLnsim, "report", journals}, "again");
  EXPECT_EQ(again.out, suite.out);
  EXPECT_THAT(again.out, HasSubstr("2 skipped"));
  expect_equal_reports();
}

TEST_F(ReportCommand, SaysWhatFailedWithTheSameStatus) {
  SmallEndpoint endpoint;
  endpoint.answer_status(500);
  const std::string journal = folder_.file("run.jsonl");
  const Finished run = with_reports(
      {kLnsim, "run", scenario("retries"), "--endpoint", endpoint.url(), "--journal", journal},
      "run");
  const Finished again = with_reports({kLnsim, "report", journal}, "again");
  EXPECT_EQ(run.status, 1);
  EXPECT_EQ(again.status, 1);
  EXPECT_EQ(again.out, run.out);
  expect_equal_reports();
}

TEST_F(ReportCommand, IsStatus2WithoutAJournal) {
  const Finished missing = run_to_end({kLnsim, "report", folder_.file("no-such.jsonl")});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.error, HasSubstr("no-such.jsonl: No such file or directory"));
  const Finished folder = run_to_end({kLnsim, "report", folder_.file("")});
  EXPECT_EQ(folder.status, 2);
  EXPECT_THAT(folder.error, HasSubstr("suite.jsonl: No such file or directory; is "));
  const std::string report = folder_.file("report.json");
  const Finished other =
      run_to_end({kLnsim, "report", scenario("quickstart"), "--report", "json=" + report});
  EXPECT_EQ(other.status, 2);
  EXPECT_THAT(other.error, HasSubstr("quickstart.yaml:1: not a line of JSON"));
  EXPECT_THAT(read_text(report), IsEmpty());
}

TEST_F(ReportCommand, GivesAReportTheStandardOutput) {
  const std::string journal = folder_.file("run.jsonl");
  const Finished run =
      run_to_end({kLnsim, "run", scenario("retries"), "--journal", journal, "--report", "json=-"});
  EXPECT_TRUE(nlohmann::json::accept(run.out)) << run.out;
  const Finished again = run_to_end({kLnsim, "report", journal, "--format", "json"});
  EXPECT_EQ(again.out, run.out);
  const Finished both =
      run_to_end({kLnsim, "report", journal, "--report", "json=-", "--report", "tap=-"});
  EXPECT_EQ(both.status, 2);
  EXPECT_THAT(both.error, HasSubstr("only one report can go to standard output"));
}

TEST_F(ReportCommand, AddsToTheSummaryOfAGithubStep) {
  SmallEndpoint endpoint;
  endpoint.answer_status(500);
  const std::string summary = folder_.write("summary.md", "before\n");
  const Finished run = run_to_end(
      {kLnsim, "run", scenario("retries"), "--endpoint", endpoint.url(), "--report", "github"},
      {"GITHUB_STEP_SUMMARY=" + summary});
  EXPECT_THAT(run.out, HasSubstr("::error file="));
  EXPECT_THAT(run.out, HasSubstr("retries.yaml,line="));
  const std::string both = read_text(summary);
  EXPECT_THAT(both, StartsWith("before\n#"));
  EXPECT_THAT(both, HasSubstr("failed"));
}

TEST_F(ReportCommand, NamesTheFormatsThatThereAre) {
  const Finished run = run_to_end({kLnsim, "run", scenario("retries"), "--report", "pdf=x"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.error, HasSubstr("unknown format 'pdf'; there are html, json, junit, tap"));
}

}  // namespace
}  // namespace sim::cli
