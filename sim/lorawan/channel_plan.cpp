#include "sim/lorawan/channel_plan.h"

#include "sim/lorawan/regions.h"

namespace sim::lorawan {

std::span<const ChannelPlan* const> channel_plans() {
  static const ChannelPlan* const kPlans[] = {&eu868(), &us915()};
  return kPlans;
}

const ChannelPlan* find_channel_plan(std::string_view name) {
  for (const ChannelPlan* plan : channel_plans()) {
    if (plan->name == name) return plan;
  }
  return nullptr;
}

std::optional<std::uint8_t> uplink_data_rate_index(const ChannelPlan& plan, const DataRate& rate) {
  for (const UplinkChannel& channel : plan.uplink_channels) {
    for (std::uint8_t i = channel.min_data_rate; i <= channel.max_data_rate; ++i) {
      if (plan.data_rates[i].rate == rate) return i;
    }
  }
  return std::nullopt;
}

TxSettings rx1_settings(const ChannelPlan& plan, const UplinkChannel& channel,
                        std::uint8_t data_rate_index) {
  TxSettings settings;
  settings.data_rate = plan.data_rates[plan.rx1_data_rate[data_rate_index]].rate;
  settings.frequency_hz =
      plan.rx1_frequency == Rx1Frequency::same_as_uplink
          ? channel.frequency_hz
          : plan.first_downlink_hz + plan.downlink_step_hz * (channel.number % 8u);
  return settings;
}

}  // namespace sim::lorawan
