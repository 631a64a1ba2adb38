// Asks the network for a downlink: one POST to the downlink_url of an uplink.
//
// The URL and whatever answers there are not to be trusted: where the call may go is the peer
// rule's to say, and the call as a whole has a deadline and a bound on the answer. Redirects are
// not followed. Called by ReferenceEndpoint. Thread rule: any thread; each call is by itself.
// Source: API reference, "Downlink"; RFC 9110 10.2.3 (Retry-After).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "sim/endpoint/peer_rule.h"
#include "sim/endpoint/socket_stream.h"

namespace sim::endpoint {

/// The body that asks for one byte, 0x01, to be sent to the device.
std::string downlink_body(const std::string& dev_id, std::uint8_t port);

/// Why a call was not accepted.
struct CallFailure {
  std::string reason;                               ///< a clause
  bool may_pass = false;                            ///< the same call may be accepted later
  std::optional<std::chrono::seconds> retry_after;  ///< the network asks for so much patience
};

/// The status of a call that the network accepted, or why there is none.
tl::expected<int, CallFailure> call_downlink(const std::string& url, const std::string& body,
                                             const Peer& peer, const StopSignal& stop,
                                             std::chrono::milliseconds timeout);

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
