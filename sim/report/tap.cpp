// TAP, version 14: https://testanything.org/tap-version-14-specification.html
#include <fmt/format.h>

#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

/// A description: one line, in which # and backslash are escaped.
std::string description(std::string_view text) {
  std::string result;
  for (const char c : printable(utf8(text))) {
    if (c == '#' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

/// A text of YAML in double quotes.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(utf8(text))) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

bool passes(const check::Verdict& verdict) {
  return verdict.outcome == check::Outcome::passed || verdict.outcome == check::Outcome::skipped;
}

std::string directive(const check::Verdict& verdict) {
  const std::string why =
      description(verdict.note.empty() ? check::to_string(verdict.level) : verdict.note);
  if (verdict.outcome == check::Outcome::skipped) return " # SKIP " + why;
  const bool is_for_information = verdict.tolerated || verdict.level != check::Level::must;
  return !passes(verdict) && is_for_information ? " # TODO " + why : std::string();
}

std::string diagnostics(const check::Verdict& verdict) {
  std::string text = "  ---\n";
  const auto add = [&text](std::string_view key, std::string_view value) {
    text += fmt::format("  {}: {}\n", key, quoted(value));
  };
  add("level", check::to_string(verdict.level));
  add("verdict", check::to_string(verdict.outcome));
  add("expected", verdict.expected);
  add("actual", verdict.actual);
  if (verdict.of_case) {
    add("requirement", verdict.of_case->requirement);
    add("source", verdict.of_case->source);
    add("meaning", verdict.of_case->meaning);
  }
  add("at", fmt::format("{}:{}:{}", verdict.place.file, verdict.place.line, verdict.place.column));
  if (!verdict.evidence.empty()) text += "  evidence:\n";
  for (const check::Evidence& piece : verdict.evidence) {
    text += fmt::format("    - text: {}\n", quoted(piece.text));
    if (!piece.curl.empty()) text += fmt::format("      curl: {}\n", quoted(piece.curl));
  }
  return text + "  ...\n";
}

}  // namespace

std::string to_tap(const Report& report) {
  std::string text = fmt::format("TAP version 14\n1..{}\n", report.checks.size());
  text += fmt::format("# {} (seed {}, {}, endpoint {})\n", printable(utf8(report.scenario)),
                      report.seed, printable(report.dialect), printable(report.endpoint));
  std::size_t number = 0;
  for (const check::Verdict& verdict : report.checks) {
    text += fmt::format("{} {} - {}: {}{}\n", passes(verdict) ? "ok" : "not ok", ++number,
                        description(verdict.id), description(verdict.title), directive(verdict));
    if (!passes(verdict)) text += diagnostics(verdict);
  }
  if (report.interrupted) text += "Bail out! the run was interrupted\n";
  return text;
}

}  // namespace sim::report
