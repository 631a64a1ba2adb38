// A region: its parameters, and the channel plan that The Things Network v2 used in it.
//
// One file a region (regions/eu868.cpp) holds the figures; channel_plans() lists them all, so that
// a region is added in one place. Called by scenario (names), world, network and dialects.
// Thread rule: immutable values. Source: the head of each region's file; tests/lorawan holds the
// figures against fixtures/lorawan.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sim/lorawan/data_rate.h"

namespace sim::lorawan {

/// An uplink channel, with the number and the radio under which a gateway reports it.
struct UplinkChannel {
  std::uint32_t frequency_hz = 0;
  std::uint8_t min_data_rate = 0;
  std::uint8_t max_data_rate = 0;
  std::uint8_t number = 0;
  std::uint8_t rf_chain = 0;
  /// What a gateway hears there more than elsewhere: its radio's own oscillator lies in the
  /// channel.
  double extra_noise_db = 0;
};

/// A data rate of a region by its index, with the largest application payload (N) in bytes, without
/// and with a limit of 400 ms to the time on air. An index that the region does not use has 0.
struct RegionalDataRate {
  DataRate rate;
  std::size_t max_payload = 0;
  std::size_t max_payload_dwell = 0;
};

/// Channels that every device knows: `count` of them from `first`, `step_hz` apart.
struct ChannelRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;
  std::uint32_t start_hz = 0;
  std::uint32_t step_hz = 0;
  std::uint8_t min_data_rate = 0;
  std::uint8_t max_data_rate = 0;
};

/// A part of the band in which a sender may be on the air for the share `duty_cycle` of an hour.
struct SubBand {
  std::uint32_t min_hz = 0;
  std::uint32_t max_hz = 0;
  double duty_cycle = 1;
  double max_eirp_dbm = 0;
};

/// The data rate of the first receive window by its offset (0 to 7); kNone where there is none.
using Rx1DataRates = std::array<std::uint8_t, 8>;
constexpr std::uint8_t kNone = 0xFF;

/// The second receive window before the network changes it.
struct Rx2Default {
  std::uint32_t frequency_hz = 0;
  std::uint8_t data_rate = 0;
};

/// Where and how a downlink goes out.
struct TxSettings {
  std::uint32_t frequency_hz = 0;
  DataRate data_rate;
  int coding_rate = 5;
};

/// What TTN v2's adaptive data rate may set. `step_db` 0: it sets nothing in this region.
struct AdrRange {
  std::uint8_t min_data_rate = 0;
  std::uint8_t max_data_rate = 0;
  std::int8_t min_power_dbm = 0;
  std::int8_t max_power_dbm = 0;
  int step_db = 0;
  std::span<const std::int8_t> powers_dbm{};  ///< by the power's index, highest first
};

enum class Rx1Frequency : std::uint8_t {
  same_as_uplink,
  by_channel_modulo_8,
  by_channel_modulo_48,
};

/// A region's plan. `data_rates` and the tables of the first window are indexed by the data rate.
struct ChannelPlan {
  std::string_view name;
  std::string_view title;
  std::span<const UplinkChannel> uplink_channels{};  ///< what the network's gateways listen to
  std::span<const RegionalDataRate> data_rates{};
  std::span<const ChannelRange> default_uplink{};
  std::span<const ChannelRange> default_downlink{};
  std::span<const Rx1DataRates> rx1_data_rates{};
  std::span<const Rx1DataRates> rx1_data_rates_dwell{};  ///< empty: the same
  Rx1Frequency rx1_frequency = Rx1Frequency::same_as_uplink;
  TxSettings rx2{};  ///< as the network set it
  Rx2Default rx2_default{};
  std::span<const SubBand> sub_bands{};
  std::span<const std::int8_t> tx_power_offsets_db{};  ///< from max_eirp_dbm, by the power's index
  double max_eirp_dbm = 16;
  std::uint8_t max_adr_data_rate = 0;
  AdrRange adr{};
  bool uplink_dwell = false;  ///< 400 ms at most on the air
  bool downlink_dwell = false;
  double uplink_eirp_dbm = 14;
  double rx1_eirp_dbm = 14;
  double rx2_eirp_dbm = 14;
};

/// All regions, in the order in which `lnsim list regions` shows them.
std::span<const ChannelPlan* const> channel_plans();

/// The plan of that name ("EU868"), or nullptr.
const ChannelPlan* find_channel_plan(std::string_view name);

/// The index of a data rate in the plan's uplink data rates, if some uplink channel uses it.
std::optional<std::uint8_t> uplink_data_rate_index(const ChannelPlan& plan, const DataRate& rate);

/// The largest application payload that an uplink at that data rate takes, in bytes.
std::size_t max_uplink_payload(const ChannelPlan& plan, std::uint8_t data_rate_index);

/// The data rate index of the first receive window after an uplink, at offset 0.
std::uint8_t rx1_data_rate_index(const ChannelPlan& plan, std::uint8_t uplink_data_rate_index);

/// The number of an uplink channel among the region's default channels, where it is one of them.
std::optional<std::uint16_t> default_channel_index(const ChannelPlan& plan,
                                                   const UplinkChannel& channel);

/// The part of the band that a frequency lies in, or nullptr.
const SubBand* sub_band_of(const ChannelPlan& plan, std::uint32_t frequency_hz);

/// The settings of the first receive window after an uplink on `channel` at that data rate index.
TxSettings rx1_settings(const ChannelPlan& plan, const UplinkChannel& channel,
                        std::uint8_t data_rate_index);

}  // namespace sim::lorawan
