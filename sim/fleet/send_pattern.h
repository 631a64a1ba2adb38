// When a device sends: on a grid, by chance, by the hour of the day, or in bursts after an event.
//
// A pattern says how long after one uplink the next is due; all draws come from words that belong
// to the device and the uplink's number, so that devices do not disturb each other's luck. Called
// by world. Thread rule: pure. Source: scenarios/README.md, "devices"; the day's curve is a Poisson
// process whose rate changes by the hour.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sim/engine/sim_time.h"

namespace sim::fleet {

enum class Traffic : std::uint8_t {
  periodic,   ///< on a grid of `every`, each moved by up to +-`jitter` of it
  poisson,    ///< at random, `every` apart on average
  day_curve,  ///< at random, more often in some hours than in others
  events,     ///< bursts of `burst` uplinks, `spacing` apart; bursts `every` apart on average
};

/// How busy each hour of the day is in UTC, 1 on average.
using DayCurve = std::array<double, 24>;

struct SendPattern {
  engine::SimDuration first{};  ///< the first uplink, after the run's start
  engine::SimDuration every{};
  double jitter = 0;  ///< 0.05 is 5%
  Traffic traffic = Traffic::periodic;
  int burst = 1;
  engine::SimDuration spacing{};
  std::shared_ptr<const DayCurve> day{};  ///< of Traffic::day_curve
};

/// A device's place in its pattern.
struct SendPlace {
  engine::SimTime grid;        ///< of a periodic one, without jitter
  engine::SimTime due;         ///< the next uplink
  std::uint32_t in_burst = 0;  ///< uplinks of the present burst that were sent
};

/// Moves on to the next uplink of a periodic pattern.
void move_on_grid(double jitter, engine::SimDuration every,
                  const std::array<std::uint32_t, 4>& words, SendPlace& place);

/// Moves on to the next uplink. `every` is the interval as it is now; `words` are the lot.
void move_on(const SendPattern& pattern, engine::SimDuration every,
             const std::array<std::uint32_t, 4>& words, SendPlace& place);

}  // namespace sim::fleet
