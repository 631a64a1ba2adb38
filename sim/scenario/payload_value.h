// Bytes as scenarios write them: `{hex: "01 02"}` or `{base64: "AQI="}`.
//
// Called by the readers of devices, their rules, and expectations. Thread rule: pure.
// Source: scenarios/README.md, "payload".
#pragma once

#include <optional>

#include "sim/lorawan/identifiers.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

std::optional<lorawan::Bytes> read_hex(const Node& node, Problems& problems);
std::optional<lorawan::Bytes> read_base64(const Node& node, Problems& problems);
/// The mapping with one of them.
std::optional<lorawan::Bytes> read_bytes(const Node& node, Problems& problems);

}  // namespace sim::scenario
