// Reports made by hand, for the tests of what is written of them; and golden files.
#pragma once

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "sim/report/report.h"

namespace sim::report::test {

inline check::Verdict verdict(const std::string& id, check::Outcome outcome,
                              check::Level level = check::Level::must) {
  check::Verdict verdict;
  verdict.id = id;
  verdict.title = "the title of " + id;
  verdict.level = level;
  verdict.outcome = outcome;
  verdict.expected = "what was expected";
  verdict.actual = "what was seen";
  verdict.place = {"scenarios/a.yaml", 12, 9};
  return verdict;
}

/// A report whose ledger adds up, without checks.
inline Report report() {
  using namespace std::chrono_literals;
  Report report;
  report.version = "0.1.0";
  report.scenario = "By hand";
  report.file = "scenarios/a.yaml";
  report.seed = 7;
  report.dialect = "ttn-v2";
  report.endpoint = "http://127.0.0.1:8080/uplink";
  report.verdict = check::Outcome::passed;
  report.uplinks = 1'000;
  report.retries = 12;
  report.receptions = 2'310;
  report.frames_lost = 3;
  report.deliveries = {1'000, 990, 6, 3, 1, 0, 1'004};
  report.statuses = {{200, 990}, {500, 6}};
  report.failures = {{"no answer within 5 s", 3}, {"reset by peer", 1}};
  report.downlinks = {20, 18, 2, 17, 5, 1, 0};
  report.refusals = {{"bad_port", 2}};
  for (int i = 1; i <= 100; ++i) report.latency.add(std::chrono::microseconds(i * 100));
  report.lateness.add(25us);
  report.virtual_duration = 2h;
  report.wall_duration = 3'123'456us;
  return report;
}

inline Report failed_report() {
  Report made = report();
  made.verdict = check::Outcome::failed;
  check::Verdict failed = verdict("expect-2", check::Outcome::failed);
  for (int i = 1; i <= 5; ++i) {
    failed.evidence.push_back({"uplink " + std::to_string(i) + " of dev-1: answered 500",
                               "curl -X POST --data-raw '{\"a\":" + std::to_string(i) +
                                   "}' 'http://127.0.0.1:8080/uplink'"});
  }
  made.checks = {verdict("expect-1", check::Outcome::passed), failed,
                 verdict("expect-3", check::Outcome::inconclusive),
                 verdict("expect-4", check::Outcome::failed, check::Level::should),
                 verdict("expect-5", check::Outcome::skipped, check::Level::may)};
  return made;
}

/// A load of two phases.
inline Report load_report() {
  using namespace std::chrono_literals;
  Report made = report();
  made.phases = {{{"warm-up", 10, 490, 2s}, {500, 500, 0, 0, 0, 0, 500}, {}, {}},
                 {{"steady", 500, 500, 1s}, {500, 490, 6, 3, 1, 0, 504}, {}, {}}};
  for (int i = 1; i <= 10; ++i) {
    made.phases[0].latency.add(std::chrono::milliseconds(i));
    made.phases[1].latency.add(std::chrono::milliseconds(100 * i));
    made.latency_by_status[500].add(std::chrono::milliseconds(i));
  }
  return made;
}

/// A run that was interrupted while one check waited for what was still to come.
inline Report interrupted_report() {
  Report made = report();
  made.interrupted = true;
  made.verdict = check::Outcome::inconclusive;
  made.deliveries = {1'000, 990, 6, 0, 3, 1, 1'004};
  made.failures = {{"interrupted before an answer came", 3}};
  check::Verdict untold = verdict("expect-2", check::Outcome::inconclusive);
  untold.actual = "as expected for 1 of 2 (50%): 1 that could not be told";
  made.checks = {verdict("expect-1", check::Outcome::passed), untold};
  return made;
}

/// A suite of two sections, with every outcome.
inline Report suite_report() {
  Report made = failed_report();
  made.suite = made.scenario = "HTTP integration";
  const char* ids[] = {"1.1/1", "4.2/1", "4.2/2", "4.2/3", "4.3/1"};
  for (std::size_t i = 0; i < made.checks.size(); ++i) {
    check::Verdict& one = made.checks[i];
    one.id = ids[i];
    const bool first = one.id[0] == '1';
    one.of_case = std::make_shared<const check::CaseWords>(
        check::CaseWords{first ? "1" : "4", first ? "Transport" : "Retries and duplicates",
                         "It has one effect.", "API reference", "The valve moves twice."});
    one.wall = std::chrono::milliseconds(120);
  }
  made.checks[3].tolerated = true;
  made.checks[3].note = "known failure until 2027-01-31: ticket 4711";
  made.checks[4].note = "the endpoint has no probe";
  return made;
}

/// Names and texts that mean harm to a terminal, to XML or to JSON.
inline Report hostile_report() {
  Report made = report();
  made.scenario = "a\x1b[2J<b>&\"\xe2\x80\xae\x01\xff";
  made.verdict = check::Outcome::failed;
  check::Verdict failed = verdict("id\x07", check::Outcome::failed);
  failed.actual = "]]> \x1b]0;x\x07 \xef\xbf\xbe \xed\xa0\x80";
  failed.evidence = {{"text\nwith <lines>", "curl 'x'"}};
  made.checks = {failed};
  return made;
}

/// A line as a terminal shows it.
inline std::string without_colours(std::string line) {
  for (std::size_t at = line.find('\033'); at != std::string::npos; at = line.find('\033')) {
    line.erase(at, line.find('m', at) - at + 1);
  }
  return line;
}

/// The golden file of that name; LNSIM_UPDATE_GOLDEN=1 writes it anew first.
inline std::string golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(LNSIM_SOURCE_DIR) + "/tests/report/golden/" + name;
  if (std::getenv("LNSIM_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace sim::report::test
