// Which gateways stand near a place, without looking at all of them.
//
// Gateways lie in cells of the size of the radio horizon; those of a place's own cell and of the
// cells around it are near. Distances come from unit vectors, since trigonometry for each of a
// million devices and a thousand gateways would take minutes. Called by LinkBudget. Thread rule:
// immutable after it is made. Source: sim/fleet/position.h (the earth as a sphere).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "sim/fleet/gateway.h"

namespace sim::radio {

/// Beyond this no frame is ever heard: from a mast of 100 m to a hill the earth is in the way.
constexpr double kHorizonM = 100'000;

class GatewayIndex {
 public:
  explicit GatewayIndex(std::span<const fleet::Gateway> gateways);

  /// Calls `visit(gateway, metres along the ground)` for each gateway within the horizon, in the
  /// order of the plan.
  void visit_near(const fleet::Position& at,
                  const std::function<void(std::uint32_t, double)>& visit) const;

 private:
  struct Vector {
    double x, y, z;
  };
  static Vector vector_of(const fleet::Position& at);
  static std::int64_t row_of(double latitude);
  static std::int64_t column_of(std::int64_t row, double longitude);
  static std::int64_t columns_in(std::int64_t row);
  static std::uint64_t key(std::int64_t row, std::int64_t column);
  void collect(std::int64_t row, std::int64_t column, std::vector<std::uint32_t>& found) const;

  std::vector<Vector> places_;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> cells_;
};

}  // namespace sim::radio
