#include "sim/fleet/gateway.h"

#include <cmath>

namespace sim::fleet {

std::uint32_t concentrator_timestamp(const Clock& clock, engine::SimTime start,
                                     engine::SimTime moment) {
  const double elapsed_us = static_cast<double>((moment - start).count()) / 1000.0;
  const double drift_us = elapsed_us * clock.drift_ppm * 1e-6;
  // Whole microseconds in integers, drift beside them: a double would lose them after some weeks.
  const auto whole = std::chrono::floor<std::chrono::microseconds>(moment - start).count();
  const auto counted = whole + static_cast<std::int64_t>(std::llround(drift_us));
  return clock.offset_us + static_cast<std::uint32_t>(counted);
}

std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime moment) {
  switch (clock.kind) {
    case ClockKind::none:
      return std::nullopt;
    case ClockKind::ntp:
      return std::chrono::time_point_cast<engine::SimDuration>(
          std::chrono::floor<std::chrono::seconds>(moment));
    case ClockKind::gps:
      return std::chrono::time_point_cast<engine::SimDuration>(
          std::chrono::floor<std::chrono::microseconds>(moment));
  }
  return std::nullopt;
}

}  // namespace sim::fleet
