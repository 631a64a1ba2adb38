// Places in rows and columns at equal distances, like meters in a field or gateways over a country.
//
// Called by scenario. Thread rule: pure.
// Source: the sphere of position.h; each row lies on its circle of latitude.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/fleet/position.h"

namespace sim::fleet {

struct Grid {
  Position corner;  ///< the first cell: the one in the south-west
  std::uint64_t rows = 1;
  std::uint64_t columns = 1;
  double spacing_m = 0;
};

/// The place of a cell, counted from 0 to the east, then row by row to the north.
Position cell(const Grid& grid, std::uint64_t index);

/// Whether the grid stays clear of the poles and does not meet itself around the earth.
bool fits_on_earth(const Grid& grid);

}  // namespace sim::fleet
