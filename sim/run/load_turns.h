// Whose turn it is under a load: the moment at which the next uplink goes, on the wall clock.
//
// The devices' uplinks are taken in their order, each at the load's next moment. Called by Runner.
// Thread rule: the run's thread. Source: sim/README.md, "Time"; scenarios/README.md, "load".
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sim/delivery/delivery.h"
#include "sim/delivery/load_profile.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class LoadTurns {
 public:
  /// The plan must outlive it, and have a load.
  explicit LoadTurns(const scenario::Plan& plan)
      : pacer_(plan.load->profile, plan.load->arrivals, plan.field.seed), next_(pacer_.next()) {}

  /// The load begins at that moment.
  void begin(delivery::WallTime moment) { begin_ = moment; }
  [[nodiscard]] bool is_over() const { return !next_; }
  /// Of the next uplink. Not to be asked when it is over.
  [[nodiscard]] delivery::WallTime due() const { return begin_ + next_->offset; }
  /// Its moment or another one, whichever is first; the other one when it is over.
  [[nodiscard]] delivery::WallTime first_of(delivery::WallTime other) const {
    return is_over() ? other : std::min(due(), other);
  }
  [[nodiscard]] std::uint16_t phase() const { return static_cast<std::uint16_t>(next_->phase); }
  /// That uplink has gone.
  void take() { next_ = pacer_.next(); }

 private:
  delivery::Pacer pacer_;
  std::optional<delivery::LoadProfile::Due> next_;
  delivery::WallTime begin_;
};

}  // namespace sim::run
