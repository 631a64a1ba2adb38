#include "sim/world/transmitter.h"

#include <algorithm>
#include <cassert>

namespace sim::world {

namespace {

using engine::SimDuration;
using engine::SimTime;

constexpr std::size_t kLinkAdrAnsBytes = 2;
constexpr std::size_t kLinkCheckReqBytes = 1;

/// Bytes of MAC commands in the header of an uplink.
std::size_t command_bytes(const network::FrameFlags& flags) {
  return (flags.adr_answer ? kLinkAdrAnsBytes : 0) + (flags.link_check ? kLinkCheckReqBytes : 0);
}

}  // namespace

/// A frame that nobody acknowledges is sent slower: one data rate down before the third, the fifth
/// and the seventh attempt, as far as there are channels and the payload fits.
std::uint8_t Transmitter::data_rate_of_attempt(std::uint32_t index, std::size_t payload) const {
  const DeviceState& device = devices_[index];
  if (!device.confirmed || device.attempt < 3) return device.data_rate;
  const auto& pinned = plan_.devices[index].pin.frequency_hz;
  const auto is_possible = [&](std::uint8_t rate) {
    const std::size_t room = lorawan::max_uplink_payload(*plan_.channels, rate);
    const auto usable = channels_.at(rate);
    return room >= payload && room > 0 &&
           std::any_of(usable.begin(), usable.end(), [&](const ChannelUse& one) {
             return !pinned || plan_.channels->uplink_channels[one.channel].frequency_hz == *pinned;
           });
  };
  std::uint8_t rate = device.data_rate;
  for (int step = (device.attempt - 1) / 2; step > 0 && rate > 0; --step) {
    if (!is_possible(static_cast<std::uint8_t>(rate - 1))) break;
    --rate;
  }
  return rate;
}

Transmitter::Turn Transmitter::turn_of(std::uint32_t index, std::size_t payload_bytes,
                                       SimTime now) {
  const DeviceState& device = devices_[index];
  Turn turn;
  turn.data_rate = data_rate_of_attempt(index, payload_bytes);
  turn.flags = frame_flags(plan_.devices[index], device);
  turn.airtime =
      airtimes_.of(*plan_.channels, turn.data_rate, payload_bytes + command_bytes(turn.flags));
  const auto free =
      free_channels(index, channels_.at(turn.data_rate), turn.airtime, now, turn.earliest);
  if (free.empty()) return turn;
  const auto words = engine::random_words(plan_.seed, engine::Purpose::transmission,
                                          engine::mixed_subject(index, device.transmissions));
  turn.channel = free[(std::uint64_t{words[0]} * free.size()) >> 32U];
  turn.lot = words[1];
  return turn;
}

std::span<const ChannelUse* const> Transmitter::free_channels(std::uint32_t index,
                                                              std::span<const ChannelUse> usable,
                                                              SimDuration airtime, SimTime now,
                                                              SimTime& earliest) {
  const DeviceState& device = devices_[index];
  candidates_.clear();
  earliest = SimTime::max();
  for (const ChannelUse& use : usable) {
    if (device.pinned_frequency && plan_.channels->uplink_channels[use.channel].frequency_hz !=
                                       plan_.devices[index].pin.frequency_hz) {
      continue;
    }
    const bool limited = use.band != ChannelUse::kUnlimited && device.limited;
    const SimTime free =
        limited ? device.bands[use.band].earliest(now, airtime, use.duty_cycle) : now;
    if (free <= now) candidates_.push_back(&use);
    earliest = std::min(earliest, free);
  }
  assert(earliest != SimTime::max() && "the scenario checks that the data rate has a channel");
  return candidates_;
}

void Transmitter::fill(std::uint32_t index, const lorawan::Bytes& payload,
                       network::Uplink& uplink) const {
  const DeviceState& device = devices_[index];
  uplink.device = index;
  uplink.f_cnt = device.f_cnt;
  uplink.f_port = device.f_port;
  uplink.confirmed = device.confirmed;
  uplink.attempt = device.attempt;
  uplink.payload.assign(payload.begin(), payload.end());
}

void Transmitter::begin(std::uint32_t index, std::uint8_t rate, const ChannelUse& channel,
                        SimDuration airtime, SimTime now, fleet::Transmission& frame) {
  DeviceState& device = devices_[index];
  frame.device = index;
  // A number of the device's own, so that what else is on the air changes nothing in its luck.
  frame.number = engine::mixed_subject(index, device.transmissions++);
  frame.eirp_dbm = static_cast<double>(device.eirp_dbm);
  frame.start = now;
  frame.end = now + airtime;
  frame.pin = device.pinned_reception ? &plan_.devices[index].pin : nullptr;
  settle_rate(*plan_.channels, rate, channel.channel, frame);
  if (channel.band != ChannelUse::kUnlimited) {
    device.bands[channel.band].use(now, airtime, channel.duty_cycle);
  }
}

void settle_rate(const lorawan::ChannelPlan& plan, std::uint8_t data_rate, std::uint8_t channel,
                 fleet::Transmission& frame) {
  frame.data_rate_index = data_rate;
  frame.data_rate = plan.data_rates[data_rate].rate;
  frame.channel = plan.uplink_channels[channel];
  frame.channel_index = channel;
}

void settle_rate(const fleet::Transmission& frame, network::Uplink& uplink) {
  uplink.tx = {frame.channel.frequency_hz, frame.data_rate, 5};
  uplink.data_rate_index = frame.data_rate_index;
}

}  // namespace sim::world
