#include "tests/fidelity/registry.h"

#include <iterator>

// One line a file of checks: NAME is the function `Checks NAME()` that the file defines.
#define LNSIM_FIDELITY_GROUPS(GROUP) \
  GROUP(airtime_checks)              \
  GROUP(report_checks)               \
  GROUP(floor_checks)                \
  GROUP(noise_checks)                \
  GROUP(link_checks)                 \
  GROUP(shadowing_checks)            \
  GROUP(delivery_checks)             \
  GROUP(collision_checks)            \
  GROUP(network_checks)              \
  GROUP(window_checks)               \
  GROUP(law_checks)                  \
  GROUP(retry_checks)                \
  GROUP(channel_checks)              \
  GROUP(region_checks)

namespace sim::fidelity {

#define LNSIM_DECLARE_GROUP(name) Checks name();
LNSIM_FIDELITY_GROUPS(LNSIM_DECLARE_GROUP)
#undef LNSIM_DECLARE_GROUP

Checks all_checks() {
  Checks all;
  const auto add = [&all](Checks group) {
    all.insert(all.end(), std::make_move_iterator(group.begin()),
               std::make_move_iterator(group.end()));
  };
#define LNSIM_ADD_GROUP(name) add(name());
  LNSIM_FIDELITY_GROUPS(LNSIM_ADD_GROUP)
#undef LNSIM_ADD_GROUP
  return all;
}

}  // namespace sim::fidelity
