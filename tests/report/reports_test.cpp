// The forms in which a report is written, against golden files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/report/hand_made_report.h"
#include "tests/report/well_formed.h"

namespace sim::report {
namespace {

using test::golden;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::ordered_json;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(TerminalReport, FitsAScreenWhenAllIsWell) {
  Report report = test::report();
  for (int i = 0; i < 40; ++i) {
    report.checks.push_back(test::verdict("expect-" + std::to_string(i), check::Outcome::passed));
    report.checks.back().title = std::string(200, 'x');
  }
  const std::string text = to_terminal(report, false);
  EXPECT_EQ(text, golden("passed.txt", text));
  EXPECT_LE(lines_of(text).size(), 24U);
  for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 100U) << line;
}

TEST(TerminalReport, ShowsWhatIsWrongWithACommandToSeeItAgain) {
  const std::string text = to_terminal(test::failed_report(), false);
  EXPECT_EQ(text, golden("failed.txt", text));
}

TEST(TerminalReport, TellsALoadByPhase) {
  const std::string text = to_terminal(test::load_report(), false);
  EXPECT_EQ(text, golden("load.txt", text));
  for (const std::string& line : lines_of(text)) EXPECT_LE(line.size(), 100U) << line;
}

TEST(JsonReport, TellsALoadByPhaseAndStatus) {
  const std::string text = to_json(test::load_report());
  EXPECT_EQ(text, golden("load.json", text));
}

TEST(TerminalReport, ColoursOnlyWhereItIsToldTo) {
  const std::string text = to_terminal(test::failed_report(), true);
  EXPECT_EQ(text, golden("failed_colour.txt", text));
  EXPECT_THAT(to_terminal(test::failed_report(), false), Not(HasSubstr("\033")));
}

TEST(TerminalReport, SaysThatARunWasInterrupted) {
  Report report = test::report();
  report.interrupted = true;
  report.verdict = check::Outcome::inconclusive;
  EXPECT_EQ(lines_of(to_terminal(report, false)).back(),
            "INCONCLUSIVE: nothing was expected; the run was interrupted before its end");
}

TEST(TerminalReport, ShowsWhatAnInterruptLeftUntold) {
  const std::string text = to_terminal(test::interrupted_report(), false);
  EXPECT_EQ(text, golden("interrupted.txt", text));
  const std::string colourful = to_terminal(test::interrupted_report(), true);
  EXPECT_EQ(colourful, golden("interrupted_colour.txt", colourful));
}

TEST(TerminalReport, FitsAScreenInColourAsWell) {
  Report report = test::report();
  report.scenario = std::string(300, 'x');
  report.checks = {test::verdict("expect-1", check::Outcome::passed)};
  report.checks[0].title = std::string(200, 'x');
  const std::string text = to_terminal(report, true);
  EXPECT_EQ(text, golden("passed_colour.txt", text));
  const std::vector<std::string> plain = lines_of(to_terminal(report, false));
  const std::vector<std::string> colourful = lines_of(text);
  ASSERT_EQ(plain.size(), colourful.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(test::without_colours(colourful[i]), plain[i]);
    EXPECT_LE(plain[i].size(), 100U);
  }
}

TEST(TerminalReport, CountsOneInTheSingular) {
  Report report = test::report();
  report.uplinks = report.receptions = 1;
  report.retries = report.frames_lost = 0;
  EXPECT_THAT(to_terminal(report, false), HasSubstr("1, heard once by a gateway\n"));
}

TEST(TerminalReport, LetsNothingMoveTheCursor) {
  const std::string text = to_terminal(test::hostile_report(), false);
  EXPECT_EQ(text, golden("hostile.txt", text));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(JsonReport, HasTheAgreedKeysInTheAgreedOrder) {
  const std::string text = to_json(test::failed_report());
  EXPECT_EQ(text, golden("failed.json", text));
  const Json json = Json::parse(text);
  std::vector<std::string> keys = keys_of(json);
  keys.resize(13);
  EXPECT_THAT(keys, ElementsAre("lnsim", "scenario", "seed", "dialect", "verdict", "checks",
                                "uplinks", "receptions", "deliveries", "downlinks", "latency_ms",
                                "lateness_ms", "duration_s"));
}

TEST(JsonReport, HasTheAgreedKeysInEachPart) {
  const Json json = Json::parse(to_json(test::failed_report()));
  EXPECT_THAT(
      keys_of(json.at("checks").at(1)),
      ElementsAre("id", "title", "level", "verdict", "expected", "actual", "evidence", "place"));
  EXPECT_THAT(keys_of(json.at("checks").at(1).at("place")), ElementsAre("file", "line", "column"));
  EXPECT_THAT(keys_of(json.at("deliveries")),
              ElementsAre("planned", "delivered", "rejected", "timed_out", "failed", "skipped",
                          "attempts"));
  EXPECT_THAT(keys_of(json.at("downlinks")),
              ElementsAre("requested", "accepted", "refused", "transmitted", "acknowledged",
                          "pending", "dropped"));
  for (const char* part : {"latency_ms", "lateness_ms"}) {
    EXPECT_THAT(keys_of(json.at(part)), ElementsAre("p50", "p90", "p99", "p99.9", "p99.99", "max", "mean"));
  }
  EXPECT_THAT(keys_of(json.at("duration_s")), ElementsAre("virtual", "wall"));
}

TEST(JsonReport, HasZerosWhereNothingHappened) {
  const Json json = Json::parse(to_json({}));
  EXPECT_EQ(json.at("checks"), Json::array());
  EXPECT_EQ(json.at("statuses"), Json::object());
  EXPECT_EQ(json.at("latency_ms").at("p99"), 0);
  EXPECT_EQ(json.at("latency_ms").at("mean"), 0);
}

TEST(JsonReport, WritesTimesWithThreeDecimalsAtMost) {
  const Json json = Json::parse(to_json(test::report()));
  EXPECT_EQ(json.at("duration_s").dump(), R"({"virtual":7200.0,"wall":3.123})");
  EXPECT_EQ(json.at("lateness_ms").at("p50"), 0.025);
}

TEST(JsonReport, IsValidWhateverStandsInIt) {
  EXPECT_TRUE(Json::accept(to_json(test::hostile_report())));
}

TEST(JunitReport, TellsFailuresErrorsAndWhatDoesNotGate) {
  const std::string text = to_junit(test::failed_report());
  EXPECT_EQ(text, golden("failed.xml", text));
}

TEST(JunitReport, HasAnElementForEachLevelAndOutcome) {
  using check::Level;
  using check::Outcome;
  const auto elements = [](Outcome outcome, Level level) {
    Report report = test::report();
    report.checks = {test::verdict("a", outcome, level)};
    const std::string text = to_junit(report);
    std::string found;
    for (const char* name : {"failure", "error", "skipped"}) {
      if (text.find(std::string("<") + name + " ") != std::string::npos) found += name;
    }
    return found;
  };
  EXPECT_EQ(elements(Outcome::passed, Level::must), "");
  EXPECT_EQ(elements(Outcome::failed, Level::must), "failure");
  EXPECT_EQ(elements(Outcome::inconclusive, Level::must), "error");
  EXPECT_EQ(elements(Outcome::skipped, Level::must), "skipped");
  for (const Level level : {Level::should, Level::may}) {
    EXPECT_EQ(elements(Outcome::passed, level), "");
    EXPECT_EQ(elements(Outcome::failed, level), "skipped");
    EXPECT_EQ(elements(Outcome::inconclusive, level), "skipped");
  }
}

TEST(JunitReport, IsWellFormedWhateverStandsInIt) {
  for (Report report : {test::report(), test::failed_report(), test::hostile_report(),
                        test::interrupted_report()}) {
    EXPECT_EQ(test::xml_mistake(to_junit(report)), "");
    report.file = report.dialect = report.endpoint = "\"><x a='&#0;]]>\x01\xff";
    EXPECT_EQ(test::xml_mistake(to_junit(report)), "");
  }
}

TEST(JunitReport, HasAnErrorForAnInterruptedRun) {
  Report report = test::report();
  report.interrupted = true;
  EXPECT_THAT(to_junit(report), HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""));
  EXPECT_THAT(to_junit(report), HasSubstr("<error message=\"the run was interrupted\""));
}

TEST(JunitReport, HoldsOnlyWhatXmlMayHold) {
  const std::string text = to_junit(test::hostile_report());
  EXPECT_EQ(text, golden("hostile.xml", text));
  for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(Printable, MakesControlAndDirectionCharactersVisible) {
  EXPECT_EQ(printable("plain é 😀"), "plain é 😀");
  EXPECT_EQ(printable("\x1b[31m\n\t\x7f"), "\\x1b[31m\\n\\t\\x7f");
  EXPECT_EQ(printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb");
  EXPECT_EQ(printable("\xc2\x9b"), "\\u009b");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc0\x80"), "\\xc0\\x80");
  EXPECT_EQ(printable("\xe0\x80\x8a"), "\\xe0\\x80\\x8a");  // longer than it needs to be
  EXPECT_EQ(printable("\xe2\x81\xa6\xe2\x81\xa9"), "\\u2066\\u2069");
}

}  // namespace
}  // namespace sim::report
