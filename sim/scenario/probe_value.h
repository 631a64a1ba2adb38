// Reads `probe` of an endpoint: where it says what it has stored of a device.
// Called by the reader of the endpoint. Thread rule: pure but for problems.
// Source: scenarios/README.md, "endpoint".
#pragma once

#include <optional>

#include "sim/scenario/node.h"
#include "sim/scenario/plan.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// What is wrong is in problems.
std::optional<ProbePlan> read_probe(const Node& node, Problems& problems);

}  // namespace sim::scenario
