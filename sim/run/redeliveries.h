// The deliveries that failed and wait for their next try, and whether the webhook is sent to at
// all.
//
// Holds the bodies that wait, in bounded memory, in the order of their moments; decides with the
// policy what follows upon a try, and says what became of the webhook. It sends nothing itself.
// Called by Poster. Moments are virtual time since 1970, or wall time since the run began under a
// load. Thread rule: the run's thread. Source: scenarios/README.md, "Redelivery".
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "sim/check/entry.h"
#include "sim/delivery/redelivery_policy.h"
#include "sim/delivery/webhook_health.h"
#include "sim/scenario/plan.h"

namespace sim::run {

/// How a request differs from the others: as it was recorded, and with what its rule does besides.
/// nullptr: not at all.
struct Treatments {
  std::shared_ptr<const delivery::Treatment> plain;
  std::shared_ptr<const delivery::Treatment> altered;
};

class Redeliveries {
 public:
  using Moment = std::chrono::nanoseconds;

  /// A delivery between two tries.
  struct Waiting {
    std::uint32_t device = 0;
    std::uint32_t f_cnt = 0;
    std::uint64_t number = 0;  ///< of the uplink
    std::uint16_t phase = 0;
    const scenario::DeliveryRule* rule = nullptr;
    Treatments treatments{};
    unsigned step = 1;   ///< of the schedule, that the last try was
    unsigned tries = 0;  ///< that were sent
    delivery::Outcome outcome = delivery::Outcome::skipped;  ///< of the last that was sent
    std::string body;
  };
  /// What follows upon a try: another after `wait`, or why none does.
  struct Next {
    std::optional<Moment> wait;
    std::string why_not;
  };

  /// The policy must outlive it. It holds at most so many bytes of what waits.
  Redeliveries(const delivery::RedeliveryPolicy& policy, std::uint64_t seed,
               std::size_t most_bytes = 64U << 20U)
      : policy_(policy), seed_(seed), most_bytes_(most_bytes), health_(policy) {}

  /// Whether a try may be sent now.
  bool admits(Moment now) { return health_.admits(now); }
  /// Why not.
  [[nodiscard]] std::string reason_withheld() const;

  /// What follows upon the try that `waiting` tells of. Where another does, it has to be kept.
  Next after_try(const Waiting& waiting, const delivery::Delivery& delivery);
  /// The webhook has changed by the outcome of a try; nothing: it has not.
  std::optional<check::WebhookChanged> note(const delivery::Delivery& delivery, Moment now);

  void keep(Moment due, Waiting waiting);
  /// The moment of the earliest, and the device. Nothing: none waits.
  [[nodiscard]] std::optional<std::pair<Moment, std::uint32_t>> next() const;
  Waiting take_next();
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  [[nodiscard]] bool is_disabled() const { return health_.is_disabled(); }

 private:
  [[nodiscard]] delivery::TryResult result_of(unsigned step,
                                              const delivery::Delivery& delivery) const;
  static std::size_t size_of(const Waiting& waiting) {
    return sizeof(Waiting) + waiting.body.capacity();
  }

  const delivery::RedeliveryPolicy& policy_;
  std::uint64_t seed_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  delivery::WebhookHealth health_;
  std::uint64_t kept_ = 0;
  std::map<std::pair<Moment, std::uint64_t>, Waiting> waiting_;
  std::string reason_;
};

}  // namespace sim::run
