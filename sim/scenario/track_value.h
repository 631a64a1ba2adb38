// A device's track as scenarios write it: a GPX file, and how fast the device follows it.
//
// Called by the reader of placements. Thread rule: pure but for the draft. Source:
// scenarios/README.md, "Positions".
#pragma once

#include <memory>

#include "sim/fleet/track.h"
#include "sim/scenario/draft.h"

namespace sim::scenario {

/// Reads `track: FILE.gpx` or `track: {file, speed, repeat}`; null after a problem. Every point
/// gets that height above the ground.
std::shared_ptr<const fleet::Track> read_track(const Node& node, double height_m, Draft& draft,
                                               Problems& problems);

}  // namespace sim::scenario
