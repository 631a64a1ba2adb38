#include "sim/world/channel_table.h"

#include <algorithm>
#include <cassert>

namespace sim::world {

ChannelTable::ChannelTable(const lorawan::ChannelPlan& plan)
    : by_rate_(plan.data_rates.size()), joins_(plan.data_rates.size()) {
  std::vector<const lorawan::SubBand*> bands;
  for (std::uint8_t i = 0; i < plan.uplink_channels.size(); ++i) {
    const lorawan::UplinkChannel& channel = plan.uplink_channels[i];
    ChannelUse use{i};
    const lorawan::SubBand* band = lorawan::sub_band_of(plan, channel.frequency_hz);
    if (band != nullptr && band->duty_cycle < 1) {
      auto found = std::find(bands.begin(), bands.end(), band);
      if (found == bands.end()) found = bands.insert(bands.end(), band);
      use.band = static_cast<std::uint8_t>(found - bands.begin());
      use.duty_cycle = band->duty_cycle;
    }
    for (std::uint8_t rate = channel.min_data_rate; rate <= channel.max_data_rate; ++rate) {
      by_rate_[rate].push_back(use);
      if (lorawan::default_channel_index(plan, channel)) joins_[rate].push_back(use);
    }
  }
  assert(bands.size() <= kUplinkBands);
}

std::span<const ChannelUse> ChannelTable::at(std::uint8_t data_rate) const {
  if (data_rate >= by_rate_.size()) return {};
  return by_rate_[data_rate];
}

std::span<const ChannelUse> ChannelTable::for_joins(std::uint8_t data_rate) const {
  if (data_rate >= joins_.size()) return {};
  return joins_[data_rate];
}

std::uint8_t ChannelTable::fastest_join() const {
  // Channels for the widest rates are few; the fastest that most channels have is what counts.
  std::uint8_t best = 0;
  for (std::uint8_t rate = 0; rate < joins_.size(); ++rate) {
    if (!joins_[rate].empty() && joins_[rate].size() >= joins_[best].size()) best = rate;
  }
  return best;
}

}  // namespace sim::world
