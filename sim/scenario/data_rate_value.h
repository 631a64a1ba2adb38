// An uplink data rate as scenarios write it: `SF9BW125`, one that the region has.
//
// Called by the readers of devices and of their rules. Thread rule: pure. Source:
// scenarios/README.md, "devices".
#pragma once

#include <cstdint>
#include <optional>

#include "sim/lorawan/channel_plan.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// The data rate's index in the region.
std::optional<std::uint8_t> read_data_rate(const Node& node, const lorawan::ChannelPlan& channels,
                                           Problems& problems);

/// Whether devices may send at that data rate on that frequency.
bool is_channel(const lorawan::ChannelPlan& channels, std::uint32_t frequency_hz,
                std::uint8_t data_rate);

}  // namespace sim::scenario
