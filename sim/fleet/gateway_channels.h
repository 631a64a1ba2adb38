// How gateways number the channels and radios of one plan.
//
// All of them listen to the same channels, but not all call them the same: the plan's own file has
// one order, many gateways count by frequency, some report nothing but 0. Called by scenario when
// it compiles a gateway. Thread rule: pure.
// Source: shared facts on radio, 2 ("numbering styles", 35 gateways of the deployed network).
#pragma once

#include <cstdint>
#include <vector>

#include "sim/fleet/gateway.h"
#include "sim/lorawan/channel_plan.h"

namespace sim::fleet {

/// The plan's own numbers; LoRa channels of 125 kHz by their frequency from 0, the others as in the
/// plan; nothing but 0.
enum class ChannelNumbers : std::uint8_t { semtech, ascending, zero };

/// The radio of each channel as in the plan, or always 0.
enum class RfChains : std::uint8_t { by_radio, zero };

/// What the gateway reports for each of the plan's uplink channels, by their index; empty where
/// that is what the plan says.
std::vector<ReportedChannel> reported_channels(const lorawan::ChannelPlan& plan,
                                               ChannelNumbers numbers, RfChains rf_chains);

}  // namespace sim::fleet
