// Judges whether a load was offered as it was planned: whether the figures say something of the
// endpoint, or only of lnsim.
//
// It never fails a run: an endpoint is not to blame for what was not offered, so the run is
// inconclusive then. Part of every load. Called by Judge. Thread rule: the run's thread.
// Source: scenarios/README.md, "load".
#pragma once

#include "sim/check/entry.h"
#include "sim/check/expectation.h"
#include "sim/check/verdict.h"
#include "sim/delivery/latency_histogram.h"

namespace sim::check {

class LoadCheck {
 public:
  /// Must outlive the check; holds a LoadExpectation.
  explicit LoadCheck(const Expectation& expectation);

  void on(const UplinkDue& entry);
  void on(const UplinkDelivered& entry);
  void on(const RunEnded& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  [[nodiscard]] std::string trouble() const;

  const Expectation& expectation_;
  const LoadExpectation& wanted_;
  delivery::LatencyHistogram late_;
  std::uint64_t skipped_ = 0;
  bool interrupted_ = false;
};

}  // namespace sim::check
