// The clock of a run: which virtual time it is at a moment of wall time, and when what is to
// happen is due.
//
// Virtual time is the field's own, but for the pace realtime, where it runs with the wall clock. It
// stands still before the first uplink and while the endpoint's probe is asked. Called by Runner.
// Thread rule: the run's thread. Source: sim/README.md, "Time".
#pragma once

#include <chrono>
#include <optional>

#include "sim/check/entry.h"
#include "sim/delivery/delivery.h"
#include "sim/run/field.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class RunClock {
 public:
  using Wall = std::chrono::steady_clock;

  /// Both must outlive it.
  RunClock(const scenario::Plan& plan, const Field& field);

  /// The run begins, and its wall time is counted from now.
  void begin() { began_ = Wall::now(); }
  /// Virtual time stands still from now on.
  void stand_still() { stands_still_ = virtual_now(); }
  /// Virtual time runs, or runs again.
  void set_off();

  [[nodiscard]] bool stands_still() const { return stands_still_.has_value(); }
  /// Wall time since the run began, and a moment of it on the wall clock.
  [[nodiscard]] std::chrono::nanoseconds wall() const { return Wall::now() - began_; }
  [[nodiscard]] Wall::time_point moment(std::chrono::nanoseconds wall) const {
    return began_ + wall;
  }
  /// When virtual time set off.
  [[nodiscard]] Wall::time_point set_off_at() const { return set_off_; }

  [[nodiscard]] engine::SimTime virtual_now() const { return virtual_at(Wall::now()); }
  [[nodiscard]] engine::SimTime virtual_at(Wall::time_point moment) const;
  /// When a moment of virtual time is due on the wall clock. Only realtime has such a thing.
  [[nodiscard]] Wall::time_point due_at(engine::SimTime moment) const;

  [[nodiscard]] check::Stamp stamp() const { return stamp_of(Wall::now()); }
  [[nodiscard]] check::Stamp stamp_of(Wall::time_point moment) const {
    return {virtual_at(moment), moment - began_};
  }

 private:
  const scenario::Plan& plan_;
  const Field& field_;
  Wall::time_point began_ = Wall::now();
  Wall::time_point set_off_;
  std::optional<engine::SimTime> stands_still_;
};

}  // namespace sim::run
