// Asia 921.4 MHz, group 2. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters RP002-1.0.4.
// No gateway configuration is published for it: the default channels, numbered in their order.
#include "sim/lorawan/regions.h"
#include "sim/lorawan/regions/as923.h"

namespace sim::lorawan {

const ChannelPlan& as923_2() {
  static constexpr UplinkChannel kChannels[] = {
      {921'400'000, 0, 5, 0, 0},
      {921'600'000, 0, 5, 1, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 2, 921'400'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 2, 921'400'000, 200'000, 0, 5}};
  static constexpr SubBand kSubBands[] = {
      {921'400'000, 922'000'000, 0.01, 16},
  };
  static constexpr std::int8_t kAdrPowers[] = {14, 12, 10, 8, 6, 4};
  static const ChannelPlan kPlan = {
      .name = "AS923-2",
      .title = "Asia 921.4 MHz, group 2",
      .uplink_channels = kChannels,
      .data_rates = as923::kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = as923::kRx1,
      .rx1_data_rates_dwell = as923::kRx1Dwell,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {921'400'000, lora(10, 125'000), 5},
      .rx2_default = {921'400'000, 2},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = as923::kPowers,
      .max_eirp_dbm = 16,
      .max_adr_data_rate = 5,
      .adr = {0, 5, 2, 14, 2, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 14,
  };
  return kPlan;
}

}  // namespace sim::lorawan
