#include "sim/anonymity/moved_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace sim::anonymity {

namespace {

using Vector = std::array<double, 3>;

constexpr double kRadians = std::numbers::pi / 180.0;
/// A turn by less than a right angle could leave much where it was.
constexpr double kLeastTurn = 90, kMostTurn = 270;  // degrees
constexpr int kLeastHigher = 11, kMostHigher = 90;  // m

/// A share of [0, 1) out of eight bytes of the digest.
double share(const std::array<std::uint8_t, 32>& digest, std::size_t at) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 8; ++i) bits = bits << 8U | digest[at * 8 + i];
  return static_cast<double>(bits >> 11U) * 0x1p-53;
}

Vector on_globe(double latitude, double longitude) {
  const double up = latitude * kRadians, east = longitude * kRadians;
  return {std::cos(up) * std::cos(east), std::cos(up) * std::sin(east), std::sin(up)};
}

Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

MovedPlaces::MovedPlaces(const Pseudonyms& pseudonyms) {
  const auto lot = pseudonyms.digest(Kind::place, "map");
  axis_ = on_globe(std::asin(2 * share(lot, 0) - 1) / kRadians, 360 * share(lot, 1));
  angle_ = (kLeastTurn + (kMostTurn - kLeastTurn) * share(lot, 2)) * kRadians;
  higher_m_ = kLeastHigher + static_cast<int>((kMostHigher - kLeastHigher) * share(lot, 3));
}

fleet::Position MovedPlaces::moved(fleet::Position place) const {
  const Vector from = on_globe(place.latitude, place.longitude);
  const Vector side = cross(axis_, from);
  const double along = dot(axis_, from) * (1 - std::cos(angle_));
  Vector to{};
  for (std::size_t i = 0; i < 3; ++i) {
    to[i] = from[i] * std::cos(angle_) + side[i] * std::sin(angle_) + axis_[i] * along;
  }
  place.latitude = std::atan2(to[2], std::hypot(to[0], to[1])) / kRadians;
  place.longitude = std::atan2(to[1], to[0]) / kRadians;
  return place;
}

std::string with_decimals(double number, int decimals) {
  std::string text = fmt::format("{:.{}f}", number, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace sim::anonymity
