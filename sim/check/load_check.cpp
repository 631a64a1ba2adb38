#include "sim/check/load_check.h"

#include <fmt/format.h>

#include "sim/check/evidence.h"
#include "sim/check/wording.h"

namespace sim::check {

namespace {

constexpr double kLateQuantile = 0.99;

}  // namespace

LoadCheck::LoadCheck(const Expectation& expectation)
    : expectation_(expectation), wanted_(std::get<LoadExpectation>(expectation.what)) {}

void LoadCheck::on(const UplinkDue& entry) {
  late_.add(entry.late);
}

void LoadCheck::on(const UplinkDelivered& entry) {
  // What is withheld from a suspended webhook was not for want of a connection.
  if (entry.delivery->outcome == delivery::Outcome::skipped && !entry.withheld) ++skipped_;
}

void LoadCheck::on(const RunEnded& entry) {
  interrupted_ = entry.interrupted;
}

/// Why the load was not the planned one; empty where it was.
std::string LoadCheck::trouble() const {
  const std::uint64_t offered = late_.count();
  if (offered < wanted_.planned && !interrupted_) {
    return fmt::format("the scenario's devices had only {} of {} uplinks to send", offered,
                       wanted_.planned);
  }
  if (static_cast<double>(skipped_) > wanted_.most_skipped * static_cast<double>(offered)) {
    return fmt::format(
        "{} of {} were skipped for want of a free connection: give it more "
        "connections, a lower rate, or a longer wait",
        count_text(skipped_, "uplink"), offered);
  }
  const auto late = late_.quantile(kLateQuantile);
  if (late > wanted_.most_late) {
    return fmt::format("lnsim was late itself, {} at p99: this machine cannot offer that rate",
                       duration_text(late));
  }
  return {};
}

Verdict LoadCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = fmt::format(
      "{} at their planned moments, at most {} late at p99, at most "
      "{}% skipped",
      count_text(wanted_.planned, "uplink"), duration_text(wanted_.most_late),
      wanted_.most_skipped * 100);
  const std::string wrong = trouble();
  verdict.outcome = wrong.empty() ? Outcome::passed : Outcome::inconclusive;
  verdict.actual =
      wrong.empty()
          ? fmt::format("{}, {} late at p99, {} skipped", count_text(late_.count(), "uplink"),
                        duration_text(late_.quantile(kLateQuantile)), skipped_)
          : wrong;
  return verdict;
}

}  // namespace sim::check
