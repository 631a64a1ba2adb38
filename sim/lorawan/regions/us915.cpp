// United States 902-928 MHz, sub-band 2. Data rates, payload sizes, receive windows, sub-bands and
// powers: regional parameters 1.0.2 rev B. Channels, their numbers and radios: TTN's gateway
// configuration (US-global_conf.json). RX2 and the transmission powers: TTN v2's frequency plan.
// The noise in the middle of a radio's band: assumed as measured in EU868.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& us915() {
  static constexpr UplinkChannel kChannels[] = {
      {903'900'000, 0, 3, 0, 0}, {904'100'000, 0, 3, 1, 0}, {904'300'000, 0, 3, 2, 0, 3.0},
      {904'500'000, 0, 3, 3, 0}, {904'700'000, 0, 3, 4, 1}, {904'900'000, 0, 3, 5, 1},
      {905'100'000, 0, 3, 6, 1}, {905'300'000, 0, 3, 7, 1}, {904'600'000, 4, 4, 8, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 64, 902'300'000, 200'000, 0, 3},
                                                    {64, 8, 903'000'000, 1'600'000, 4, 4}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 8, 923'300'000, 600'000, 8, 13}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(10, 125'000), 11, 11},
      {lora(9, 125'000), 53, 53},
      {lora(8, 125'000), 125, 125},
      {lora(7, 125'000), 242, 242},
      {lora(8, 500'000), 242, 242},
      {{}, 0, 0},
      {{}, 0, 0},
      {{}, 0, 0},
      {lora(12, 500'000), 53, 53},
      {lora(11, 500'000), 129, 129},
      {lora(10, 500'000), 242, 242},
      {lora(9, 500'000), 242, 242},
      {lora(8, 500'000), 242, 242},
      {lora(7, 500'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {10, 9, 8, 8, kNone, kNone, kNone, kNone},    {11, 10, 9, 8, kNone, kNone, kNone, kNone},
      {12, 11, 10, 9, kNone, kNone, kNone, kNone},  {13, 12, 11, 10, kNone, kNone, kNone, kNone},
      {13, 13, 12, 11, kNone, kNone, kNone, kNone},
  };
  static constexpr SubBand kSubBands[] = {
      {902'300'000, 914'900'000, 1, 23.15},
      {923'300'000, 927'500'000, 1, 28.15},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14, -16, -18, -20};
  static constexpr std::int8_t kAdrPowers[] = {30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10};
  static const ChannelPlan kPlan = {
      .name = "US915",
      .title = "United States 902-928 MHz, sub-band 2",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_frequency = Rx1Frequency::by_channel_modulo_8,
      .rx2 = {923'300'000, lora(12, 500'000), 5},
      .rx2_default = {923'300'000, 8},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 30,
      .max_adr_data_rate = 3,
      .adr = {0, 3, 10, 20, 2, kAdrPowers},
      .uplink_dwell = true,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 20,
      .rx1_eirp_dbm = 26,
      .rx2_eirp_dbm = 26,
  };
  return kPlan;
}

}  // namespace sim::lorawan
