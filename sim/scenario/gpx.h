// From the text of a GPX file to the points of its tracks; the only place that knows the XML
// library.
//
// Takes latitude, longitude and time of every trkpt, track after track, and leaves the rest:
// heights are above the sea there, and above the ground here. Refuses what a track must not have: a
// document type (whose entities could grow without bounds), another root, places off the earth, and
// more than 100,000 points. Called by the reader of tracks. Thread rule: pure. Source: GPX 1.1.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

constexpr std::size_t kMaxTrackPoints = 100'000;

struct GpxPoint {
  double latitude = 0;
  double longitude = 0;
  std::optional<engine::SimTime> time;
};

struct GpxTrack {
  std::vector<GpxPoint> points;  ///< two at least
  /// The line of the first point without a time, and of the first that is before the one above it.
  std::optional<int> line_without_time;
  std::optional<int> line_back_in_time;
};

/// The track in a text; null after a problem.
std::shared_ptr<const GpxTrack> parse_gpx(const SourceText& source, Problems& problems);

}  // namespace sim::scenario
