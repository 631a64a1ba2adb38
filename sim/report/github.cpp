// For GitHub Actions: workflow commands, and the summary of a job in its Markdown.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

constexpr std::size_t kMaxEvidence = 3;

/// The data of a workflow command; its properties have two signs more.
std::string command_text(std::string_view text, bool is_property) {
  std::string result;
  for (const char c : text) {
    if (c == '%') {
      result += "%25";
    } else if (c == '\r') {
      result += "%0D";
    } else if (c == '\n') {
      result += "%0A";
    } else if (is_property && c == ':') {
      result += "%3A";
    } else if (is_property && c == ',') {
      result += "%2C";
    } else {
      result += c;
    }
  }
  return result;
}

bool is_well(const check::Verdict& verdict) {
  return verdict.outcome == check::Outcome::passed || verdict.outcome == check::Outcome::skipped;
}

/// What does not fail the whole is a warning.
std::string_view severity(const check::Verdict& verdict) {
  const bool counts = verdict.level == check::Level::must && !verdict.tolerated;
  return counts ? "error" : "warning";
}

void append_html(char c, std::string& out) {
  if (c == '<') {
    out += "&lt;";
  } else if (c == '>') {
    out += "&gt;";
  } else if (c == '&') {
    out += "&amp;";
  } else {
    out += c;
  }
}

/// Text within <pre>.
std::string preformatted(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) append_html(c, result);
  return result;
}

/// Text that Markdown and HTML leave alone, on one line.
std::string plain(std::string_view text) {
  static constexpr std::string_view kMarks = "\\`*_{}[]()#+-.!|~$@:";
  std::string result;
  for (const char c : printable(text)) {
    if (kMarks.find(c) != std::string_view::npos) result += '\\';
    append_html(c, result);
  }
  return result;
}

std::string details(const check::Verdict& verdict) {
  std::string text =
      fmt::format("<details><summary>{} {} ({})</summary>\n\n", check::to_string(verdict.outcome),
                  preformatted(verdict.id + ": " + verdict.title), check::to_string(verdict.level));
  const auto add = [&text](std::string_view name, std::string_view value) {
    text += fmt::format("- {}: {}\n", name, plain(value));
  };
  if (verdict.of_case) {
    add("requires", verdict.of_case->requirement);
    add("source", verdict.of_case->source);
    add("means", verdict.of_case->meaning);
  }
  add("expected", verdict.expected);
  add("actual", verdict.actual);
  if (!verdict.note.empty()) add("note", verdict.note);
  add("at", fmt::format("{}:{}", verdict.place.file, verdict.place.line));
  for (std::size_t i = 0; i < std::min(verdict.evidence.size(), kMaxEvidence); ++i) {
    const check::Evidence& piece = verdict.evidence[i];
    text +=
        fmt::format("\n<pre>{}\n{}</pre>\n", preformatted(piece.text), preformatted(piece.curl));
  }
  return text + "\n</details>\n\n";
}

}  // namespace

std::string to_github_annotations(const Report& report) {
  std::string text;
  for (const check::Verdict& verdict : report.checks) {
    if (is_well(verdict)) continue;
    const std::string title = fmt::format("{}: {}", verdict.id, verdict.title);
    std::string message =
        fmt::format("{} {}: expected {}; {}", check::to_string(verdict.level),
                    check::to_string(verdict.outcome), verdict.expected, verdict.actual);
    if (!verdict.evidence.empty()) message += "\n" + verdict.evidence.front().text;
    text +=
        fmt::format("::{} file={},line={},col={},title={}::{}\n", severity(verdict),
                    command_text(verdict.place.file, true), verdict.place.line,
                    verdict.place.column, command_text(title, true), command_text(message, false));
  }
  return text;
}

std::string to_github_summary(const Report& report) {
  std::string text = fmt::format("## lnsim: {}\n\n**{}**, endpoint {}, seed {}, {}\n\n",
                                 plain(report.scenario), check::to_string(report.verdict),
                                 plain(report.endpoint), report.seed, plain(report.dialect));
  text += "| uplinks | delivered | downlinks | accepted |\n|---|---|---|---|\n";
  text += fmt::format("| {} | {} | {} | {} |\n\n", report.uplinks, report.deliveries.delivered,
                      report.downlinks.requested, report.downlinks.accepted);
  std::size_t passed = 0;
  for (const check::Verdict& verdict : report.checks) {
    if (verdict.outcome == check::Outcome::passed) ++passed;
  }
  text += fmt::format("{} of {} checks passed.\n\n", passed, report.checks.size());
  for (const check::Verdict& verdict : report.checks) {
    if (!is_well(verdict)) text += details(verdict);
  }
  return text;
}

}  // namespace sim::report
