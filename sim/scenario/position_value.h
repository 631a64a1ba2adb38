// A place as scenarios write it: `[52.3676, 4.8851]`.
//
// Called by the readers of placements and areas. Thread rule: pure. Source: scenarios/README.md.
#pragma once

#include <optional>

#include "sim/fleet/position.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// Degrees north and east; the height stays 0.
std::optional<fleet::Position> read_position(const Node& node, Problems& problems);

}  // namespace sim::scenario
