#include "sim/fleet/track.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace sim::fleet {

namespace {

Position between(const Position& a, const Position& b, double share) {
  // Over the date line the short way.
  const double east = std::remainder(b.longitude - a.longitude, 360.0);
  return {a.latitude + share * (b.latitude - a.latitude),
          std::remainder(a.longitude + share * east, 360.0),
          a.height_m + share * (b.height_m - a.height_m)};
}

}  // namespace

Position position_at(const Track& track, engine::SimDuration since_start) {
  assert(!track.points.empty());
  const engine::SimDuration end = track.points.back().at;
  engine::SimDuration moment = std::max(since_start, engine::SimDuration{0});
  if (track.repeat && end > engine::SimDuration{0}) moment %= end;
  const auto next =
      std::upper_bound(track.points.begin(), track.points.end(), moment,
                       [](engine::SimDuration at, const TrackPoint& p) { return at < p.at; });
  if (next == track.points.begin()) return track.points.front().place;
  const TrackPoint& before = *std::prev(next);
  if (next == track.points.end()) return before.place;
  const double share = static_cast<double>((moment - before.at).count()) /
                       static_cast<double>((next->at - before.at).count());
  return between(before.place, next->place, share);
}

}  // namespace sim::fleet
