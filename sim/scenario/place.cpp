#include "sim/scenario/place.h"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sim/engine/random.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

std::optional<fleet::Position> read_position(const Node& node, Problems& problems) {
  if (!node.is_list() || node.items.size() != 2) {
    problems.add(node, fmt::format("expected a place, found {}", described(node)),
                 "write degrees north and east like [52.3676, 4.8851]");
    return std::nullopt;
  }
  const auto latitude = read_number(*node.items[0], {-90, 90}, problems);
  const auto longitude = read_number(*node.items[1], {-180, 180}, problems);
  if (!latitude || !longitude) return std::nullopt;
  return fleet::Position{*latitude, *longitude, 0};
}

fleet::Position Placement::place(std::uint64_t seed, std::uint64_t device) const {
  if (within_m <= 0) return center;
  engine::Random random(seed, engine::Purpose::placement, device);
  // The square root makes every part of the disc equally likely.
  const double distance = within_m * std::sqrt(random.uniform());
  fleet::Position position =
      fleet::moved(center, distance, random.uniform(0, 2 * std::numbers::pi));
  position.height_m = center.height_m;
  return position;
}

std::optional<Placement> read_around(const Node& node, const Draft& draft, Problems& problems) {
  const Section section(node, "around", {"gateway", "at", "within"}, problems);
  const Entry* center = section.one_of({"gateway", "at"}, true);
  const Node* within = section.require("within");
  if (center == nullptr || within == nullptr) return std::nullopt;
  Placement placement;
  const auto distance = read_distance_m(*within, problems);
  if (distance) placement.within_m = *distance;
  if (center->key == "at") {
    const auto position = read_position(*center->value, problems);
    if (!position) return std::nullopt;
    placement.center = *position;
  } else {
    const auto gateway = find_gateway(draft, *center->value, problems);
    if (!gateway) return std::nullopt;
    placement.center = draft.plan.field.gateways[*gateway].at;
  }
  return placement;
}

}  // namespace sim::scenario
