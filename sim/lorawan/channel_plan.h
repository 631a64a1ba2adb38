// A region's channels, data rates and receive windows, as The Things Network v2 used them.
//
// One file a region (eu868.cpp, us915.cpp) holds the figures; channel_plans() lists them all, so
// that a region is added in one place. Called by scenario (names), network and dialects.
// Thread rule: immutable values. Source: regional parameters 1.0.2 rev B, and the frequency plans
// of the v2 server (core/band/band.go) and of its gateways (gateway-conf).
#pragma once

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
};

/// A data rate of a region by its index, with the largest application payload (N) in bytes.
/// An index that the region does not use has max_payload 0.
struct RegionalDataRate {
  DataRate rate;
  std::size_t max_payload = 0;
};

/// Where and how a downlink goes out.
struct TxSettings {
  std::uint32_t frequency_hz = 0;
  DataRate data_rate;
  int coding_rate = 5;
};

enum class Rx1Frequency : std::uint8_t { same_as_uplink, by_channel_modulo_8 };

/// A region's plan. `data_rates` is indexed by the data rate index.
struct ChannelPlan {
  std::string_view name;
  std::string_view title;
  std::span<const UplinkChannel> uplink_channels;
  std::span<const RegionalDataRate> data_rates;
  std::span<const std::uint8_t> rx1_data_rate;  ///< by the uplink's data rate index, offset 0
  Rx1Frequency rx1_frequency = Rx1Frequency::same_as_uplink;
  std::uint32_t first_downlink_hz = 0;  ///< for by_channel_modulo_8
  std::uint32_t downlink_step_hz = 0;   ///< for by_channel_modulo_8
  TxSettings rx2;
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

/// The settings of the first receive window after an uplink on `channel` at that data rate index.
TxSettings rx1_settings(const ChannelPlan& plan, const UplinkChannel& channel,
                        std::uint8_t data_rate_index);

}  // namespace sim::lorawan
