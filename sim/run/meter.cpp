#include "sim/run/meter.h"

#include <utility>
#include <variant>

namespace sim::run {

namespace {

void add(check::SecondPassed& sum, const check::SecondPassed& second) {
  sum.due += second.due;
  sum.delivered += second.delivered;
  sum.undelivered += second.undelivered;
  sum.skipped += second.skipped;
  sum.calls += second.calls;
  sum.second = second.second;
  sum.in_flight = second.in_flight;
}

}  // namespace

void Meter::on(const check::Stamp&, const check::Entry& entry) {
  if (const auto* delivered = std::get_if<check::UplinkDelivered>(&entry)) return on(*delivered);
  if (const auto* tried = std::get_if<check::DeliveryTried>(&entry)) return on(*tried);
  if (std::holds_alternative<check::UplinkDue>(entry)) ++second_.due;
  if (std::holds_alternative<check::DownlinkCalled>(entry)) ++second_.calls;
}

void Meter::on(const check::UplinkDelivered& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.outcome == delivery::Outcome::delivered) {
    ++second_.delivered;
  } else if (delivery.outcome == delivery::Outcome::skipped) {
    ++second_.skipped;
  } else {
    ++second_.undelivered;
  }
  if (delivery.status != 0) latency_of_second_.add(delivery.answered - delivery.due);
}

/// What is withheld from a suspended webhook is told with its uplink's outcome.
void Meter::on(const check::DeliveryTried& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.outcome != delivery::Outcome::skipped) ++second_.undelivered;
  if (delivery.status != 0) latency_of_second_.add(delivery.answered - delivery.due);
}

check::SecondPassed Meter::take(std::size_t in_flight) {
  second_.in_flight = in_flight;
  second_.p50 = latency_of_second_.quantile(0.5);
  second_.p99 = latency_of_second_.quantile(0.99);
  second_.max = latency_of_second_.max();
  latency_.merge(latency_of_second_);
  latency_of_second_ = {};
  last_ = second_;
  add(whole_, second_);
  second_ = {};
  second_.second = last_.second + 1;
  return last_;
}

}  // namespace sim::run
