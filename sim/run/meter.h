// What happens in each second of wall time: for the line of progress, the journal's series and the
// metrics that are served while a run goes on.
//
// An observer of the journal that counts; Runner takes the second's numbers when it is over. It
// keeps one histogram, so a run of any length costs the same. Made by cli. Thread rule: the run's
// thread. Source: sim/report/README.md, "The journal", `second`.
#pragma once

#include "sim/check/journal.h"
#include "sim/delivery/latency_histogram.h"

namespace sim::run {

class Meter final : public check::Observer {
 public:
  void on(const check::Stamp& stamp, const check::Entry& entry) override;

  /// Ends a second: its numbers, with what is in flight now.
  check::SecondPassed take(std::size_t in_flight);
  /// The last second that was taken.
  [[nodiscard]] const check::SecondPassed& last() const { return last_; }

  /// Since the run began.
  [[nodiscard]] const check::SecondPassed& whole() const { return whole_; }
  [[nodiscard]] const delivery::LatencyHistogram& latency() const { return latency_; }

 private:
  void on(const check::UplinkDelivered& entry);
  void on(const check::DeliveryTried& entry);

  check::SecondPassed second_;
  check::SecondPassed last_;
  check::SecondPassed whole_;
  delivery::LatencyHistogram latency_;
  delivery::LatencyHistogram latency_of_second_;
};

}  // namespace sim::run
