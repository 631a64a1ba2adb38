#include "sim/radio/path_loss.h"

#include <algorithm>
#include <cmath>

namespace sim::radio {

double LogDistancePathLoss::mean_db(double distance_m) const {
  return law_.at_1km_db + 10 * law_.exponent * std::log10(std::max(distance_m, 1.0) / 1000.0);
}

}  // namespace sim::radio
