#include "sim/fleet/send_pattern.h"

#include <cmath>

#include "sim/engine/random.h"

namespace sim::fleet {

namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

SimDuration scaled(SimDuration length, double factor) {
  return SimDuration(static_cast<SimDuration::rep>(static_cast<double>(length.count()) * factor));
}

/// An exponential length with mean 1.
double exponential(std::uint32_t bits) {
  return -std::log(1 - engine::share_of(bits));
}

/// Goes through the hours until so much of the mean interval has passed as was drawn.
SimTime through_the_day(const DayCurve& day, SimTime from, double intervals, SimDuration every) {
  SimTime now = from;
  for (;;) {
    const SimTime hour_end = std::chrono::floor<std::chrono::hours>(now) + 1h;
    const auto hours = std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
    const double rate = day[static_cast<std::size_t>(((hours % 24) + 24) % 24)];
    const double in_hour =
        rate * static_cast<double>((hour_end - now).count()) / static_cast<double>(every.count());
    if (in_hour >= intervals) return now + scaled(every, intervals / rate);
    intervals -= in_hour;
    now = hour_end;
  }
}

}  // namespace

void move_on_grid(double jitter, SimDuration every, const std::array<std::uint32_t, 4>& words,
                  SendPlace& place) {
  place.grid += every;
  place.due = place.grid;
  if (jitter > 0) place.due += scaled(every, jitter * (2 * engine::share_of(words[0]) - 1));
}

void move_on(const SendPattern& pattern, SimDuration every,
             const std::array<std::uint32_t, 4>& words, SendPlace& place) {
  switch (pattern.traffic) {
    case Traffic::periodic:
      return move_on_grid(pattern.jitter, every, words, place);
    case Traffic::poisson:
      place.due += scaled(every, exponential(words[0]));
      return;
    case Traffic::day_curve:
      place.due = through_the_day(*pattern.day, place.due, exponential(words[0]), every);
      return;
    case Traffic::events:
      if (++place.in_burst < static_cast<std::uint32_t>(pattern.burst)) {
        place.due += pattern.spacing;
        return;
      }
      place.in_burst = 0;
      place.due += scaled(every, exponential(words[0]));
      return;
  }
}

}  // namespace sim::fleet
