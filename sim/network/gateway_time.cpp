#include "sim/network/gateway_time.h"

namespace sim::network {

namespace {

constexpr engine::SimDuration kOldest = std::chrono::hours(24);

}  // namespace

std::optional<engine::SimTime> accepted_time(std::optional<engine::SimTime> time,
                                             engine::SimTime received) {
  if (time && received - *time > kOldest) return std::nullopt;
  return time;
}

}  // namespace sim::network
