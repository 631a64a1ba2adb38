// Waits until an endpoint takes connections.
// Called by cli before many runs begin. Thread rule: blocks the thread that calls.
// Source: sim/cli/README.md, "--wait-for-endpoint".
#pragma once

#include <chrono>
#include <string>

#include "sim/delivery/sender.h"

namespace sim::run {

/// Returns when a connection was taken. Throws EndpointUnreachable after that time; it is tried
/// once at least.
void reach(const std::string& url, const delivery::SenderSettings& settings,
           std::chrono::milliseconds wait);

}  // namespace sim::run
