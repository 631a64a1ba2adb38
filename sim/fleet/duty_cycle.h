// How long a sender must be silent, by law: duty cycle of a part of the band, and the budget of
// joins.
//
// A duty cycle of 1% allows 36 s in any hour. Senders keep it by waiting after each frame; the wait
// below is a little longer than the usual airtime / share, since with that one more frame fits into
// an hour than is allowed. Called by world (devices) and network (gateways). Thread rule: values of
// the run's thread. Source: ETSI EN 300 220; LoRaWAN L2 1.0.4, 7 (join back-off).
#pragma once

#include <algorithm>

#include "sim/engine/sim_time.h"

namespace sim::fleet {

/// One sender's use of one part of the band.
class BandUse {
 public:
  /// The earliest moment, not before `now`, at which a frame of that length may begin.
  [[nodiscard]] engine::SimTime earliest(engine::SimTime now, engine::SimDuration airtime,
                                         double duty_cycle) const {
    if (duty_cycle >= 1 || free_ == engine::SimTime::min()) return now;
    if (airtime <= longest_) return std::max(now, free_);
    return earliest_of_longest(now, airtime, duty_cycle);
  }

  /// Takes note of a frame that begins at `start`.
  void use(engine::SimTime start, engine::SimDuration airtime, double duty_cycle);

 private:
  [[nodiscard]] engine::SimTime earliest_of_longest(engine::SimTime now,
                                                    engine::SimDuration airtime,
                                                    double duty_cycle) const;

  engine::SimTime free_ = engine::SimTime::min();
  engine::SimDuration longest_{};
};

/// What a device may send of join requests: 36 s in its first hour, 36 s in the ten hours after
/// that, then 8.7 s a day.
class JoinBudget {
 public:
  /// The device was switched on.
  void begin(engine::SimTime now);

  [[nodiscard]] engine::SimTime earliest(engine::SimTime now, engine::SimDuration airtime) const;
  void use(engine::SimTime start, engine::SimDuration airtime);

 private:
  struct Period {
    engine::SimTime begin;
    engine::SimTime end;
    engine::SimDuration budget;
  };
  [[nodiscard]] Period period_of(engine::SimTime now) const;

  engine::SimTime since_{};
  engine::SimTime period_begin_{};
  engine::SimDuration used_{};
};

}  // namespace sim::fleet
