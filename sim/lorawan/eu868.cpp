// EU 863-870 MHz. Data rates and payload sizes: regional parameters 1.0.2 rev B, 2.1.3 and 2.1.6.
// Channels beyond the three default ones, RX2 at SF9 and the powers: TTN v2's frequency plan.
// Channel numbers and radios: TTN's gateway configuration for EU (global_conf.json).
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& eu868() {
  static constexpr UplinkChannel kChannels[] = {
      {868'100'000, 0, 5, 0, 1}, {868'300'000, 0, 5, 1, 1}, {868'500'000, 0, 5, 2, 1},
      {867'100'000, 0, 5, 3, 0}, {867'300'000, 0, 5, 4, 0}, {867'500'000, 0, 5, 5, 0},
      {867'700'000, 0, 5, 6, 0}, {867'900'000, 0, 5, 7, 0}, {868'300'000, 6, 6, 8, 1},
      {868'800'000, 7, 7, 9, 1},
  };
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51}, {lora(11, 125'000), 51}, {lora(10, 125'000), 51},
      {lora(9, 125'000), 115}, {lora(8, 125'000), 242}, {lora(7, 125'000), 242},
      {lora(7, 250'000), 242}, {fsk(50'000), 242},
  };
  static constexpr std::uint8_t kRx1[] = {0, 1, 2, 3, 4, 5, 6, 7};
  static const ChannelPlan kPlan = {
      .name = "EU868",
      .title = "Europe 863-870 MHz",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .rx1_data_rate = kRx1,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {869'525'000, lora(9, 125'000), 5},
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 27,
  };
  return kPlan;
}

}  // namespace sim::lorawan
