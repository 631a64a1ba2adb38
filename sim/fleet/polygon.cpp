#include "sim/fleet/polygon.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace sim::fleet {

namespace {

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kDegreeM = 6'371'000.0 * kRadians;
constexpr double kFlatM = 1;

/// Twice the area of the triangle, in square degrees; positive where it turns left.
double turn(const Position& a, const Position& b, const Position& c) {
  return (b.longitude - a.longitude) * (c.latitude - a.latitude) -
         (b.latitude - a.latitude) * (c.longitude - a.longitude);
}

int side(const Position& a, const Position& b, const Position& c) {
  const double area = turn(a, b, c);
  return area > 0 ? 1 : area < 0 ? -1 : 0;
}

bool ranges_meet(double a, double b, double c, double d) {
  return std::min(a, b) <= std::max(c, d) && std::min(c, d) <= std::max(a, b);
}

/// Whether the edges a-b and c-d have a point in common.
bool edges_meet(const Position& a, const Position& b, const Position& c, const Position& d) {
  return ranges_meet(a.latitude, b.latitude, c.latitude, d.latitude) &&
         ranges_meet(a.longitude, b.longitude, c.longitude, d.longitude) &&
         side(a, b, c) * side(a, b, d) <= 0 && side(c, d, a) * side(c, d, b) <= 0;
}

/// Whether the way a-b-c goes back over itself.
bool folds_back(const Position& a, const Position& b, const Position& c) {
  const double along = (b.latitude - a.latitude) * (c.latitude - b.latitude) +
                       (b.longitude - a.longitude) * (c.longitude - b.longitude);
  return side(a, b, c) == 0 && along <= 0;
}

/// East and north of the first corner, in metres; good enough to tell a line from an area.
struct Metres {
  double east, north;
};

/// One `shrink` for all corners: what is straight in degrees has to stay so.
Metres metres_from(const Position& origin, const Position& there, double shrink) {
  return {(there.longitude - origin.longitude) * kDegreeM * shrink,
          (there.latitude - origin.latitude) * kDegreeM};
}

double longitude_at(const Position& a, const Position& b, double latitude) {
  const double share = (latitude - a.latitude) / (b.latitude - a.latitude);
  return a.longitude + share * (b.longitude - a.longitude);
}

double max_cosine(double south, double north) {
  if (south <= 0 && north >= 0) return 1;
  return std::cos(std::min(std::abs(south), std::abs(north)) * kRadians);
}

}  // namespace

Polygon unwrapped(Polygon polygon) {
  for (std::size_t i = 1; i < polygon.corners.size(); ++i) {
    const double before = polygon.corners[i - 1].longitude;
    double& longitude = polygon.corners[i].longitude;
    longitude = before + std::remainder(longitude - before, 360.0);
  }
  return polygon;
}

bool goes_round_a_pole(const Polygon& polygon) {
  return std::abs(polygon.corners.back().longitude - polygon.corners.front().longitude) > 180;
}

bool is_flat(const Polygon& polygon) {
  const Position& origin = polygon.corners.front();
  double shrink = 0;
  for (const Position& corner : polygon.corners) {
    shrink = std::max(shrink, std::cos(corner.latitude * kRadians));
  }
  Metres end{0, 0};
  for (const Position& corner : polygon.corners) {
    const Metres here = metres_from(origin, corner, shrink);
    if (std::hypot(here.east, here.north) > std::hypot(end.east, end.north)) end = here;
  }
  const double length = std::hypot(end.east, end.north);
  if (length < kFlatM) return true;
  return std::all_of(polygon.corners.begin(), polygon.corners.end(), [&](const Position& corner) {
    const Metres here = metres_from(origin, corner, shrink);
    return std::abs(end.east * here.north - end.north * here.east) / length < kFlatM;
  });
}

std::optional<std::pair<std::size_t, std::size_t>> crossing_edges(const Polygon& polygon) {
  const std::vector<Position>& corners = polygon.corners;
  const std::size_t count = corners.size();
  const auto corner = [&](std::size_t i) -> const Position& { return corners[i % count]; };
  for (std::size_t i = 0; i < count; ++i) {
    if (folds_back(corner(i), corner(i + 1), corner(i + 2))) return std::pair(i, (i + 1) % count);
    for (std::size_t j = i + 2; j < count; ++j) {
      if (i == 0 && j + 1 == count) continue;  // neighbours
      if (edges_meet(corner(i), corner(i + 1), corner(j), corner(j + 1))) return std::pair(i, j);
    }
  }
  return std::nullopt;
}

Area::Area(const Polygon& polygon) {
  std::vector<double> latitudes;
  latitudes.reserve(polygon.corners.size());
  for (const Position& corner : polygon.corners) latitudes.push_back(corner.latitude);
  std::sort(latitudes.begin(), latitudes.end());
  for (std::size_t i = 0; i + 1 < latitudes.size(); ++i) {
    if (latitudes[i] < latitudes[i + 1]) add_slab(polygon, latitudes[i], latitudes[i + 1]);
  }
  assert(!trapezoids_.empty());
}

void Area::add_slab(const Polygon& polygon, double south, double north) {
  struct Crossing {
    double south, north;
  };
  std::vector<Crossing> crossings;
  for (std::size_t i = 0; i < polygon.corners.size(); ++i) {
    const Position& a = polygon.corners[i];
    const Position& b = polygon.corners[(i + 1) % polygon.corners.size()];
    if (std::min(a.latitude, b.latitude) > south || std::max(a.latitude, b.latitude) < north) {
      continue;
    }
    crossings.push_back({longitude_at(a, b, south), longitude_at(a, b, north)});
  }
  // No edges cross, so their order is the same everywhere between the two circles.
  std::sort(crossings.begin(), crossings.end(), [](const Crossing& a, const Crossing& b) {
    return a.south + a.north < b.south + b.north;
  });
  const double cosine = max_cosine(south, north);
  for (std::size_t i = 0; i + 1 < crossings.size(); i += 2) {
    const Crossing& west = crossings[i];
    const Crossing& east = crossings[i + 1];
    const double widths = east.south - west.south + east.north - west.north;
    if (!(widths > 0)) continue;
    trapezoids_.push_back({south, north, west.south, east.south, west.north, east.north, cosine});
    const double sum = sums_.empty() ? 0 : sums_.back();
    sums_.push_back(sum + widths * (north - south) * cosine);
  }
}

const Area::Trapezoid& Area::choose(engine::Random& random) const {
  const double lot = random.uniform() * sums_.back();
  const auto found = std::upper_bound(sums_.begin(), sums_.end() - 1, lot);
  return trapezoids_[static_cast<std::size_t>(found - sums_.begin())];
}

Position Area::draw(engine::Random& random) const {
  for (;;) {
    const Trapezoid& one = choose(random);
    const double south_width = one.south_east - one.south_west;
    const double north_width = one.north_east - one.north_west;
    // A diagonal makes two triangles of it, each with one of the parallel sides as its base.
    const bool south_base = random.uniform() * (south_width + north_width) < south_width;
    double along = random.uniform();
    double up = random.uniform();
    if (along + up > 1) {
      along = 1 - along;
      up = 1 - up;
    }
    const double base =
        south_base ? one.south_west + along * south_width : one.north_east - along * north_width;
    const double shift =
        south_base ? one.north_west - one.south_west : one.south_east - one.north_east;
    const double share = south_base ? up : 1 - up;
    const double latitude = one.south + share * (one.north - one.south);
    // Degrees of longitude are shorter towards the poles.
    if (random.uniform() * one.max_cosine > std::cos(latitude * kRadians)) continue;
    return {latitude, std::remainder(base + up * shift, 360.0), 0};
  }
}

}  // namespace sim::fleet
