// Whether anything is sent to the webhook at all: suspended after failures in a row, held for a
// while where it asks for patience, or gone.
//
// After a suspension one delivery goes through; its success ends the suspension, its failure begins
// another. Moments are of whichever clock the redeliveries go by. Called by run::Redeliveries.
// Thread rule: one thread. Source: The Things Stack, pkg/applicationserver/io/web/sink/health.go
// (unhealthy attempts threshold, retry interval); Standard Webhooks (410, throttling).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "sim/delivery/redelivery_policy.h"

namespace sim::delivery {

class WebhookHealth {
 public:
  using Moment = std::chrono::nanoseconds;
  enum class Change : std::uint8_t { none, suspended, throttled, resumed, disabled };

  /// The policy must outlive it.
  explicit WebhookHealth(const RedeliveryPolicy& policy) : policy_(policy) {}

  /// Whether a delivery may go now. Where a suspension is over, the first that asks may, and the
  /// next ones not before its outcome is noted.
  bool admits(Moment now);
  /// The outcome of one that was sent. A delivery that found no free connection tells nothing.
  Change note(const TryResult& result, Moment now);

  [[nodiscard]] bool is_disabled() const { return disabled_; }
  /// Until when nothing goes, as far as that is known.
  [[nodiscard]] std::optional<Moment> held_until() const { return held_until_; }

 private:
  Change note_failure(const TryResult& result, Moment now);

  const RedeliveryPolicy& policy_;
  unsigned failures_ = 0;  // in a row
  std::optional<Moment> held_until_;
  bool suspended_ = false;
  bool on_trial_ = false;  // one goes through
  bool disabled_ = false;
};

}  // namespace sim::delivery
