// Reads what befalls the calls of the downlink API: `{ answer: 429, retry_after: 5s, share: 50% }`.
// Called by the reader of the timeline. Thread rule: pure but for problems.
// Source: scenarios/README.md, "timeline".
#pragma once

#include <optional>

#include "sim/scenario/plan.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// The window without its times.
std::optional<CallFaultWindow> read_call_fault(const Node& node, Problems& problems);

}  // namespace sim::scenario
