// Asks the network for a downlink: one call of the downlink_url of an uplink.
//
// The URL and whatever answers there are not to be trusted: where the call may go is the peer
// rule's to say, and the call as a whole has a deadline and a bound on the answer. Redirects are
// not followed. Called by ReferenceEndpoint. Thread rule: any thread; each call is by itself.
// Source: API reference, "Downlink".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <tl/expected.hpp>

#include "sim/endpoint/defects.h"
#include "sim/endpoint/peer_rule.h"
#include "sim/endpoint/retry_rules.h"
#include "sim/endpoint/socket_stream.h"

namespace sim::endpoint {

/// The status of a call that the network accepted, or why there is none.
tl::expected<int, CallFailure> call_downlink(const DownlinkRequest& request, const Peer& peer,
                                             const StopSignal& stop,
                                             std::chrono::milliseconds timeout);

}  // namespace sim::endpoint
