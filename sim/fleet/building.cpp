#include "sim/fleet/building.h"

#include <algorithm>

#include "sim/engine/random.h"

namespace sim::fleet {

namespace {

/// One in four homes has a thin wall, one in ten a very thick one.
double outer_wall_db(engine::Random& random) {
  const double kind = random.uniform();
  if (kind < 0.25) return random.uniform(4, 11);
  if (kind < 0.90) return random.uniform(11, 19);
  return random.uniform(19, 23);
}

/// How many walls stand between the device and the outer one.
int inner_walls(engine::Random& random) {
  const double kind = random.uniform();
  if (kind < 0.283) return 0;
  if (kind < 0.566) return 1;
  return kind < 0.850 ? 2 : 3;
}

/// Whichever is larger: the inner walls, or 0.6 dB for each metre of up to 15.
double inside_db(engine::Random& random) {
  const int walls = inner_walls(random);
  const double of_walls = walls * random.uniform(4, 10);
  const double of_depth = 0.6 * random.uniform(0, 15);
  return std::max(of_walls, of_depth);
}

}  // namespace

double drawn_building_loss_db(std::uint64_t seed, std::uint64_t device) {
  engine::Random random(seed, engine::Purpose::building, device);
  const double wall = outer_wall_db(random);
  return wall + inside_db(random);
}

}  // namespace sim::fleet
