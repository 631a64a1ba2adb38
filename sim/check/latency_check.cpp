#include "sim/check/latency_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

LatencyCheck::LatencyCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<LatencyExpectation>(expectation.what)),
      recipe_(recipe) {}

template <class Entry>
void LatencyCheck::judge(const Entry& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.status == 0 || !is_meant(entry.phase)) return;
  const std::chrono::nanoseconds latency = delivery.answered - delivery.due;
  latencies_.add(latency);
  if (latency < wanted_.below || evidence_.full()) return;
  evidence_.add(
      fmt::format("{}: answered {} after {}", uplink_text(entry.number, entry.device, entry.f_cnt),
                  delivery.status, duration_text(latency)),
      curl_command(recipe_, entry.body, entry.treatment));
}

void LatencyCheck::on(const UplinkDelivered& entry) {
  judge(entry);
}

void LatencyCheck::on(const DeliveryTried& entry) {
  judge(entry);
}

void LatencyCheck::on(const LoadPlanned& entry) {
  for (const delivery::LoadPhase& phase : entry.profile->phases()) {
    meant_.push_back(phase.name == wanted_.phase);
  }
}

bool LatencyCheck::is_meant(std::size_t phase) const {
  return wanted_.phase.empty() || (phase < meant_.size() && meant_[phase]);
}

Verdict LatencyCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = fmt::format("{} of the latencies{} below {}", wanted_.quantile_text,
                                 wanted_.phase.empty() ? "" : " in " + wanted_.phase,
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
