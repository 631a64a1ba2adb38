// Reads how the endpoint is reached: `unix`, `proxy` and `tls` of `endpoint`.
// Called by read_endpoint. Thread rule: pure but for the draft's files and problems. Source:
// scenarios/README.md, "The way to the endpoint".
#pragma once

#include "sim/delivery/route.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// What is wrong is in problems.
void read_route(const Section& endpoint, Draft& draft, Problems& problems);

}  // namespace sim::scenario
