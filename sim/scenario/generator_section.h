// How a device's fields change: the generators of `fields:`.
//
// Called by the reader of devices. Thread rule: pure. Source: scenarios/README.md, "fields".
#pragma once

#include <optional>
#include <vector>

#include "sim/payload/format.h"
#include "sim/payload/generator.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// Reads `fields:`, a mapping of names to values or generators.
std::optional<std::vector<payload::FieldPlan>> read_field_plans(const Node& node,
                                                                Problems& problems);

/// Tells which fields the format cannot encode, at their places, trying the least and the greatest
/// value of each. `max_payload` is what the device's data rate takes, in bytes.
void check_encodable(const Node& fields, const std::vector<payload::FieldPlan>& plans,
                     const payload::Format& format, std::size_t max_payload, Problems& problems);

/// How many bytes the fields take; 0 where the format cannot encode them.
std::size_t encoded_size(const std::vector<payload::FieldPlan>& plans,
                         const payload::Format& format);

}  // namespace sim::scenario
