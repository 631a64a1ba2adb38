// What a proxy is told: of each request to an http endpoint where it goes, and of an https one that
// it wants a tunnel.
// Called by Pool. Thread rule: pure. Source: RFC 9112 3.2.2 and 3.2.3; RFC 9110 9.3.6 and 11.7.
#pragma once

#include <string>

#include "sim/delivery/route.h"
#include "sim/delivery/sender.h"

namespace sim::delivery {

/// The head as it is sent on that route.
RequestHead by_route(RequestHead head, const Route& route);

/// The request for a tunnel; empty where none is needed.
std::string tunnel_request(const http::Endpoint& endpoint, const Route& route);

}  // namespace sim::delivery
