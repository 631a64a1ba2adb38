#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "sim/check/wording.h"
#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::size_t kMaxChecks = 9;    // lines of checks while all is well
constexpr std::size_t kMaxPhases = 4;    // of a load
constexpr std::size_t kMaxCounted = 6;   // kinds in a line of counts
constexpr std::size_t kMaxEvidence = 3;  // of a check

enum class Colour : int { red = 31, green = 32, yellow = 33, bold = 1, dim = 2 };

/// Writes lines into a text, with colours or without.
class Page {
 public:
  explicit Page(bool colour) : colour_(colour) {}

  [[nodiscard]] std::string paint(std::string_view text, Colour colour) const {
    if (!colour_) return std::string(text);
    return fmt::format("\033[{}m{}\033[0m", static_cast<int>(colour), text);
  }
  void line(std::string_view text) { text_.append(text) += '\n'; }
  void blank() { text_ += '\n'; }

  /// "  label        value", cut to the width of the page.
  void entry(std::string_view label, std::string_view value) {
    const std::string padded = fmt::format("  {:<12}", label);
    line(paint(padded, Colour::dim) + shortened(value, kWidth - padded.size()));
  }

  /// The same for a value that has to be there in full.
  void whole_entry(std::string_view label, std::string_view value) {
    line(paint(fmt::format("  {:<12}", label), Colour::dim) + std::string(value));
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  bool colour_;
  std::string text_;
};

Colour colour_of(check::Outcome outcome) {
  if (outcome == check::Outcome::passed) return Colour::green;
  return outcome == check::Outcome::failed ? Colour::red : Colour::yellow;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return result;
}

/// Short times for reading: three digits are enough.
std::string time_text(std::chrono::nanoseconds time) {
  std::chrono::nanoseconds::rep step = 1;
  for (auto rest = time.count(); rest >= 1000; rest /= 10) step *= 10;
  return check::duration_text(std::chrono::nanoseconds((time.count() + step / 2) / step * step));
}

std::string long_time_text(std::chrono::nanoseconds time) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
  if (minutes < 2) return time_text(time);
  if (minutes < 120) return fmt::format("{} min", minutes);
  return fmt::format("{} h {:02} min", minutes / 60, minutes % 60);
}

/// ", 3 rejected" for each count that is not 0.
void append_count(std::string& text, std::uint64_t count, std::string_view what) {
  if (count == 0) return;
  if (!text.empty()) text += ", ";
  text += fmt::format("{} {}", count, what);
}

std::string uplinks_text(const Report& report) {
  std::string text = fmt::format("{}", report.uplinks);
  if (report.retries > 0) text += fmt::format(" ({} of them retries)", report.retries);
  text += report.receptions == 1 ? std::string(", heard once by a gateway")
                                 : fmt::format(", heard {} times by gateways", report.receptions);
  append_count(text, report.frames_lost, "more frames lost on the air");
  return text;
}

std::string deliveries_text(const DeliveryCounts& counts) {
  std::string text = fmt::format("{} of {} delivered", counts.delivered, counts.planned);
  append_count(text, counts.rejected, "rejected");
  append_count(text, counts.timed_out, "timed out");
  append_count(text, counts.failed, "failed");
  append_count(text, counts.skipped, "skipped");
  if (counts.attempts != counts.planned) {
    text += fmt::format("; {}", check::count_text(counts.attempts, "attempt"));
  }
  return text;
}

std::string redeliveries_text(const RedeliveryCounts& counts) {
  std::string text = counts.policy;
  if (counts.uplinks == 0) {
    text += "; nothing was delivered again";
  } else {
    text += fmt::format(
        "; {} sent again {}, {} delivered so", check::count_text(counts.uplinks, "uplink"),
        counts.sent == 1 ? "once" : fmt::format("{} times", counts.sent), counts.delivered);
  }
  append_count(text, counts.given_up, "given up");
  append_count(text, counts.withheld, "withheld");
  append_count(text, counts.suspensions, counts.suspensions == 1 ? "suspension" : "suspensions");
  return text;
}

std::string downlinks_text(const DownlinkCounts& counts) {
  if (counts.requested == 0) return "none requested";
  std::string text = fmt::format("{} requested", counts.requested);
  append_count(text, counts.refused, "refused");
  append_count(text, counts.transmitted, "transmitted");
  append_count(text, counts.acknowledged, "acknowledged");
  append_count(text, counts.pending, "pending");
  append_count(text, counts.dropped, "dropped");
  return text;
}

/// "990 x 200, 6 x 500"
template <class Map>
std::string counts_text(const Map& counts) {
  std::string text;
  std::size_t shown = 0;
  for (const auto& [what, count] : counts) {
    if (shown++ == kMaxCounted) return text + ", ...";
    if (!text.empty()) text += ", ";
    text += fmt::format("{} x {}", count, what);
  }
  return text;
}

std::string histogram_text(const delivery::LatencyHistogram& histogram) {
  if (histogram.count() == 0) return "nothing to measure";
  return fmt::format("p50 {}, p90 {}, p99 {}, max {}", time_text(histogram.quantile(0.5)),
                     time_text(histogram.quantile(0.9)), time_text(histogram.quantile(0.99)),
                     time_text(histogram.max()));
}

/// "500/s to 5000/s for 1 min"
std::string plan_text(const delivery::LoadPhase& phase) {
  std::string text = fmt::format("{}/s", phase.rate);
  if (phase.last_rate != phase.rate) text += fmt::format(" to {}/s", phase.last_rate);
  return text + " for " + check::duration_text(phase.length);
}

void write_phases(Page& page, const std::vector<PhaseReport>& phases) {
  std::size_t shown = 0;
  for (const PhaseReport& phase : phases) {
    if (shown++ == kMaxPhases) {
      return page.entry("", fmt::format("... and {} more phases, see the JSON report",
                                        phases.size() - kMaxPhases));
    }
    const std::string name = phases.size() > 1 ? printable(phase.plan.name) + ": " : "";
    page.entry(shown == 1 ? "load" : "", fmt::format("{}{}; {}", name, plan_text(phase.plan),
                                                     deliveries_text(phase.deliveries)));
    if (phases.size() > 1) page.entry("", "  latency " + histogram_text(phase.latency));
  }
}

/// What happened in all cases of a suite together; odd answers are what it is there for.
void write_suite_numbers(Page& page, const Report& report) {
  page.entry("uplinks", uplinks_text(report));
  page.entry("answers", counts_text(report.statuses));
  page.entry("downlinks", downlinks_text(report.downlinks));
  page.entry("time",
             fmt::format("{} of virtual time in {}", long_time_text(report.virtual_duration),
                         time_text(report.wall_duration)));
}

void write_numbers(Page& page, const Report& report) {
  page.entry("uplinks", uplinks_text(report));
  page.entry("deliveries", deliveries_text(report.deliveries));
  if (!report.redeliveries.policy.empty()) {
    page.entry("redelivery", printable(redeliveries_text(report.redeliveries)));
  }
  if (!report.statuses.empty()) page.entry("answers", counts_text(report.statuses));
  if (!report.failures.empty()) {
    page.entry("failures", printable(counts_text(report.failures)));
  }
  page.entry("downlinks", downlinks_text(report.downlinks));
  if (!report.refusals.empty()) page.entry("refusals", counts_text(report.refusals));
  write_phases(page, report.phases);
  page.entry("latency", histogram_text(report.latency));
  page.entry("lateness", histogram_text(report.lateness));
  page.entry("time",
             fmt::format("{} of virtual time in {}", long_time_text(report.virtual_duration),
                         time_text(report.wall_duration)));
}

/// What is wrong comes in full below; what is well has one line, while there is room.
void write_passed(Page& page, const std::vector<check::Verdict>& checks) {
  std::size_t left = static_cast<std::size_t>(std::count_if(
      checks.begin(), checks.end(),
      [](const check::Verdict& verdict) { return verdict.outcome == check::Outcome::passed; }));
  if (left > 0) page.blank();
  std::size_t shown = 0;
  for (const check::Verdict& verdict : checks) {
    if (verdict.outcome != check::Outcome::passed) continue;
    if (shown++ == kMaxChecks) {
      page.line(fmt::format("  ... and {} more that passed", left));
      return;
    }
    --left;
    const std::string text = fmt::format("{}: {}", printable(verdict.id), printable(verdict.title));
    page.line("  " + page.paint("passed", Colour::green) + "      " + shortened(text, kWidth - 14));
  }
}

/// What became of the checks of a section, or of all.
struct SectionCounts {
  std::string title;
  std::uint64_t passed = 0, failed = 0, untold = 0, skipped = 0, known = 0;
};

void count(SectionCounts& counts, const check::Verdict& verdict) {
  if (verdict.tolerated) {
    ++counts.known;
  } else if (verdict.outcome == check::Outcome::passed) {
    ++counts.passed;
  } else if (verdict.outcome == check::Outcome::failed) {
    ++counts.failed;
  } else if (verdict.outcome == check::Outcome::inconclusive) {
    ++counts.untold;
  } else {
    ++counts.skipped;
  }
}

/// "1 failed, 3 passed"
std::string counts_text(const SectionCounts& counts) {
  std::string text;
  append_count(text, counts.failed, "failed");
  append_count(text, counts.untold, "inconclusive");
  append_count(text, counts.known, "known to fail");
  append_count(text, counts.skipped, "skipped");
  append_count(text, counts.passed, "passed");
  return text;
}

/// A line for each section of a suite.
void write_sections(Page& page, const std::vector<check::Verdict>& checks) {
  std::map<int, SectionCounts> sections;
  for (const check::Verdict& verdict : checks) {
    if (!verdict.of_case) continue;
    SectionCounts& counts = sections[std::atoi(verdict.of_case->section.c_str())];
    counts.title = verdict.of_case->section_title;
    count(counts, verdict);
  }
  page.blank();
  for (const auto& [number, counts] : sections) {
    const std::string text = counts_text(counts);
    const Colour colour = counts.failed > 0   ? Colour::red
                          : counts.untold > 0 ? Colour::yellow
                                              : Colour::green;
    const std::string name = fmt::format("{} {}", number, printable(counts.title));
    page.line(fmt::format("  {:<36} {}", shortened(name, 36), page.paint(text, colour)));
  }
}

/// Why cases were skipped, and which ones, a line for each reason.
void write_skipped(Page& page, const std::vector<check::Verdict>& checks) {
  std::map<std::string, std::uint64_t> reasons;
  for (const check::Verdict& verdict : checks) {
    if (verdict.of_case && verdict.outcome == check::Outcome::skipped) ++reasons[verdict.note];
  }
  if (!reasons.empty()) page.blank();
  for (const auto& [reason, count] : reasons) {
    page.line("  skipped " +
              shortened(fmt::format("{}: {}", count, printable(reason)), kWidth - 10));
  }
}

void write_words(Page& page, const check::Verdict& verdict) {
  if (verdict.of_case) {
    page.whole_entry("requires", printable(verdict.of_case->requirement));
    page.whole_entry("source", printable(verdict.of_case->source));
    page.whole_entry("means", printable(verdict.of_case->meaning));
  }
  if (!verdict.note.empty() && verdict.note != verdict.actual) {
    page.whole_entry("note", printable(verdict.note));
  }
}

void write_trouble(Page& page, const check::Verdict& verdict) {
  const std::string word = verdict.tolerated ? "KNOWN" : upper(check::to_string(verdict.outcome));
  page.blank();
  page.line(fmt::format("{} {} ({}): {}", page.paint(word, colour_of(verdict.outcome)),
                        printable(verdict.id), check::to_string(verdict.level),
                        printable(verdict.title)));
  write_words(page, verdict);
  if (verdict.expected != verdict.title) {
    page.whole_entry("expected", printable(verdict.expected));
  }
  page.whole_entry("actual", printable(verdict.actual));
  page.whole_entry("at", fmt::format("{}:{}:{}", printable(verdict.place.file), verdict.place.line,
                                     verdict.place.column));
  std::size_t shown = 0;
  for (const check::Evidence& piece : verdict.evidence) {
    if (shown++ == kMaxEvidence) {
      page.whole_entry("", fmt::format("... and {} more, see the JSON report",
                                       verdict.evidence.size() - kMaxEvidence));
      break;
    }
    page.whole_entry(shown == 1 ? "evidence" : "", printable(piece.text));
  }
  if (!verdict.evidence.empty() && !verdict.evidence.front().curl.empty()) {
    page.whole_entry("again", printable(verdict.evidence.front().curl));
  }
}

std::string verdict_text(const Report& report) {
  SectionCounts counts;
  for (const check::Verdict& verdict : report.checks) count(counts, verdict);
  const std::string text = counts_text(counts);
  return text.empty() ? "nothing was expected" : text;
}

}  // namespace

std::string to_terminal(const Report& report, bool colour) {
  Page page(colour);
  const std::string about =
      fmt::format("{} (seed {}, {}, endpoint {})", printable(report.scenario), report.seed,
                  printable(report.dialect), printable(report.endpoint));
  page.line(page.paint(shortened(about, kWidth), Colour::bold));
  const bool is_suite = !report.suite.empty();
  if (is_suite) {
    write_suite_numbers(page, report);
    write_sections(page, report.checks);
    write_skipped(page, report.checks);
  } else {
    write_numbers(page, report);
    write_passed(page, report.checks);
  }
  for (const check::Verdict& verdict : report.checks) {
    if (verdict.outcome == check::Outcome::passed) continue;
    if (is_suite && verdict.outcome == check::Outcome::skipped) continue;
    write_trouble(page, verdict);
  }
  page.blank();
  std::string last = page.paint(upper(check::to_string(report.verdict)), colour_of(report.verdict));
  last += ": " + verdict_text(report);
  if (report.interrupted) last += "; the run was interrupted before its end";
  page.line(last);
  return page.take();
}

}  // namespace sim::report
