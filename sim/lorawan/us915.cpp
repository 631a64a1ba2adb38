// US 902-928 MHz, second sub-band, as TTN v2 used it. Data rates and payload sizes: regional
// parameters 1.0.2 rev B, 2.2.3 and 2.2.6. Channels and radios: TTN's gateway configuration for
// US. Downlink channels: 2.2.7 (923.3 MHz and 600 kHz steps, by the uplink channel modulo 8).
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

const ChannelPlan& us915() {
  static constexpr UplinkChannel kChannels[] = {
      {903'900'000, 0, 3, 0, 0}, {904'100'000, 0, 3, 1, 0}, {904'300'000, 0, 3, 2, 0},
      {904'500'000, 0, 3, 3, 0}, {904'700'000, 0, 3, 4, 1}, {904'900'000, 0, 3, 5, 1},
      {905'100'000, 0, 3, 6, 1}, {905'300'000, 0, 3, 7, 1}, {904'600'000, 4, 4, 8, 0},
  };
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(10, 125'000), 11},
      {lora(9, 125'000), 53},
      {lora(8, 125'000), 125},
      {lora(7, 125'000), 242},
      {lora(8, 500'000), 242},
      {{}, 0},
      {{}, 0},
      {{}, 0},
      {lora(12, 500'000), 53},
      {lora(11, 500'000), 129},
      {lora(10, 500'000), 242},
      {lora(9, 500'000), 242},
      {lora(8, 500'000), 242},
      {lora(7, 500'000), 242},
  };
  static constexpr std::uint8_t kRx1[] = {10, 11, 12, 13, 13};
  static const ChannelPlan kPlan = {
      .name = "US915",
      .title = "United States 902-928 MHz, sub-band 2",
      .uplink_channels = kChannels,
      .data_rates = kDataRates,
      .rx1_data_rate = kRx1,
      .rx1_frequency = Rx1Frequency::by_channel_modulo_8,
      .first_downlink_hz = 923'300'000,
      .downlink_step_hz = 600'000,
      .rx2 = {923'300'000, lora(12, 500'000), 5},
      .uplink_eirp_dbm = 20,
      .rx1_eirp_dbm = 26,
      .rx2_eirp_dbm = 26,
  };
  return kPlan;
}

}  // namespace sim::lorawan
