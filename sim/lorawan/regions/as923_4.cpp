// Asia 917.3 MHz, group 4. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters RP002-1.0.4.
// No gateway configuration is published for it: the default channels, numbered in their order.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& as923_4() {
  static constexpr UplinkChannel kChannels[] = {
      {917'300'000, 0, 5, 0, 0},
      {917'500'000, 0, 5, 1, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 2, 917'300'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 2, 917'300'000, 200'000, 0, 5}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 0},   {lora(11, 125'000), 51, 0},   {lora(10, 125'000), 115, 11},
      {lora(9, 125'000), 115, 53},  {lora(8, 125'000), 242, 125}, {lora(7, 125'000), 242, 242},
      {lora(7, 250'000), 242, 242}, {fsk(50'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {0, 0, 0, 0, 0, 0, 1, 2}, {1, 0, 0, 0, 0, 0, 2, 3}, {2, 1, 0, 0, 0, 0, 3, 4},
      {3, 2, 1, 0, 0, 0, 4, 5}, {4, 3, 2, 1, 0, 0, 5, 6}, {5, 4, 3, 2, 1, 0, 6, 7},
      {6, 5, 4, 3, 2, 1, 7, 7}, {7, 6, 5, 4, 3, 2, 7, 7},
  };
  static constexpr Rx1DataRates kRx1Dwell[] = {
      {2, 2, 2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2, 2, 3}, {2, 2, 2, 2, 2, 2, 3, 4},
      {3, 2, 2, 2, 2, 2, 4, 5}, {4, 3, 2, 2, 2, 2, 5, 6}, {5, 4, 3, 2, 2, 2, 6, 7},
      {6, 5, 4, 3, 2, 2, 7, 7}, {7, 6, 5, 4, 3, 2, 7, 7},
  };
  static constexpr SubBand kSubBands[] = {
      {917'300'000, 917'500'000, 0.01, 16},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14};
  static const ChannelPlan kPlan = {
      .name = "AS923-4",
      .title = "Asia 917.3 MHz, group 4",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_data_rates_dwell = kRx1Dwell,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {917'300'000, lora(10, 125'000), 5},
      .rx2_default = {917'300'000, 2},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 16,
      .max_adr_data_rate = 5,
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 14,
  };
  return kPlan;
}

}  // namespace sim::lorawan
