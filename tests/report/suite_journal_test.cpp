// The journal of a suite: what comes back, and what is said of one that is none.
#include "sim/report/suite_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "tests/report/hand_made_report.h"

namespace sim::report {
namespace {

using ::testing::HasSubstr;

tl::expected<Report, std::string> read(const std::string& text) {
  std::istringstream in(text);
  return read_suite_journal(in, "suite.jsonl");
}

std::string mistake_in(const std::string& text) {
  const auto report = read(text);
  return report ? "none" : report.error();
}

TEST(SuiteJournal, GivesBackWhatReportsAreMadeOf) {
  Report report = test::suite_report();
  report.checks[1].wall = std::chrono::nanoseconds(123'456'789);
  const std::string text = suite_journal(report);
  const auto again = read(text);
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(suite_journal(*again), text);
  Report whole = *again;  // the numbers stand elsewhere
  whole.uplinks = report.uplinks;
  EXPECT_EQ(to_tap(whole), to_tap(report));
  EXPECT_EQ(whole.checks[1].wall, report.checks[1].wall);
}

TEST(SuiteJournal, SaysWhereItIsWrong) {
  const std::string text = suite_journal(test::suite_report());
  const std::size_t first = text.find('\n') + 1;
  EXPECT_THAT(mistake_in(""), HasSubstr("suite.jsonl:1: it ends before its last line"));
  EXPECT_THAT(mistake_in(text.substr(first)), HasSubstr(":1: the journal of a suite begins"));
  EXPECT_THAT(mistake_in(text.substr(0, first)), HasSubstr(":2: it ends before"));
  EXPECT_THAT(mistake_in(text.substr(0, first) + text), HasSubstr(":2: the journal of a suite"));
  EXPECT_THAT(mistake_in(text.substr(0, first) + "{\"type\":\"cases\",\"count\":7}\n"),
              HasSubstr(":2: 'count' is not the number of cases"));
  EXPECT_THAT(mistake_in(text.substr(0, first) + "garbage\n"), HasSubstr(":2: not a line"));
  EXPECT_THAT(mistake_in(text.substr(0, first) + "{\"type\":\"run\"}\n"),
              HasSubstr(":2: unknown type 'run'"));
}

}  // namespace
}  // namespace sim::report
