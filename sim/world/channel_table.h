// Which channels a device may use at a data rate, and which part of the band each lies in.
//
// Worked out once for a plan, since every frame asks. Called by World. Thread rule: immutable.
// Source: lorawan::ChannelPlan.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/lorawan/channel_plan.h"
#include "sim/world/device_state.h"

namespace sim::world {

struct ChannelUse {
  static constexpr std::uint8_t kUnlimited = 0xFF;

  std::uint8_t channel = 0;        ///< index in the plan
  std::uint8_t band = kUnlimited;  ///< index in DeviceState::bands
  double duty_cycle = 1;
};

class ChannelTable {
 public:
  explicit ChannelTable(const lorawan::ChannelPlan& plan);

  /// The channels for a data rate; empty where there is none.
  [[nodiscard]] std::span<const ChannelUse> at(std::uint8_t data_rate) const;
  /// Those of them that every device knows before it has joined.
  [[nodiscard]] std::span<const ChannelUse> for_joins(std::uint8_t data_rate) const;
  /// The fastest data rate of the channels for joins.
  [[nodiscard]] std::uint8_t fastest_join() const;

 private:
  std::vector<std::vector<ChannelUse>> by_rate_;
  std::vector<std::vector<ChannelUse>> joins_;
};

}  // namespace sim::world
