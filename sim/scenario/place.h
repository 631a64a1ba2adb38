// Places as scenarios write them: `[52.3676, 4.8851]`, or somewhere around another.
//
// Called by the readers of gateways and devices. Thread rule: pure. Source: scenarios/README.md.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/fleet/position.h"
#include "sim/scenario/draft.h"

namespace sim::scenario {

/// Degrees north and east; the height stays 0.
std::optional<fleet::Position> read_position(const Node& node, Problems& problems);

/// Where devices stand: at one place, or anywhere in a disc of `within_m` metres around it.
struct Placement {
  fleet::Position center;
  double within_m = 0;

  /// The place of the device of that index: each has its own lot.
  [[nodiscard]] fleet::Position place(std::uint64_t seed, std::uint64_t device) const;
};

/// Reads the value of `around: {gateway, at, within}`.
std::optional<Placement> read_around(const Node& node, const Draft& draft, Problems& problems);

}  // namespace sim::scenario
