// Australia 915-928 MHz, sub-band 2. Data rates, payload sizes, receive windows, sub-bands and
// powers: regional parameters 1.0.2 rev B. Channels, their numbers and radios: TTN's gateway
// configuration (AU-global_conf.json). RX2 and the transmission powers: TTN v2's frequency plan.
// The noise in the middle of a radio's band: assumed as measured in EU868.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& au915() {
  static constexpr UplinkChannel kChannels[] = {
      {916'800'000, 0, 5, 0, 0}, {917'000'000, 0, 5, 1, 0}, {917'200'000, 0, 5, 2, 0, 3.0},
      {917'400'000, 0, 5, 3, 0}, {917'600'000, 0, 5, 4, 1}, {917'800'000, 0, 5, 5, 1},
      {918'000'000, 0, 5, 6, 1}, {918'200'000, 0, 5, 7, 1}, {917'500'000, 6, 6, 8, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 64, 915'200'000, 200'000, 0, 5},
                                                    {64, 8, 915'900'000, 1'600'000, 6, 6}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 8, 923'300'000, 600'000, 8, 13}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 51},   {lora(11, 125'000), 51, 51},
      {lora(10, 125'000), 51, 51},   {lora(9, 125'000), 115, 115},
      {lora(8, 125'000), 242, 242},  {lora(7, 125'000), 242, 242},
      {lora(8, 500'000), 242, 242},  {{}, 0, 0},
      {lora(12, 500'000), 53, 53},   {lora(11, 500'000), 129, 129},
      {lora(10, 500'000), 242, 242}, {lora(9, 500'000), 242, 242},
      {lora(8, 500'000), 242, 242},  {lora(7, 500'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {8, 8, 8, 8, 8, 8, kNone, kNone},      {9, 8, 8, 8, 8, 8, kNone, kNone},
      {10, 9, 8, 8, 8, 8, kNone, kNone},     {11, 10, 9, 8, 8, 8, kNone, kNone},
      {12, 11, 10, 9, 8, 8, kNone, kNone},   {13, 12, 11, 10, 9, 8, kNone, kNone},
      {13, 13, 12, 11, 10, 9, kNone, kNone},
  };
  static constexpr SubBand kSubBands[] = {
      {915'000'000, 928'000'000, 1, 30},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14, -16, -18, -20};
  static constexpr std::int8_t kAdrPowers[] = {30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10};
  static const ChannelPlan kPlan = {
      .name = "AU915",
      .title = "Australia 915-928 MHz, sub-band 2",
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
      .max_adr_data_rate = 5,
      .adr = {0, 5, 10, 20, 2, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 20,
      .rx1_eirp_dbm = 26,
      .rx2_eirp_dbm = 26,
  };
  return kPlan;
}

}  // namespace sim::lorawan
