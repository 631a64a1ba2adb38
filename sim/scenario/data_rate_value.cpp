#include "sim/scenario/data_rate_value.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/read.h"

namespace sim::scenario {

std::optional<std::uint8_t> read_data_rate(const Node& node, const lorawan::ChannelPlan& channels,
                                           Problems& problems) {
  if (!is_scalar(node, "a data rate like SF7BW125", problems)) return std::nullopt;
  const auto rate = lorawan::parse_data_rate(node.text);
  const auto index = rate ? lorawan::uplink_data_rate_index(channels, *rate) : std::nullopt;
  if (index) return index;
  std::vector<std::string> names;
  for (const lorawan::RegionalDataRate& one : channels.data_rates) {
    if (one.max_payload == 0 || !lorawan::uplink_data_rate_index(channels, one.rate)) continue;
    names.push_back(lorawan::to_string(one.rate));
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  problems.add(node, fmt::format("{} has no uplink data rate {}", channels.name, described(node)),
               suggestion(node.text, known));
  return std::nullopt;
}

bool is_channel(const lorawan::ChannelPlan& channels, std::uint32_t frequency_hz,
                std::uint8_t data_rate) {
  const auto& all = channels.uplink_channels;
  return std::any_of(all.begin(), all.end(), [&](const lorawan::UplinkChannel& one) {
    return one.frequency_hz == frequency_hz && data_rate >= one.min_data_rate &&
           data_rate <= one.max_data_rate;
  });
}

}  // namespace sim::scenario
