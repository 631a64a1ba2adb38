// Asia 923-925 MHz, group 1, and 920-923 MHz, as The Things Network used the group in some
// countries: other channels beside the two that every device knows. Data rates, payload sizes,
// receive windows, sub-bands and powers: regional parameters 1.0.2 rev B. Channels, their numbers
// and radios: TTN's gateway configuration (AS2-global_conf.json and AS1-global_conf.json). RX2 and
// the transmission powers: TTN v2's frequency plan. The noise in the middle of a radio's band:
// assumed as measured in EU868.
#include "sim/lorawan/regions.h"

namespace sim::lorawan {

namespace {

/// The group's figures with the channels of one of its two plans.
ChannelPlan group_1(std::string_view name, std::string_view title,
                    std::span<const UplinkChannel> channels) {
  static constexpr ChannelRange kDefaultUplink[] = {{0, 2, 923'200'000, 200'000, 0, 5}};
  static constexpr ChannelRange kDefaultDownlink[] = {{0, 2, 923'200'000, 200'000, 0, 5}};
  static constexpr RegionalDataRate kDataRates[] = {
      {lora(12, 125'000), 51, 0},   {lora(11, 125'000), 51, 0},   {lora(10, 125'000), 51, 11},
      {lora(9, 125'000), 115, 53},  {lora(8, 125'000), 242, 125}, {lora(7, 125'000), 242, 242},
      {lora(7, 250'000), 242, 242}, {fsk(50'000), 242, 242},
  };
  static constexpr Rx1DataRates kRx1[] = {
      {0, 0, 0, 0, 0, 0, 1, 2}, {1, 0, 0, 0, 0, 0, 2, 3}, {2, 1, 0, 0, 0, 0, 3, 4},
      {3, 2, 1, 0, 0, 0, 4, 5}, {4, 3, 2, 1, 0, 0, 5, 5}, {5, 4, 3, 2, 1, 0, 5, 5},
      {5, 5, 4, 3, 2, 1, 5, 5}, {5, 5, 5, 4, 3, 2, 5, 5},
  };
  static constexpr Rx1DataRates kRx1Dwell[] = {
      {2, 2, 2, 2, 2, 2, 2, 2}, {2, 2, 2, 2, 2, 2, 2, 3}, {2, 2, 2, 2, 2, 2, 3, 4},
      {3, 2, 2, 2, 2, 2, 4, 5}, {4, 3, 2, 2, 2, 2, 5, 5}, {5, 4, 3, 2, 2, 2, 5, 5},
      {5, 5, 4, 3, 2, 2, 5, 5}, {5, 5, 5, 4, 3, 2, 5, 5},
  };
  static constexpr SubBand kSubBands[] = {
      {923'000'000, 923'500'000, 0.01, 16},
  };
  static constexpr std::int8_t kPowers[] = {0, -2, -4, -6, -8, -10, -12, -14};
  static constexpr std::int8_t kAdrPowers[] = {14, 12, 10, 8, 6, 4};
  return {
      .name = name,
      .title = title,
      .uplink_channels = channels,
      .data_rates = kDataRates,
      .default_uplink = kDefaultUplink,
      .default_downlink = kDefaultDownlink,
      .rx1_data_rates = kRx1,
      .rx1_data_rates_dwell = kRx1Dwell,
      .rx1_frequency = Rx1Frequency::same_as_uplink,
      .rx2 = {923'200'000, lora(10, 125'000), 5},
      .rx2_default = {923'200'000, 2},
      .sub_bands = kSubBands,
      .tx_power_offsets_db = kPowers,
      .max_eirp_dbm = 16,
      .max_adr_data_rate = 5,
      .adr = {0, 5, 2, 14, 2, kAdrPowers},
      .uplink_dwell = true,
      .downlink_dwell = true,
      .uplink_eirp_dbm = 14,
      .rx1_eirp_dbm = 14,
      .rx2_eirp_dbm = 14,
  };
}

}  // namespace

const ChannelPlan& as923_1() {
  static constexpr UplinkChannel kChannels[] = {
      {923'200'000, 0, 5, 0, 0}, {923'400'000, 0, 5, 1, 0},      {923'600'000, 0, 5, 2, 0, 3.0},
      {923'800'000, 0, 5, 3, 0}, {924'000'000, 0, 5, 4, 0},      {924'200'000, 0, 5, 5, 1},
      {924'400'000, 0, 5, 6, 1}, {924'600'000, 0, 5, 7, 1, 3.0}, {924'500'000, 6, 6, 8, 1},
      {924'800'000, 7, 7, 9, 1},
  };
  static const ChannelPlan kPlan = group_1("AS923-1", "Asia 923-925 MHz, group 1", kChannels);
  return kPlan;
}

const ChannelPlan& as920_923() {
  static constexpr UplinkChannel kChannels[] = {
      {923'200'000, 0, 5, 0, 0},      {923'400'000, 0, 5, 1, 0},      {922'200'000, 0, 5, 2, 1},
      {922'400'000, 0, 5, 3, 1},      {922'600'000, 0, 5, 4, 0},      {922'800'000, 0, 5, 5, 0},
      {923'000'000, 0, 5, 6, 0, 3.0}, {922'000'000, 0, 5, 7, 1, 3.0}, {922'100'000, 6, 6, 8, 1},
      {921'800'000, 7, 7, 9, 1},
  };
  static const ChannelPlan kPlan = group_1("AS920-923", "Asia 920-923 MHz, group 1", kChannels);
  return kPlan;
}

}  // namespace sim::lorawan
