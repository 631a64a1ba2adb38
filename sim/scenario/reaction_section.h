// The rules of a device: which downlinks they are for, and what those make of it.
//
// Called by the reader of devices, when the rest of the device is read: a rule must suit what it
// sends, at which data rates, and how it comes by its session. Thread rule: pure.
// Source: scenarios/README.md, "Rules".
#pragma once

#include <vector>

#include "sim/fleet/device.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"
#include "sim/world/field_plan.h"

namespace sim::scenario {

/// Reads `on_downlink`: a rule, or a list of them.
std::vector<fleet::Reaction> read_reactions(const Node& node, const fleet::Device& device,
                                            const world::FieldPlan& field, Problems& problems);

}  // namespace sim::scenario
