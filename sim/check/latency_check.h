// Judges `latency: p99, below: 200ms`: a quantile of `answered - due` over answered deliveries.
// Called by Judge. Thread rule: the run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <vector>

#include "sim/check/curl.h"
#include "sim/check/entry.h"
#include "sim/check/evidence.h"
#include "sim/delivery/latency_histogram.h"

namespace sim::check {

class LatencyCheck {
 public:
  /// Both must outlive the check; `expectation` holds a LatencyExpectation.
  LatencyCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const LoadPlanned& entry);
  void on(const UplinkDelivered& entry);
  void on(const DeliveryTried& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  template <class Entry>
  void judge(const Entry& entry);

  const Expectation& expectation_;
  const LatencyExpectation& wanted_;
  const RequestRecipe& recipe_;
  [[nodiscard]] bool is_meant(std::size_t phase) const;

  std::vector<bool> meant_;  // by phase, where one is named
  delivery::LatencyHistogram latencies_;
  EvidenceList evidence_;
};

}  // namespace sim::check
