#include "sim/conformance/case_verdict.h"

#include <algorithm>

namespace sim::conformance {

namespace {

using check::Outcome;
using check::Verdict;

constexpr std::size_t kMaxEvidence = 10;

Verdict begin(const scenario::CaseHead& head, const std::string& section_title) {
  Verdict verdict;
  verdict.id = head.id;
  verdict.title = head.title;
  verdict.level = head.level;
  verdict.place = head.place;
  verdict.of_case = std::make_shared<const check::CaseWords>(check::CaseWords{
      std::to_string(head.section), section_title, head.requirement, head.source, head.meaning});
  return verdict;
}

/// The worst outcome first.
int rank(Outcome outcome) {
  switch (outcome) {
    case Outcome::failed:
      return 0;
    case Outcome::inconclusive:
      return 1;
    case Outcome::passed:
      return 2;
    case Outcome::skipped:
      return 3;
  }
  return 3;
}

}  // namespace

Verdict case_verdict(const scenario::CaseHead& head, const std::string& section_title,
                     const std::vector<Verdict>& verdicts, std::chrono::nanoseconds wall) {
  Verdict verdict = begin(head, section_title);
  verdict.wall = wall;
  const auto worst = std::min_element(
      verdicts.begin(), verdicts.end(),
      [](const Verdict& a, const Verdict& b) { return rank(a.outcome) < rank(b.outcome); });
  if (worst == verdicts.end()) {
    verdict.outcome = Outcome::inconclusive;
    verdict.actual = "the case expects nothing";
    return verdict;
  }
  verdict.outcome = worst->outcome;
  verdict.expected = worst->expected;
  verdict.actual = worst->actual;
  if (worst->outcome == Outcome::skipped) verdict.note = worst->actual;
  if (worst->outcome != Outcome::passed && worst->place.line > 0) verdict.place = worst->place;
  for (const Verdict& one : verdicts) {
    if (one.outcome != Outcome::failed && one.outcome != Outcome::inconclusive) continue;
    for (const check::Evidence& piece : one.evidence) {
      if (verdict.evidence.size() < kMaxEvidence) verdict.evidence.push_back(piece);
    }
  }
  return verdict;
}

Verdict untold_verdict(const scenario::CaseHead& head, const std::string& section_title,
                       Outcome outcome, const std::string& reason) {
  Verdict verdict = begin(head, section_title);
  verdict.outcome = outcome;
  verdict.expected = head.requirement;
  verdict.actual = outcome == Outcome::skipped ? "skipped: " + reason : reason;
  verdict.note = reason;
  return verdict;
}

Outcome overall(const std::vector<Verdict>& cases, bool strict) {
  Outcome outcome = Outcome::passed;
  for (const Verdict& verdict : cases) {
    const bool counts =
        verdict.level == check::Level::must || (strict && verdict.level == check::Level::should);
    if (!counts || verdict.tolerated) continue;
    if (verdict.outcome == Outcome::failed) return Outcome::failed;
    if (verdict.outcome == Outcome::inconclusive) outcome = Outcome::inconclusive;
  }
  return outcome;
}

}  // namespace sim::conformance
