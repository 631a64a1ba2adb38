#include "sim/lorawan/channel_plan.h"

#include "sim/lorawan/regions.h"

namespace sim::lorawan {

namespace {

/// The frequency of the default downlink channel that answers an uplink channel.
std::uint32_t paired_downlink_hz(const ChannelPlan& plan, const UplinkChannel& channel,
                                 unsigned channels) {
  const ChannelRange& downlink = plan.default_downlink.front();
  const unsigned index = default_channel_index(plan, channel).value_or(channel.number);
  return downlink.start_hz + downlink.step_hz * (index % channels);
}

}  // namespace

std::span<const ChannelPlan* const> channel_plans() {
  static const ChannelPlan* const kPlans[] = {
      &eu868(),   &us915(), &au915(), &as923_1(), &as920_923(), &as923_2(), &as923_3(),
      &as923_4(), &in865(), &kr920(), &cn470(),   &eu433(),     &ru864()};
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

std::size_t max_uplink_payload(const ChannelPlan& plan, std::uint8_t data_rate_index) {
  const RegionalDataRate& rate = plan.data_rates[data_rate_index];
  return plan.uplink_dwell ? rate.max_payload_dwell : rate.max_payload;
}

std::uint8_t rx1_data_rate_index(const ChannelPlan& plan, std::uint8_t uplink_data_rate_index) {
  const bool dwell = plan.downlink_dwell && !plan.rx1_data_rates_dwell.empty();
  const auto table = dwell ? plan.rx1_data_rates_dwell : plan.rx1_data_rates;
  return table[uplink_data_rate_index][0];
}

std::optional<std::uint16_t> default_channel_index(const ChannelPlan& plan,
                                                   const UplinkChannel& channel) {
  for (const ChannelRange& range : plan.default_uplink) {
    for (std::uint16_t i = 0; i < range.count; ++i) {
      const bool same_rates = range.min_data_rate == channel.min_data_rate;
      if (same_rates && range.start_hz + i * range.step_hz == channel.frequency_hz) {
        return static_cast<std::uint16_t>(range.first + i);
      }
    }
  }
  return std::nullopt;
}

const SubBand* sub_band_of(const ChannelPlan& plan, std::uint32_t frequency_hz) {
  for (const SubBand& band : plan.sub_bands) {
    if (frequency_hz >= band.min_hz && frequency_hz <= band.max_hz) return &band;
  }
  return nullptr;
}

TxSettings rx1_settings(const ChannelPlan& plan, const UplinkChannel& channel,
                        std::uint8_t data_rate_index) {
  TxSettings settings;
  settings.data_rate = plan.data_rates[rx1_data_rate_index(plan, data_rate_index)].rate;
  switch (plan.rx1_frequency) {
    case Rx1Frequency::same_as_uplink:
      settings.frequency_hz = channel.frequency_hz;
      break;
    case Rx1Frequency::by_channel_modulo_8:
      settings.frequency_hz = paired_downlink_hz(plan, channel, 8);
      break;
    case Rx1Frequency::by_channel_modulo_48:
      settings.frequency_hz = paired_downlink_hz(plan, channel, 48);
      break;
  }
  return settings;
}

}  // namespace sim::lorawan
