// Europe 433 MHz. Data rates, payload sizes, receive windows, sub-bands and powers:
// regional parameters 1.0.2 rev B.
// No gateway configuration is published for it: the default channels, numbered in their order.
// RX2 and the transmission powers: TTN v2's frequency plan.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& eu433() {
  static constexpr UplinkChannel kChannels[] = {
      {433'175'000, 0, 5, 0, 0},
      {433'375'000, 0, 5, 1, 0},
      {433'575'000, 0, 5, 2, 0},
  };
  static constexpr ChannelRange kDefaultUplink[] = {{0, 3, 433'175'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 3, 433'175'000, 200'000, 0, 5}};
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
      {433'175'000, 434'665'000, 0.1, 12.15},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10};
  static constexpr std::int8_t kAdrPowers[] = {10, 7, 4, 1, -2, -5};
  static const ChannelPlan kPlan = {
      .name = "EU433",
      .title = "Europe 433 MHz",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {434'665'000, lora(12, 125'000), 5},
      .rx2_default = {434'665'000, 0},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 12.15,
      .max_adr_data_rate = 5,
      .adr = {0, 0, 0, 0, 0, kAdrPowers},
      .uplink_dwell = false,
      .downlink_dwell = false,
      .uplink_eirp_dbm = 10,
      .rx1_eirp_dbm = 10,
      .rx2_eirp_dbm = 10,
  };
  return kPlan;
}

}  // namespace sim::lorawan
