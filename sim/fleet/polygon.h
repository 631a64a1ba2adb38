// An area on the ground by its corners, and a lot that falls on each part of it alike.
//
// Edges are straight in degrees, as maps draw them. The lot does not try points of the bounding box
// until one fits, which takes for ever where an area is long and narrow; it cuts the area into
// trapezoids along the circles of latitude of its corners, once. Called by scenario, which places
// devices and gateways. Thread rule: pure; an Area is immutable.
// Source: own; the trapezoids are those of a sweep line (de Berg et al., Computational Geometry,
// 6).
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "sim/engine/random.h"
#include "sim/fleet/position.h"

namespace sim::fleet {

struct Polygon {
  std::vector<Position> corners;  ///< in order, the first one not repeated at the end
};

/// The same corners with longitudes that go on beyond 180 degrees over the date line.
Polygon unwrapped(Polygon polygon);

/// The following ask for an unwrapped polygon of three corners at least.
bool goes_round_a_pole(const Polygon& polygon);
/// Whether nothing of it lies a metre away from one line.
bool is_flat(const Polygon& polygon);
/// Two edges that meet where they should not, each by its first corner, from 0.
std::optional<std::pair<std::size_t, std::size_t>> crossing_edges(const Polygon& polygon);

/// A polygon without any of these three, made ready for lots.
class Area {
 public:
  explicit Area(const Polygon& polygon);

  /// A place in it; every square metre is as likely as any other.
  [[nodiscard]] Position draw(engine::Random& random) const;

 private:
  /// Between two circles of latitude and two edges; in degrees.
  struct Trapezoid {
    double south, north;
    double south_west, south_east, north_west, north_east;
    double max_cosine;
  };

  void add_slab(const Polygon& polygon, double south, double north);
  [[nodiscard]] const Trapezoid& choose(engine::Random& random) const;

  std::vector<Trapezoid> trapezoids_;
  std::vector<double> sums_;  ///< of their areas, up to and with each
};

}  // namespace sim::fleet
