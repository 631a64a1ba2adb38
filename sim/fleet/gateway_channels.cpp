#include "sim/fleet/gateway_channels.h"

#include <algorithm>

namespace sim::fleet {

namespace {

bool is_multi_sf(const lorawan::ChannelPlan& plan, const lorawan::UplinkChannel& channel) {
  const lorawan::DataRate& rate = plan.data_rates[channel.min_data_rate].rate;
  return rate.modulation == lorawan::Modulation::lora && rate.bandwidth_hz == 125'000;
}

/// How many of the plan's channels of 125 kHz lie below this one.
std::uint8_t rank_by_frequency(const lorawan::ChannelPlan& plan,
                               const lorawan::UplinkChannel& channel) {
  return static_cast<std::uint8_t>(
      std::count_if(plan.uplink_channels.begin(), plan.uplink_channels.end(),
                    [&](const lorawan::UplinkChannel& other) {
                      return is_multi_sf(plan, other) && other.frequency_hz < channel.frequency_hz;
                    }));
}

std::uint8_t number_of(const lorawan::ChannelPlan& plan, const lorawan::UplinkChannel& channel,
                       ChannelNumbers numbers) {
  switch (numbers) {
    case ChannelNumbers::semtech:
      return channel.number;
    case ChannelNumbers::ascending:
      return is_multi_sf(plan, channel) ? rank_by_frequency(plan, channel) : channel.number;
    case ChannelNumbers::zero:
      return 0;
  }
  return channel.number;
}

}  // namespace

std::vector<ReportedChannel> reported_channels(const lorawan::ChannelPlan& plan,
                                               ChannelNumbers numbers, RfChains rf_chains) {
  std::vector<ReportedChannel> reported;
  if (numbers == ChannelNumbers::semtech && rf_chains == RfChains::by_radio) return reported;
  reported.reserve(plan.uplink_channels.size());
  for (const lorawan::UplinkChannel& channel : plan.uplink_channels) {
    const std::uint8_t chain = rf_chains == RfChains::zero ? std::uint8_t{0} : channel.rf_chain;
    reported.push_back({number_of(plan, channel, numbers), chain});
  }
  return reported;
}

}  // namespace sim::fleet
