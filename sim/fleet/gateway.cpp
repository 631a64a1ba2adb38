#include "sim/fleet/gateway.h"

#include <cmath>

namespace sim::fleet {

namespace {

/// Where a receiver's time begins that nobody set: 1980-01-06T00:00:00Z.
constexpr engine::SimTime kGpsEpoch{std::chrono::seconds(315'964'800)};

template <class Unit>
engine::SimTime floored(engine::SimTime time) {
  return std::chrono::time_point_cast<engine::SimDuration>(std::chrono::floor<Unit>(time));
}

}  // namespace

std::uint32_t concentrator_timestamp(const Clock& clock, engine::SimTime start,
                                     engine::SimTime moment, double jitter_standard) {
  const double elapsed_us = static_cast<double>((moment - start).count()) / 1000.0;
  const double off_us = elapsed_us * clock.drift_ppm * 1e-6 + clock.jitter_us * jitter_standard;
  // Whole microseconds in integers, the rest beside them: a double would lose them after some
  // weeks.
  const auto whole = std::chrono::floor<std::chrono::microseconds>(moment - start).count();
  const auto counted = whole + static_cast<std::int64_t>(std::llround(off_us));
  return clock.offset_us + static_cast<std::uint32_t>(counted);
}

std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime start,
                                           engine::SimTime moment) {
  const engine::SimTime set =
      clock.starts_1980 ? kGpsEpoch + (moment - start - clock.switched_on) : moment;
  switch (clock.kind) {
    case ClockKind::none:
      return std::nullopt;
    case ClockKind::ntp:
      return floored<std::chrono::seconds>(set + clock.error);
    case ClockKind::gps:
      return floored<std::chrono::microseconds>(set + clock.error);
  }
  return std::nullopt;
}

std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime moment) {
  return time_of_day(clock, moment, moment);
}

Clock rebooted(const Clock& clock, engine::SimTime start, engine::SimTime moment,
               engine::SimDuration boot) {
  Clock anew = clock;
  anew.offset_us = 0;
  const std::uint32_t counted = concentrator_timestamp(anew, start, moment);
  const auto boot_us = std::chrono::floor<std::chrono::microseconds>(boot).count();
  anew.offset_us = static_cast<std::uint32_t>(boot_us) - counted;
  anew.switched_on = moment - boot - start;
  return anew;
}

}  // namespace sim::fleet
