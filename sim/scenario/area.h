// Areas and grids as scenarios write them.
//
// Called by the reader of placements. Thread rule: pure. Source: scenarios/README.md, "Positions".
#pragma once

#include <optional>

#include "sim/fleet/grid.h"
#include "sim/fleet/polygon.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// Reads `within: { polygon: [[lat, lon], ...] }`, and tells which polygons are none. The first
/// corner may stand at the end again, as GeoJSON has it.
std::optional<fleet::Area> read_within(const Node& node, Problems& problems);

/// Reads `grid: { at, rows, columns, spacing }`.
std::optional<fleet::Grid> read_grid(const Node& node, Problems& problems);

}  // namespace sim::scenario
