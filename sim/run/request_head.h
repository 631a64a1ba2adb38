// What every request of a run has in common: method, URL and headers of the endpoint.
// Called by Runner. Thread rule: pure. Source: API reference, "Uplink".
#pragma once

#include <string>

#include "sim/delivery/sender.h"
#include "sim/scenario/plan.h"

namespace sim::run {

/// Throws std::invalid_argument where `url` is none.
delivery::RequestHead request_head(const scenario::Plan& plan, const std::string& url);

}  // namespace sim::run
