#include "sim/radio/gateway_index.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sim::radio {

namespace {

constexpr double kEarthRadiusM = 6'371'000;
constexpr double kRadian = std::numbers::pi / 180;
constexpr double kMetresPerDegree = kEarthRadiusM * kRadian;
constexpr double kRowDegrees = kHorizonM / kMetresPerDegree;
/// With so few, looking at all of them is the quickest way.
constexpr std::size_t kFew = 64;

}  // namespace

GatewayIndex::GatewayIndex(std::span<const fleet::Gateway> gateways) {
  for (std::uint32_t i = 0; i < gateways.size(); ++i) {
    places_.push_back(vector_of(gateways[i].at));
    const std::int64_t row = row_of(gateways[i].at.latitude);
    cells_[key(row, column_of(row, gateways[i].at.longitude))].push_back(i);
  }
}

GatewayIndex::Vector GatewayIndex::vector_of(const fleet::Position& at) {
  const double latitude = at.latitude * kRadian;
  const double longitude = at.longitude * kRadian;
  return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude),
          std::sin(latitude)};
}

std::int64_t GatewayIndex::row_of(double latitude) {
  return static_cast<std::int64_t>(std::floor((latitude + 90) / kRowDegrees));
}

/// Columns of a row are as wide as rows are high, or wider: the circle at the row's end nearer to
/// the pole is cut into whole columns.
std::int64_t GatewayIndex::columns_in(std::int64_t row) {
  const double south = static_cast<double>(row) * kRowDegrees - 90;
  const double farthest = std::min(90.0, std::max(std::abs(south), std::abs(south + kRowDegrees)));
  const double circle_m = 360 * kMetresPerDegree * std::cos(farthest * kRadian);
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(circle_m / kHorizonM));
}

std::int64_t GatewayIndex::column_of(std::int64_t row, double longitude) {
  const double share = (longitude + 180) / 360;
  const std::int64_t columns = columns_in(row);
  const auto column = static_cast<std::int64_t>(share * static_cast<double>(columns));
  return std::clamp<std::int64_t>(column, 0, columns - 1);
}

std::uint64_t GatewayIndex::key(std::int64_t row, std::int64_t column) {
  return (static_cast<std::uint64_t>(row) << 32U) | static_cast<std::uint64_t>(column);
}

void GatewayIndex::collect(std::int64_t row, std::int64_t column,
                           std::vector<std::uint32_t>& found) const {
  const auto cell = cells_.find(key(row, column));
  if (cell == cells_.end()) return;
  found.insert(found.end(), cell->second.begin(), cell->second.end());
}

void GatewayIndex::visit_near(const fleet::Position& at,
                              const std::function<void(std::uint32_t, double)>& visit) const {
  std::vector<std::uint32_t> found;
  if (places_.size() <= kFew) {
    for (std::uint32_t i = 0; i < places_.size(); ++i) found.push_back(i);
  } else {
    const std::int64_t middle = row_of(at.latitude);
    for (std::int64_t row = middle - 1; row <= middle + 1; ++row) {
      const std::int64_t columns = columns_in(row);
      const std::int64_t column = column_of(row, at.longitude);
      const std::int64_t first = columns < 3 ? 0 : column - 1;
      const std::int64_t last = columns < 3 ? columns - 1 : column + 1;
      for (std::int64_t c = first; c <= last; ++c) collect(row, (c + columns) % columns, found);
    }
    std::sort(found.begin(), found.end());
  }
  const Vector here = vector_of(at);
  for (const std::uint32_t gateway : found) {
    const Vector& there = places_[gateway];
    const double chord = std::hypot(here.x - there.x, here.y - there.y, here.z - there.z);
    const double metres = 2 * kEarthRadiusM * std::asin(std::min(1.0, chord / 2));
    if (metres <= kHorizonM) visit(gateway, metres);
  }
}

}  // namespace sim::radio
