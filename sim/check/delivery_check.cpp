#include "sim/check/delivery_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

namespace {

std::string words(delivery::Outcome outcome) {
  if (outcome == delivery::Outcome::timed_out) return "timed out";
  return std::string(delivery::to_string(outcome));
}

}  // namespace

DeliveryCheck::DeliveryCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<DeliveryExpectation>(expectation.what)),
      recipe_(recipe),
      meant_(wanted_.when) {}

void DeliveryCheck::on(const UplinkDue& entry) {
  if (meant_.note(entry)) ++counts_.due;
}

void DeliveryCheck::on(const UplinkDelivered& entry) {
  if (!meant_.take(entry.number)) return;
  const delivery::Delivery& delivery = *entry.delivery;
  if (was_interrupted(delivery)) {
    ++counts_.interrupted;
    return;
  }
  if ((delivery.outcome == wanted_.outcome) != wanted_.any_other) {
    ++counts_.good;
    return;
  }
  ++others_.at(static_cast<std::size_t>(delivery.outcome));
  if (evidence_.full()) return;
  evidence_.add(fmt::format("{}: {}", uplink_text(entry.number, entry.device, entry.f_cnt),
                            outcome_text(delivery)),
                curl_command(recipe_, entry.body, entry.treatment));
}

Verdict DeliveryCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.outcome = counts_.outcome(wanted_.share);
  verdict.expected = fmt::format("{} of the uplinks {}{}", percent_text(wanted_.share),
                                 wanted_.any_other ? "not " : "", words(wanted_.outcome));
  if (wanted_.when) verdict.expected += " where " + wanted_.when->text();
  std::string details;
  for (std::size_t i = 0; i < others_.size(); ++i) {
    if (others_[i] == 0) continue;
    if (!details.empty()) details += ", ";
    details += fmt::format("{} {}", others_[i], words(static_cast<delivery::Outcome>(i)));
  }
  verdict.actual = counts_.text(details);
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

}  // namespace sim::check
