#include <fmt/format.h>

#include <array>
#include <utility>

#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

/// XML 1.0, production 2: what a document may contain at all, even escaped.
bool is_xml_character(std::uint32_t code) {
  return code == 0x9 || code == 0xA || code == 0xD || (code >= 0x20 && code <= 0xD7FF) ||
         (code >= 0xE000 && code <= 0xFFFD) || code >= 0x10000;
}

/// Text for XML, in attributes and between tags; what XML cannot hold becomes U+FFFD.
std::string escaped(std::string_view text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  std::string result;
  while (const auto character = next_character(text)) {
    text.remove_prefix(character->bytes.size());
    const std::uint32_t code = character->code.value_or(0);
    if (!is_xml_character(code)) {
      result += kReplacement;
    } else if (code == '<') {
      result += "&lt;";
    } else if (code == '>') {
      result += "&gt;";
    } else if (code == '&') {
      result += "&amp;";
    } else if (code == '"') {
      result += "&quot;";
    } else if (code < 0x20) {
      result += fmt::format("&#{};", code);  // as itself it would become a space in an attribute
    } else {
      result += character->bytes;
    }
  }
  return result;
}

enum class Kind : std::uint8_t { passed, failure, error, skipped };

/// CI fails on <failure> and <error>, so these are for what makes the run's verdict: a SHOULD or a
/// MAY that was not met is shown, as skipped.
Kind kind_of(const check::Verdict& verdict) {
  if (verdict.outcome == check::Outcome::passed) return Kind::passed;
  if (verdict.level != check::Level::must || verdict.outcome == check::Outcome::skipped ||
      verdict.tolerated) {
    return Kind::skipped;
  }
  return verdict.outcome == check::Outcome::failed ? Kind::failure : Kind::error;
}

std::string details_text(const check::Verdict& verdict) {
  std::string text = fmt::format("expected: {}\nactual: {}\n", verdict.expected, verdict.actual);
  if (verdict.of_case) {
    text += fmt::format("requires: {}\nsource: {}\nmeans: {}\n", verdict.of_case->requirement,
                        verdict.of_case->source, verdict.of_case->meaning);
  }
  text +=
      fmt::format("at: {}:{}:{}\n", verdict.place.file, verdict.place.line, verdict.place.column);
  for (const check::Evidence& piece : verdict.evidence) {
    text += "\n" + piece.text + "\n";
    if (!piece.curl.empty()) text += piece.curl + "\n";
  }
  return text;
}

std::string outcome_element(const check::Verdict& verdict) {
  const std::string details = escaped(details_text(verdict));
  const std::string actual = escaped(verdict.actual);
  const std::string_view outcome = check::to_string(verdict.outcome);
  switch (kind_of(verdict)) {
    case Kind::passed:
      return {};
    case Kind::failure:
      return fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", actual,
                         outcome, details);
    case Kind::error:
      return fmt::format("      <error message=\"{}\" type=\"{}\">{}</error>\n", actual, outcome,
                         details);
    case Kind::skipped:
      break;
  }
  const std::string why = verdict.note.empty() ? actual : escaped(verdict.note);
  return fmt::format("      <skipped message=\"{} {}: {}\"/>\n", check::to_string(verdict.level),
                     outcome, why);
}

/// A time in seconds; an expectation of a run takes none of its own.
std::string time_of(std::chrono::nanoseconds time) {
  if (time.count() == 0) return "0";
  return fmt::format("{:.3f}", std::chrono::duration<double>(time).count());
}

/// Cases of a suite are told apart by their section.
std::string class_of(const Report& report, const check::Verdict& verdict) {
  if (!verdict.of_case) return report.scenario;
  return fmt::format("{}.{} {}", report.scenario, verdict.of_case->section,
                     verdict.of_case->section_title);
}

std::string test_case(const std::string& class_name, const std::string& name,
                      const std::string& content, std::chrono::nanoseconds time = {}) {
  const std::string tag = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
                                      escaped(class_name), escaped(name), time_of(time));
  return content.empty() ? tag + "/>\n" : tag + ">\n" + content + "    </testcase>\n";
}

std::string properties(const Report& report) {
  const std::array<std::pair<std::string_view, std::string>, 5> list{
      {{"lnsim", report.version},
       {"file", report.file},
       {"seed", std::to_string(report.seed)},
       {"dialect", report.dialect},
       {"endpoint", report.endpoint}}};
  std::string text = "    <properties>\n";
  for (const auto& [name, value] : list) {
    text += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", name, escaped(value));
  }
  return text + "    </properties>\n";
}

struct SuiteCounts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

SuiteCounts counts_of(const Report& report) {
  SuiteCounts counts;
  counts.tests = report.checks.size();
  for (const check::Verdict& verdict : report.checks) {
    const Kind kind = kind_of(verdict);
    if (kind == Kind::failure) ++counts.failures;
    if (kind == Kind::error) ++counts.errors;
    if (kind == Kind::skipped) ++counts.skipped;
  }
  if (report.interrupted) {
    ++counts.tests;
    ++counts.errors;
  }
  return counts;
}

}  // namespace

std::string to_junit(const Report& report) {
  const SuiteCounts counts = counts_of(report);
  const std::string time =
      fmt::format("{:.3f}", std::chrono::duration<double>(report.wall_duration).count());
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  xml += fmt::format(
      "<testsuites name=\"lnsim\" time=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\">\n", time,
      counts.tests, counts.failures, counts.errors);
  xml += fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
      "time=\"{}\">\n",
      escaped(report.scenario), counts.tests, counts.failures, counts.errors, counts.skipped, time);
  xml += properties(report);
  for (const check::Verdict& verdict : report.checks) {
    xml += test_case(class_of(report, verdict), verdict.id + ": " + verdict.title,
                     outcome_element(verdict), verdict.wall);
  }
  if (report.interrupted) {
    xml += test_case(report.scenario, "the run came to its end",
                     "      <error message=\"the run was interrupted\" type=\"inconclusive\"/>\n");
  }
  return xml + "  </testsuite>\n</testsuites>\n";
}

}  // namespace sim::report
