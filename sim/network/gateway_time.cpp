#include "sim/network/gateway_time.h"

namespace sim::network {

std::optional<engine::SimTime> accepted_time(std::optional<engine::SimTime> time,
                                             engine::SimTime received) {
  if (time && is_too_old(*time, received)) return std::nullopt;
  return time;
}

}  // namespace sim::network
