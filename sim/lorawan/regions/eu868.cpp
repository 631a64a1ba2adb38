// Europe 863-870 MHz. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters 1.0.2 rev B.
// Channels, their numbers and radios: TTN's gateway configuration (EU-global_conf.json).
// RX2 and the transmission powers: TTN v2's frequency plan.
// The noise of single channels: measured at 867.5 and 868.3 MHz.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& eu868() {
  static constexpr UplinkChannel kChannels[] = {
      {868'100'000, 0, 5, 0, 1}, {868'300'000, 0, 5, 1, 1, 1.7}, {868'500'000, 0, 5, 2, 1},
      {867'100'000, 0, 5, 3, 0}, {867'300'000, 0, 5, 4, 0},      {867'500'000, 0, 5, 5, 0, 3.0},
      {867'700'000, 0, 5, 6, 0}, {867'900'000, 0, 5, 7, 0},      {868'300'000, 6, 6, 8, 1},
      {868'800'000, 7, 7, 9, 1},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 3, 868'100'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 3, 868'100'000, 200'000, 0, 5}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 51},  {lora(11, 125'000), 51, 51},  {lora(10, 125'000), 51, 51},
      {lora(9, 125'000), 115, 115}, {lora(8, 125'000), 242, 242}, {lora(7, 125'000), 242, 242},
      {lora(7, 250'000), 242, 242}, {fsk(50'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {0, 0, 0, 0, 0, 0, kNone, kNone}, {1, 0, 0, 0, 0, 0, kNone, kNone},
      {2, 1, 0, 0, 0, 0, kNone, kNone}, {3, 2, 1, 0, 0, 0, kNone, kNone},
      {4, 3, 2, 1, 0, 0, kNone, kNone}, {5, 4, 3, 2, 1, 0, kNone, kNone},
      {6, 5, 4, 3, 2, 1, kNone, kNone}, {7, 6, 5, 4, 3, 2, kNone, kNone},
  };
  static constexpr SubBand kSubBands[] = {
      {863'000'000, 865'000'000, 0.001, 16.15}, {865'000'000, 868'000'000, 0.01, 16.15},
      {868'000'000, 868'600'000, 0.01, 16.15},  {868'700'000, 869'200'000, 0.001, 16.15},
      {869'400'000, 869'650'000, 0.1, 29.15},   {869'700'000, 870'000'000, 0.01, 16.15},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14};
  static constexpr std::int8_t kAdrPowers[] = {20, 14, 11, 8, 5, 2};
  static const ChannelPlan kPlan = {
      .name = "EU868",
      .title = "Europe 863-870 MHz",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {869'525'000, lora(9, 125'000), 5},
      .rx2_default = {869'525'000, 0},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 16,
      .max_adr_data_rate = 5,
      .adr = {0, 5, 2, 14, 3, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 27,
  };
  return kPlan;
}

}  // namespace sim::lorawan
