#include "sim/radio/shadowing.h"

#include <cmath>
#include <numbers>

#include "sim/engine/random.h"

namespace sim::radio {

namespace {

constexpr double kCellM = 110;
constexpr double kEarthRadiusM = 6'371'000;
constexpr double kSharedByGateways = 0.4;  // shares of the variance
constexpr double kOfTheLinkAlone = 0.35;
constexpr std::uint64_t kAllGateways = ~std::uint64_t{0};

/// Metres east and north; good enough to tell near from far.
struct Metres {
  double east = 0;
  double north = 0;
};

Metres in_metres(const fleet::Position& at) {
  constexpr double kRadian = std::numbers::pi / 180;
  const double latitude = at.latitude * kRadian;
  return {at.longitude * kRadian * std::cos(latitude) * kEarthRadiusM, latitude * kEarthRadiusM};
}

/// The normal value of a corner of the grid.
double corner(std::uint64_t seed, std::uint64_t subject, std::int64_t x, std::int64_t y) {
  const std::uint64_t place =
      engine::mixed_subject(static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y));
  return engine::normal_of(seed, engine::Purpose::shadow_field,
                           engine::mixed_subject(subject, place));
}

}  // namespace

double shadow_field(std::uint64_t seed, std::uint64_t subject, const fleet::Position& at) {
  const Metres place = in_metres(at);
  const double x = std::floor(place.east / kCellM);
  const double y = std::floor(place.north / kCellM);
  const double right = place.east / kCellM - x;
  const double up = place.north / kCellM - y;
  const double weights[] = {(1 - right) * (1 - up), right * (1 - up), (1 - right) * up, right * up};
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < 4; ++i) {
    sum += weights[i] * corner(seed, subject, static_cast<std::int64_t>(x) + i % 2,
                               static_cast<std::int64_t>(y) + i / 2);
    squares += weights[i] * weights[i];
  }
  return sum / std::sqrt(squares);  // as much variance between the corners as at them
}

double shared_shadow(std::uint64_t seed, const fleet::Position& at) {
  return std::sqrt(kSharedByGateways) * shadow_field(seed, kAllGateways, at);
}

double own_shadow(std::uint64_t seed, std::uint64_t link) {
  return std::sqrt(kOfTheLinkAlone) * engine::normal_of(seed, engine::Purpose::shadowing, link);
}

double gateway_shadow(std::uint64_t seed, std::uint32_t gateway, const fleet::Position& at) {
  return std::sqrt(1 - kSharedByGateways - kOfTheLinkAlone) * shadow_field(seed, gateway, at);
}

double correlated_shadow(std::uint64_t seed, std::uint32_t device, std::uint32_t gateway,
                         const fleet::Position& at) {
  return shared_shadow(seed, at) + own_shadow(seed, engine::mixed_subject(device, gateway)) +
         gateway_shadow(seed, gateway, at);
}

}  // namespace sim::radio
