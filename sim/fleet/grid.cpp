#include "sim/fleet/grid.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sim::fleet {

namespace {

constexpr double kRadians = std::numbers::pi / 180.0;
constexpr double kDegreeM = 6'371'000.0 * kRadians;
/// Nearer to a pole, rows would bend too much to be called so.
constexpr double kMaxLatitude = 89;

double latitude_of(const Grid& grid, std::uint64_t row) {
  return grid.corner.latitude + static_cast<double>(row) * grid.spacing_m / kDegreeM;
}

}  // namespace

Position cell(const Grid& grid, std::uint64_t index) {
  const double latitude = latitude_of(grid, index / grid.columns);
  const double east_m = static_cast<double>(index % grid.columns) * grid.spacing_m;
  const double east = east_m / (kDegreeM * std::cos(latitude * kRadians));
  return {latitude, std::remainder(grid.corner.longitude + east, 360.0), grid.corner.height_m};
}

bool fits_on_earth(const Grid& grid) {
  const double last = latitude_of(grid, grid.rows - 1);
  if (grid.corner.latitude < -kMaxLatitude || last > kMaxLatitude) return false;
  const double steepest = std::max(std::abs(grid.corner.latitude), std::abs(last));
  const double around_m = 360 * kDegreeM * std::cos(steepest * kRadians);
  return static_cast<double>(grid.columns) * grid.spacing_m <= around_m;
}

}  // namespace sim::fleet
