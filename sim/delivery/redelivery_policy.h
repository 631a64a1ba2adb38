// Whether a delivery that failed is made again, and when: HTTP redelivery of the same body.
//
// Values and pure functions: what became of a try, and what follows upon it. It has nothing to do
// with the retries of LoRaWAN, which are other frames. Carried out by run::Redeliveries. Thread
// rule: pure. Source: The Things Stack's documentation, "Retries" (7 tries, 15% jitter); Standard
// Webhooks, "Deliverability and reliability"; RFC 9110 10.2.3 (Retry-After).
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/delivery/delivery.h"

namespace sim::delivery {

/// Statuses by first and last.
using StatusRanges = std::vector<std::pair<int, int>>;

/// After so many failures in a row nothing is sent for so long; then one delivery goes through, and
/// says whether the others may follow.
struct Suspension {
  unsigned after = 0;
  std::chrono::nanoseconds span{0};
};

struct RedeliveryPolicy {
  std::string name = "none";
  /// Before the second try, the third, and so on, each from the outcome of the one before; none: it
  /// is not delivered again.
  std::vector<std::chrono::nanoseconds> waits;
  double jitter = 0;                                 ///< each wait is off by up to this share
  std::optional<std::chrono::milliseconds> timeout;  ///< for an answer; nothing: the endpoint's own
  bool honours_retry_after = false;                  ///< no try before it has passed
  StatusRanges gives_up_on;                          ///< answers after which there is no other try
  StatusRanges throttled_by;   ///< answers after which nothing goes to the webhook for a while
  bool gone_disables = false;  ///< after a 410 nothing goes to the webhook any more
  std::optional<Suspension> suspension;

  [[nodiscard]] bool redelivers() const { return !waits.empty(); }
  /// Whether it changes nothing: each uplink is posted once, whatever the answers.
  [[nodiscard]] bool is_none() const {
    return waits.empty() && !suspension && !gone_disables && throttled_by.empty();
  }
};

/// A Retry-After is not followed for longer.
constexpr std::chrono::nanoseconds kLongestRetryAfter = std::chrono::hours(24);
/// How long an answer that throttles holds the webhook where it has no Retry-After.
constexpr std::chrono::nanoseconds kThrottle = std::chrono::seconds(5);

/// By name: "none", "tts-cloud", "standard-webhooks".
std::optional<RedeliveryPolicy> find_policy(std::string_view name);
std::span<const std::string_view> policy_names();
/// "tts-cloud: 7 tries within 1h23min, suspended for 10min after 5 failures in a row"
std::string describe(const RedeliveryPolicy& policy);

/// What became of a try. What was not sent, since the webhook is suspended, has Outcome::skipped.
struct TryResult {
  unsigned step = 1;  ///< of the schedule, from 1
  Outcome outcome = Outcome::failed;
  int status = 0;                                       ///< 0: no answer
  std::optional<std::chrono::nanoseconds> retry_after;  ///< as the answer asks
};

/// What follows upon a try.
struct NextTry {
  std::optional<std::chrono::nanoseconds> wait;  ///< until another; nothing: that was the last
  std::string why_not;                           ///< "7 tries"; empty where it was delivered
};

/// `lot` in [0, 1) is the jitter's.
NextTry next_try(const RedeliveryPolicy& policy, const TryResult& result, double lot);

/// How long an answer asks to wait: seconds, or a date against the answer's own Date (against `now`
/// where it has none), from 0 to kLongestRetryAfter. Nothing where it does not say so.
std::optional<std::chrono::nanoseconds> retry_after(const http::Headers& headers,
                                                    std::chrono::sys_seconds now);

bool is_in(const StatusRanges& ranges, int status);

}  // namespace sim::delivery
