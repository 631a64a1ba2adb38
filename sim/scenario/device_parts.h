// The parts of a device that have a shape of their own: what it sends, and how it reacts.
//
// Called by the reader of devices. Thread rule: pure. Source: scenarios/README.md, "devices".
#pragma once

#include <optional>
#include <vector>

#include "sim/fleet/device.h"
#include "sim/payload/format.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// Reads `payload` or `fields`, and tells what the format or the data rate does not take.
std::optional<payload::Source> read_source(const Section& device, const payload::Format& format,
                                           std::size_t max_payload, Problems& problems);

/// Reads `on_downlink`: a rule, or a list of them.
std::vector<fleet::Reaction> read_reactions(const Node& node, const payload::Source& source,
                                            const payload::Format& format, Problems& problems);

/// Tells which of the names the format can never decode, at their places.
void check_decodable(const Node& fields, const payload::Format& format, Problems& problems);

}  // namespace sim::scenario
