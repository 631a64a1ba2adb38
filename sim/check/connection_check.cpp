#include "sim/check/connection_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

ConnectionCheck::ConnectionCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation), recipe_(recipe) {}

template <class Entry>
void ConnectionCheck::judge(const Entry& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.status == 0 || entry.treatment != nullptr) return;
  ++answers_;
  if (delivery.may_keep) {
    ++kept_;
    return;
  }
  if (evidence_.full()) return;
  evidence_.add(fmt::format("{}: the connection was closed behind the answer {}",
                            uplink_text(entry.number, entry.device, entry.f_cnt), delivery.status),
                curl_command(recipe_, entry.body));
}

void ConnectionCheck::on(const UplinkDelivered& entry) {
  judge(entry);
}

void ConnectionCheck::on(const DeliveryTried& entry) {
  judge(entry);
}

Verdict ConnectionCheck::verdict() const {
  const double share = std::get<ConnectionExpectation>(expectation_.what).share;
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected =
      fmt::format("connections stay open behind {} of the answers", percent_text(share));
  if (answers_ == 0) {
    verdict.outcome = Outcome::inconclusive;
    verdict.actual = "there was no answer";
    return verdict;
  }
  verdict.actual = share_text(kept_, answers_);
  verdict.outcome = reaches(kept_, answers_, share) ? Outcome::passed : Outcome::failed;
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

}  // namespace sim::check
