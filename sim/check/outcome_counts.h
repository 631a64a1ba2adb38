// Uplinks that are due and what became of them, for the expectations that are about a share.
//
// Deliveries that lnsim itself gave up because the run was interrupted say nothing of the endpoint:
// they count neither for nor against it, but they keep a verdict from being a pass.
// Called by DeliveryCheck and AnswerCheck. Thread rule: the run's thread. Source: expectation.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

/// Whether the run's interruption ended that delivery, and not the endpoint.
bool was_interrupted(const delivery::Delivery& delivery);

/// What became of a delivery: "rejected with 500", "timed out: no answer within 5 s".
std::string outcome_text(const delivery::Delivery& delivery);

struct OutcomeCounts {
  std::uint64_t due = 0;
  std::uint64_t good = 0;
  std::uint64_t interrupted = 0;

  /// Passed, failed or inconclusive, where that share has to be good.
  [[nodiscard]] Outcome outcome(double share) const;
  /// "96 of 100 (96%)", or why there is nothing to count; `details` go behind it.
  [[nodiscard]] std::string text(std::string_view details) const;
};

}  // namespace sim::check
