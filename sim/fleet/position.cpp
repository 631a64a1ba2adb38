#include "sim/fleet/position.h"

#include <cmath>
#include <numbers>

namespace sim::fleet {

namespace {

constexpr double kEarthRadiusM = 6'371'000.0;
constexpr double kRadians = std::numbers::pi / 180.0;

}  // namespace

double distance_m(const Position& a, const Position& b) {
  const double half_lat = std::sin((b.latitude - a.latitude) * kRadians / 2);
  const double half_lon = std::sin((b.longitude - a.longitude) * kRadians / 2);
  const double h = half_lat * half_lat + std::cos(a.latitude * kRadians) *
                                             std::cos(b.latitude * kRadians) * half_lon * half_lon;
  return 2 * kEarthRadiusM * std::asin(std::sqrt(std::fmin(1.0, h)));
}

Position moved(const Position& origin, double distance_m, double bearing_rad) {
  const double angle = distance_m / kEarthRadiusM;
  const double lat = origin.latitude * kRadians;
  const double new_lat = std::asin(std::sin(lat) * std::cos(angle) +
                                   std::cos(lat) * std::sin(angle) * std::cos(bearing_rad));
  const double east = std::atan2(std::sin(bearing_rad) * std::sin(angle) * std::cos(lat),
                                 std::cos(angle) - std::sin(lat) * std::sin(new_lat));
  // Over the date line, longitudes go on from the other side.
  const double longitude = std::remainder(origin.longitude + east / kRadians, 360.0);
  return {new_lat / kRadians, longitude, origin.height_m};
}

}  // namespace sim::fleet
