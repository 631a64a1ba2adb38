#include "sim/check/verdict.h"

namespace sim::check {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "passed";
    case Outcome::failed:
      return "failed";
    case Outcome::inconclusive:
      return "inconclusive";
    case Outcome::skipped:
      return "skipped";
  }
  return "unknown";
}

Outcome overall(const std::vector<Verdict>& verdicts) {
  Outcome outcome = Outcome::passed;
  for (const Verdict& verdict : verdicts) {
    if (verdict.level != Level::must || verdict.tolerated) continue;
    if (verdict.outcome == Outcome::failed) return Outcome::failed;
    if (verdict.outcome == Outcome::inconclusive) outcome = Outcome::inconclusive;
  }
  return outcome;
}

}  // namespace sim::check
