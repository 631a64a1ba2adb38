// The airtime of uplinks by data rate and length, each worked out once.
//
// Every frame asks for it, and its integers take several divisions. Called by World.
// Thread rule: the run's thread. Source: sim/lorawan/airtime.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "sim/engine/sim_time.h"
#include "sim/lorawan/airtime.h"
#include "sim/lorawan/channel_plan.h"

namespace sim::world {

class AirtimeTable {
 public:
  /// Of an uplink with so many bytes behind the port, commands counted in.
  engine::SimDuration of(const lorawan::ChannelPlan& plan, std::uint8_t data_rate,
                         std::size_t bytes) {
    if (bytes >= kLengths || data_rate >= known_.size()) return worked_out(plan, data_rate, bytes);
    engine::SimDuration& known = known_[data_rate][bytes];
    if (known.count() == 0) known = worked_out(plan, data_rate, bytes);
    return known;
  }

 private:
  static constexpr std::size_t kRates = 16;
  static constexpr std::size_t kLengths = 64;

  static engine::SimDuration worked_out(const lorawan::ChannelPlan& plan, std::uint8_t data_rate,
                                        std::size_t bytes) {
    return lorawan::airtime(plan.data_rates[data_rate].rate,
                            lorawan::data_frame(bytes, lorawan::Direction::up));
  }

  std::array<std::array<engine::SimDuration, kLengths>, kRates> known_{};
};

}  // namespace sim::world
