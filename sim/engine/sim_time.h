// Virtual time: the clock of the simulated network.
//
// A run has two times. Virtual time is a value that is handed from function to function and moves
// only when the simulation moves it; wall time is known to `run` alone. VirtualClock has no now()
// on purpose, so that a stray system_clock::now() does not compile where a SimTime is meant.
// Thread rule: values, free to copy. Source: sim/README.md, "Time".
#pragma once

#include <chrono>

namespace sim::engine {

/// A length of virtual time. Nanoseconds: a concentrator's microsecond is exact, and 292 years fit.
using SimDuration = std::chrono::nanoseconds;

/// The clock that SimTime counts on. Its epoch is that of Unix, in UTC without leap seconds.
struct VirtualClock {
  using duration = SimDuration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};

/// A moment of virtual time; `time_since_epoch()` is nanoseconds since 1970-01-01T00:00:00Z.
using SimTime = VirtualClock::time_point;

}  // namespace sim::engine
