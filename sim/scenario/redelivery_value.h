// Reads `endpoint: { redelivery: ... }`: the name of a policy, or one of your own.
// Called by the endpoint's section. Thread rule: pure. Source: scenarios/README.md, "Redelivery".
#pragma once

#include "sim/delivery/redelivery_policy.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

std::optional<delivery::RedeliveryPolicy> read_redelivery(const Node& node, Problems& problems);

}  // namespace sim::scenario
