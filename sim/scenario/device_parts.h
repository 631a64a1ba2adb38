// What a device sends, and which fields a downlink to it may have.
//
// Called by the readers of devices, their rules, and expectations. Thread rule: pure. Source:
// scenarios/README.md, "devices".
#pragma once

#include <optional>

#include "sim/fleet/device.h"
#include "sim/payload/format.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// Reads `payload` or `fields`, and tells what the format or the data rate does not take.
std::optional<payload::Source> read_source(const Section& device, const payload::Format& format,
                                           std::size_t max_payload, Problems& problems);

/// Tells which of the names the format can never decode, at their places.
void check_decodable(const Node& fields, const payload::Format& format, Problems& problems);

}  // namespace sim::scenario
