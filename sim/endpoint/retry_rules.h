// When a downlink call that failed is worth another try, and how soon.
//
// What the network says of the call itself will not change; that it is busy, broken or silent may.
// Called by ReferenceEndpoint. Thread rule: pure. Source: RFC 9110 10.2.3 (Retry-After).
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace sim::endpoint {

/// Why a call was not accepted.
struct CallFailure {
  std::string reason;                               ///< a clause
  bool may_pass = false;                            ///< the same call may be accepted later
  std::optional<std::chrono::seconds> retry_after;  ///< the network asks for so much patience
};

/// How patient the endpoint is with a network that has troubles.
struct RetryRules {
  unsigned retries = 3;                        ///< after the first try
  std::chrono::milliseconds first_pause{100};  ///< doubled for each further one
  std::chrono::seconds most_patience{30};      ///< a downlink is worth nothing after more than that
};

/// How long to wait after that failure, with so many tries made; nothing: give up.
std::optional<std::chrono::milliseconds> pause_before_retry(const CallFailure& failure,
                                                            unsigned tries,
                                                            const RetryRules& rules);

}  // namespace sim::endpoint
