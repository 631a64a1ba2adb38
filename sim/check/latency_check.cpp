#include "sim/check/latency_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

LatencyCheck::LatencyCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<LatencyExpectation>(expectation.what)),
      recipe_(recipe) {}

void LatencyCheck::on(const UplinkDelivered& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.status == 0) return;
  const std::chrono::nanoseconds latency = delivery.answered - delivery.due;
  latencies_.add(latency);
  if (latency < wanted_.below || evidence_.full()) return;
  evidence_.add(
      fmt::format("{}: answered {} after {}", uplink_text(entry.number, entry.device, entry.f_cnt),
                  delivery.status, duration_text(latency)),
      curl_command(recipe_, entry.body, entry.treatment));
}

Verdict LatencyCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = fmt::format("{} of the latencies below {}", wanted_.quantile_text,
                                 duration_text(wanted_.below));
  if (latencies_.count() == 0) {
    verdict.outcome = Outcome::inconclusive;
    verdict.actual = "no uplink was answered";
    return verdict;
  }
  const std::chrono::nanoseconds quantile = latencies_.quantile(wanted_.quantile);
  verdict.outcome = quantile < wanted_.below ? Outcome::passed : Outcome::failed;
  verdict.actual = fmt::format("{} is {} over {}", wanted_.quantile_text, duration_text(quantile),
                               count_text(latencies_.count(), "answer"));
  if (verdict.outcome == Outcome::failed) verdict.evidence = evidence_.list();
  return verdict;
}

}  // namespace sim::check
