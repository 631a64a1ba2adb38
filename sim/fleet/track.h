// The way of a device that moves: places, each with the time since the run's start at which it is
// passed.
//
// A value beside the device and a pure function, so that whoever needs the place of a moment can
// ask without keeping anything. Built by scenario from a GPX file; asked by world for each frame
// that the device sends. Thread rule: pure; a Track is immutable after the plan is compiled.
// Source: GPX 1.1, trkpt; straight lines in degrees between two points.
#pragma once

#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/fleet/position.h"

namespace sim::fleet {

struct TrackPoint {
  engine::SimDuration at{};  ///< since the start of the run
  Position place;
};

struct Track {
  std::vector<TrackPoint> points;  ///< at least one; times never go back, and begin with 0
  bool repeat = false;             ///< begin anew at the end; otherwise stay there
};

/// Where the device is. Of points at the same moment the last one holds. With `repeat` the end of
/// one round is the beginning of the next: the device is at the first point then.
Position position_at(const Track& track, engine::SimDuration since_start);

}  // namespace sim::fleet
