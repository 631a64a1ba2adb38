// India 865-867 MHz. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters 1.0.2 rev B.
// Channels, their numbers and radios: TTN's gateway configuration (IN-global_conf.json).
// RX2 and the transmission powers: TTN v2's frequency plan.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& in865() {
  static constexpr UplinkChannel kChannels[] = {
      {865'062'500, 0, 5, 0, 0},
      {865'402'500, 0, 5, 1, 0},
      {865'985'000, 0, 5, 2, 1},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 2, 865'062'500, 340'000, 0, 5},
                                                    {2, 1, 865'985'000, 0, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 2, 865'062'500, 340'000, 0, 5},
                                                      {2, 1, 865'985'000, 0, 0, 5}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 51},
      {lora(11, 125'000), 51, 51},
      {lora(10, 125'000), 51, 51},
      {lora(9, 125'000), 115, 115},
      {lora(8, 125'000), 242, 242},
      {lora(7, 125'000), 242, 242},
      {{}, 0, 0},
      {fsk(50'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {0, 0, 0, 0, 0, 0, 1, 2},
      {1, 0, 0, 0, 0, 0, 2, 3},
      {2, 1, 0, 0, 0, 0, 3, 4},
      {3, 2, 1, 0, 0, 0, 4, 5},
      {4, 3, 2, 1, 0, 0, 5, 5},
      {5, 4, 3, 2, 1, 0, 5, 5},
      {kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone},
      {5, 5, 5, 4, 3, 2, 5, 5},
  };
  static constexpr SubBand kSubBands[] = {
      {865'000'000, 867'000'000, 1, 16.15},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14, -16, -18, -20};
  static constexpr std::int8_t kAdrPowers[] = {27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7};
  static const ChannelPlan kPlan = {
      .name = "IN865",
      .title = "India 865-867 MHz",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {866'550'000, lora(10, 125'000), 5},
      .rx2_default = {866'550'000, 2},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 30,
      .max_adr_data_rate = 5,
      .adr = {0, 0, 0, 0, 0, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 27,
      .rx1_eirp_dbm = 27,
      .rx2_eirp_dbm = 27,
  };
  return kPlan;
}

}  // namespace sim::lorawan
