// Places on the earth, and the distance between them.
// Called by scenario (placing devices) and radio (path loss). Thread rule: pure.
// Source: WGS 84 coordinates on a sphere of 6371 km; good to 0.5%, far below shadowing.
#pragma once

namespace sim::fleet {

/// Degrees north and east, and metres above the ground around.
struct Position {
  double latitude = 0;
  double longitude = 0;
  double height_m = 0;
};

/// Metres along the ground (great circle).
double distance_m(const Position& a, const Position& b);

/// The place that lies `distance_m` from `origin` in direction `bearing_rad` (0 is north).
Position moved(const Position& origin, double distance_m, double bearing_rad);

}  // namespace sim::fleet
