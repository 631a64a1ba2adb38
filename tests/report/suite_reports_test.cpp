// The forms in which a suite's report is written, and those for TAP and GitHub.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/report/hand_made_report.h"
#include "tests/report/well_formed.h"

namespace sim::report {
namespace {

using test::golden;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Json = nlohmann::ordered_json;

TEST(SuiteReport, IsShownBySectionOnATerminal) {
  const std::string text = to_terminal(test::suite_report(), false);
  EXPECT_EQ(text, golden("suite.txt", text));
  EXPECT_THAT(text, AllOf(HasSubstr("4 Retries and duplicates"), HasSubstr("1 known to fail"),
                          HasSubstr("means       The valve moves twice."),
                          HasSubstr("skipped 1: the endpoint has no probe")));
}

TEST(SuiteReport, HasFurtherKeysInJson) {
  const Json json = Json::parse(to_json(test::suite_report()));
  EXPECT_EQ(json["suite"], "HTTP integration");
  const Json& known = json["checks"][3];
  EXPECT_EQ(known["section"], "4");
  EXPECT_EQ(known["requirement"], "It has one effect.");
  EXPECT_EQ(known["known_failure"], true);
  EXPECT_EQ(known["note"], "known failure until 2027-01-31: ticket 4711");
  EXPECT_EQ(known["seconds"], 0.12);
  EXPECT_FALSE(Json::parse(to_json(test::failed_report()))["checks"][0].contains("section"));
}

TEST(SuiteReport, TellsSectionsApartInJUnitAndSkipsKnownFailures) {
  const std::string xml = to_junit(test::suite_report());
  EXPECT_EQ(xml, golden("suite.xml", xml));
  EXPECT_EQ(test::xml_mistake(xml), "");
  EXPECT_THAT(xml, AllOf(HasSubstr("classname=\"HTTP integration.4 Retries and duplicates\""),
                         HasSubstr("time=\"0.120\""),
                         HasSubstr("<skipped message=\"SHOULD failed: known failure until")));
}

TEST(TapReport, HasATestPointForEachCheck) {
  const std::string tap = to_tap(test::suite_report());
  EXPECT_EQ(tap, golden("suite.tap", tap));
  EXPECT_THAT(tap, AllOf(StartsWith("TAP version 14\n1..5\n# HTTP integration (seed 7, "),
                         HasSubstr("\nok 1 - 1.1/1: "),
                         HasSubstr("not ok 2 - 4.2/1: the title of expect-2\n  ---\n"),
                         HasSubstr("ok 5 - 4.3/1: the title of expect-5 # SKIP the endpoint")));
}

TEST(TapReport, EscapesWhatTapWouldRead) {
  Report report = test::report();
  report.checks = {test::verdict("a#b\\c", check::Outcome::failed)};
  report.checks[0].actual = "say \"x\"\nnot ok 9";
  const std::string tap = to_tap(report);
  EXPECT_THAT(tap, HasSubstr("not ok 1 - a\\#b\\\\c: "));
  EXPECT_THAT(tap, HasSubstr("  actual: \"say \\\"x\\\""));
  EXPECT_THAT(tap, Not(HasSubstr("\nnot ok 9")));
}

TEST(TapReport, BailsOutOfAnInterruptedRun) {
  EXPECT_THAT(to_tap(test::interrupted_report()),
              HasSubstr("\nBail out! the run was interrupted\n"));
}

TEST(GitHubReport, AnnotatesWhatDidNotPass) {
  const std::string text = to_github_annotations(test::suite_report());
  EXPECT_EQ(text, golden("suite.annotations", text));
  EXPECT_THAT(text, AllOf(HasSubstr("::error file=scenarios/a.yaml,line=12,col=9,title=4.2/1%3A "),
                          HasSubstr("::warning file="), Not(HasSubstr("4.3/1"))));
}

TEST(GitHubReport, KeepsEachAnnotationOnItsLine) {
  Report report = test::report();
  report.checks = {test::verdict("a,b:c", check::Outcome::failed)};
  report.checks[0].actual = "100%\n::error::forged";
  const std::string text = to_github_annotations(report);
  EXPECT_THAT(text, AllOf(HasSubstr("title=a%2Cb%3Ac%3A "), HasSubstr("100%25%0A::error::forged")));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

TEST(GitHubReport, SummarisesInMarkdownThatNothingCanBreak) {
  const std::string text = to_github_summary(test::suite_report());
  EXPECT_EQ(text, golden("suite.md", text));
  Report hostile = test::report();
  hostile.scenario = "<script>alert(1)</script> [x](http://evil) `y`";
  hostile.checks = {test::verdict("</details><b>", check::Outcome::failed)};
  hostile.checks[0].evidence = {{"</pre><i>", "curl '<'"}};
  const std::string harmless = to_github_summary(hostile);
  EXPECT_THAT(harmless, AllOf(Not(HasSubstr("<script>")), Not(HasSubstr("</details><b>")),
                              Not(HasSubstr("</pre><i>")), Not(HasSubstr("[x](http"))));
}

}  // namespace
}  // namespace sim::report
