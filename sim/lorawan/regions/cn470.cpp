// China 470-510 MHz. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters 1.0.2 rev B.
// Channels, their numbers and radios: TTN's gateway configuration (CN-global_conf.json).
// RX2 and the transmission powers: TTN v2's frequency plan.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& cn470() {
  static constexpr UplinkChannel kChannels[] = {
      {487'100'000, 0, 5, 0, 1}, {487'300'000, 0, 5, 1, 1}, {487'500'000, 0, 5, 2, 1},
      {487'700'000, 0, 5, 3, 1}, {486'300'000, 0, 5, 4, 0}, {486'500'000, 0, 5, 5, 0},
      {486'700'000, 0, 5, 6, 0}, {486'900'000, 0, 5, 7, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 96, 470'300'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 48, 500'300'000, 200'000, 0, 5}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 51},  {lora(11, 125'000), 51, 51},  {lora(10, 125'000), 51, 51},
      {lora(9, 125'000), 115, 115}, {lora(8, 125'000), 242, 242}, {lora(7, 125'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {0, 0, 0, 0, 0, 0, kNone, kNone}, {1, 0, 0, 0, 0, 0, kNone, kNone},
      {2, 1, 0, 0, 0, 0, kNone, kNone}, {3, 2, 1, 0, 0, 0, kNone, kNone},
      {4, 3, 2, 1, 0, 0, kNone, kNone}, {5, 4, 3, 2, 1, 0, kNone, kNone},
  };
  static constexpr SubBand kSubBands[] = {
      {470'000'000, 510'000'000, 1, 19.15},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14};
  static constexpr std::int8_t kAdrPowers[] = {17, 16, 14, 12, 10, 7, 5, 2};
  static const ChannelPlan kPlan = {
      .name = "CN470",
      .title = "China 470-510 MHz",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_frequency = Rx1Frequency::by_channel_modulo_48,
      .rx2 = {505'300'000, lora(12, 125'000), 5},
      .rx2_default = {505'300'000, 0},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 19.15,
      .max_adr_data_rate = 5,
      .adr = {0, 0, 0, 0, 0, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 14,
  };
  return kPlan;
}

}  // namespace sim::lorawan
