#include "sim/scenario/position_value.h"

#include <fmt/format.h>

#include "sim/scenario/read.h"

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

}  // namespace sim::scenario
