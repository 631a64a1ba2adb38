// Places elsewhere: the whole map turned over the globe, so that all distances stay.
//
// A turn about a secret axis by a secret angle keeps the distance of any two places exactly, on the
// sphere that lnsim reckons with; what is lost is the rounding of what is written. Heights move by
// one secret step. Who knows the true place of two gateways can turn the map back: so a map that is
// shown to others should name no known place. Called by body. Thread rule: immutable.
// Source: Rodrigues' rotation formula.
#pragma once

#include <array>
#include <string>

#include "sim/anonymity/pseudonyms.h"
#include "sim/fleet/position.h"

namespace sim::anonymity {

class MovedPlaces {
 public:
  explicit MovedPlaces(const Pseudonyms& pseudonyms);

  /// In degrees.
  [[nodiscard]] fleet::Position moved(fleet::Position place) const;
  /// How much is added to a height above the sea, in metres: a whole number.
  [[nodiscard]] int higher_m() const { return higher_m_; }

 private:
  std::array<double, 3> axis_{};
  double angle_ = 0;
  int higher_m_ = 0;
};

/// A number as JSON has it, with so many decimals at most.
std::string with_decimals(double number, int decimals);

}  // namespace sim::anonymity
