#include "sim/report/suite_journal.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "sim/report/journal_lines.h"
#include "sim/report/journal_reader.h"
#include "sim/report/journal_record.h"
#include "sim/report/printable.h"

namespace sim::report {

namespace {

using Json = nlohmann::ordered_json;

double milliseconds(std::chrono::nanoseconds time) {
  return static_cast<double>(time.count()) / 1e6;
}

Json suite_line(const Report& report) {
  return {{"type", "suite"},
          {"journal", kJournalFormat},
          {"lnsim", report.version},
          {"suite", report.suite},
          {"seed", report.seed},
          {"dialect", report.dialect},
          {"endpoint", report.endpoint},
          {"interrupted", report.interrupted},
          {"verdict", check::to_string(report.verdict)},
          {"wall_ms", milliseconds(report.wall_duration)}};
}

Json case_line(const check::Verdict& verdict) {
  const check::CaseWords words = verdict.of_case ? *verdict.of_case : check::CaseWords{};
  Json evidence = Json::array();
  for (const check::Evidence& piece : verdict.evidence) {
    evidence.push_back({{"text", piece.text}, {"curl", piece.curl}});
  }
  return {{"type", "case"},
          {"id", verdict.id},
          {"title", verdict.title},
          {"level", check::to_string(verdict.level)},
          {"section", words.section},
          {"section_title", words.section_title},
          {"requirement", words.requirement},
          {"source", words.source},
          {"meaning", words.meaning},
          {"file", verdict.place.file},
          {"line", verdict.place.line},
          {"column", verdict.place.column},
          {"expected", verdict.expected},
          {"verdict", check::to_string(verdict.outcome)},
          {"note", verdict.note},
          {"known_failure", verdict.tolerated},
          {"wall_actual", verdict.actual},
          {"wall_evidence", std::move(evidence)},
          {"wall_ms", milliseconds(verdict.wall)}};
}

void append_line(const Json& json, std::string& text) {
  text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void read_suite(const Record& record, Report& report) {
  check_format(record);
  report.version = record.text("lnsim");
  report.suite = report.scenario = record.text("suite");
  report.seed = record.whole<std::uint64_t>("seed");
  report.dialect = record.text("dialect");
  report.endpoint = record.text("endpoint");
  report.interrupted = record.truth("interrupted");
  report.verdict = record.word("verdict", check::Outcome::skipped);
  report.wall_duration = record.milliseconds("wall_ms");
}

check::Verdict read_case(const Record& record) {
  check::Verdict verdict = read_verdict(record);
  verdict.of_case = std::make_shared<check::CaseWords>(
      check::CaseWords{record.text("section"), record.text("section_title"),
                       record.text("requirement"), record.text("source"), record.text("meaning")});
  verdict.tolerated = record.truth("known_failure");
  verdict.wall = record.milliseconds("wall_ms");
  return verdict;
}

/// Takes a line; whether it was the last one.
bool take(const Record& record, bool is_first, Report& report) {
  const std::string type = record.text("type");
  if (is_first != (type == "suite")) throw Mistake("the journal of a suite begins with its line");
  if (is_first) {
    read_suite(record, report);
  } else if (type == "case") {
    report.checks.push_back(read_case(record));
  } else if (type == "cases") {
    if (record.whole<std::size_t>("count") == report.checks.size()) return true;
    throw Mistake("'count' is not the number of cases");
  } else {
    throw Mistake(fmt::format("unknown type '{}'", printable(type)));
  }
  return false;
}

}  // namespace

std::string suite_journal(const Report& report) {
  std::string text;
  append_line(suite_line(report), text);
  for (const check::Verdict& verdict : report.checks) append_line(case_line(verdict), text);
  append_line({{"type", "cases"}, {"count", report.checks.size()}}, text);
  return text;
}

tl::expected<Report, std::string> read_suite_journal(std::istream& in, const std::string& name) {
  Report report;
  JournalLines lines(in);
  std::uint64_t number = 1;
  try {
    for (bool is_whole = false; !is_whole; ++number) {
      const auto line = lines.next();
      if (!line) throw Mistake("it ends before its last line");
      is_whole = take(Record(*line), number == 1, report);
    }
  } catch (const Mistake& mistake) {
    return tl::unexpected(fmt::format("{}:{}: {}", printable(name), number, mistake.what()));
  }
  return report;
}

}  // namespace sim::report
