// A device makes a frame, waits for its duty cycle, and is on the air.
#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/lorawan/airtime.h"
#include "sim/world/state.h"

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

SimDuration between(SimDuration from, SimDuration to, double share) {
  return from + SimDuration(static_cast<SimDuration::rep>(
                    share * static_cast<double>((to - from).count())));
}

void World::State::schedule_send(std::uint32_t index) {
  const DeviceState& device = devices[index];
  if (stopped || device.sends.due >= plan.start + plan.duration) return;
  events.push(std::max(device.sends.due, now), {EventKind::send, index, device.send_generation});
}

bool World::State::may_send(std::uint32_t index) const {
  const DeviceState& device = devices[index];
  return !stopped && device.powered && device.joined && !is_silent(device, now);
}

void World::State::send(std::uint32_t index, std::uint32_t generation) {
  DeviceState& device = devices[index];
  if (stopped || generation != device.send_generation || !device.powered) return;
  if (!device.joined) return begin_join(index, now);
  // A silent device keeps its rhythm, and goes on in it later.
  if (!is_silent(device, now)) send_now(index);
  if (!device.powered) return;
  plan_next_send(plan.seed, index, plan.devices[index], device);
  schedule_send(index);
}

/// Makes a new frame and sends it, unless the one before still waits for its turn.
void World::State::send_now(std::uint32_t index) {
  DeviceState& device = devices[index];
  if (device.waits) {
    happenings.push_back(
        FrameNotSent{index, device.next_f_cnt, "the frame before it may not be sent yet"});
    return;
  }
  if (device.awaits_ack) give_up(index);
  back_off(*plan.channels, plan.devices[index], device);
  const auto made =
      make_frame(plan.seed, index, plan.devices[index], device, plan.format, now, new_payload);
  if (!made) {
    device.awaits_ack = false;
    happenings.push_back(FrameNotSent{index, device.f_cnt, made.error()});
    return;
  }
  transmit(index, new_payload);
}

/// A frame's next try: it waited for its duty cycle, or nothing acknowledged it.
void World::State::repeat(std::uint32_t index, std::uint32_t generation) {
  DeviceState& device = devices[index];
  if (generation != device.frame_generation || !device.powered) return;
  const bool waited = std::exchange(device.waits, false);
  if (is_silent(device, now)) {
    if (device.awaits_ack) give_up(index);
    return;
  }
  if (!waited) {
    if (device.repeats == 0) {
      if (device.awaits_ack) give_up(index);
      return;
    }
    if (device.confirmed && !device.awaits_ack) return;
    ++device.attempt;
  }
  transmit(index, device.memory->payload);
}

void World::State::give_up(std::uint32_t index) {
  DeviceState& device = devices[index];
  device.awaits_ack = false;
  happenings.push_back(UplinkGivenUp{index, device.f_cnt, device.attempt});
}

/// A frame that nobody acknowledges is sent slower: one data rate down before the third, the fifth
/// and the seventh attempt, as far as there are channels and the payload fits.
std::uint8_t World::State::data_rate_of_attempt(std::uint32_t index, std::size_t payload) const {
  const DeviceState& device = devices[index];
  if (!device.confirmed || device.attempt < 3) return device.data_rate;
  const auto& pinned = plan.devices[index].pin.frequency_hz;
  const auto is_possible = [&](std::uint8_t rate) {
    const std::size_t room = lorawan::max_uplink_payload(*plan.channels, rate);
    const auto usable = channels.at(rate);
    return room >= payload && room > 0 &&
           std::any_of(usable.begin(), usable.end(), [&](const ChannelUse& one) {
             return !pinned || plan.channels->uplink_channels[one.channel].frequency_hz == *pinned;
           });
  };
  std::uint8_t rate = device.data_rate;
  for (int step = (device.attempt - 1) / 2; step > 0 && rate > 0; --step) {
    if (!is_possible(static_cast<std::uint8_t>(rate - 1))) break;
    --rate;
  }
  return rate;
}

/// Puts those of the channels into `candidates` that the device may use now. Where there are none,
/// false, and `earliest` is when the first will be free.
bool World::State::find_channels(std::uint32_t index, std::span<const ChannelUse> usable,
                                 SimDuration airtime, SimTime& earliest) {
  const DeviceState& device = devices[index];
  candidates.clear();
  earliest = SimTime::max();
  for (const ChannelUse& use : usable) {
    if (device.pinned_frequency && plan.channels->uplink_channels[use.channel].frequency_hz !=
                                       plan.devices[index].pin.frequency_hz) {
      continue;
    }
    const bool limited = use.band != ChannelUse::kUnlimited && device.limited;
    const SimTime free =
        limited ? device.bands[use.band].earliest(now, airtime, use.duty_cycle) : now;
    if (free <= now) candidates.push_back(&use);
    earliest = std::min(earliest, free);
  }
  assert(earliest != SimTime::max() && "the scenario checks that the data rate has a channel");
  return !candidates.empty();
}

void World::State::postpone(EventKind kind, std::uint32_t index, SimTime until,
                            std::uint32_t generation) {
  happenings.push_back(FrameDelayed{index, until});
  events.push(until, {kind, index, generation});
}

/// Puts the device's frame on the air, or says when that may be.
void World::State::transmit(std::uint32_t index, const lorawan::Bytes& payload) {
  DeviceState& device = devices[index];
  const fleet::Device& description = plan.devices[index];
  const std::uint8_t rate = data_rate_of_attempt(index, payload.size());
  const network::FrameFlags flags = frame_flags(description, device);
  const SimDuration airtime = lorawan::airtime(
      plan.channels->data_rates[rate].rate,
      lorawan::data_frame(payload.size() + command_bytes(flags), lorawan::Direction::up));
  SimTime earliest;
  if (!find_channels(index, channels.at(rate), airtime, earliest)) {
    if (!device.memory) device.memory = new_memory(plan.seed, index);
    if (&payload != &device.memory->payload) device.memory->payload = payload;
    device.waits = true;
    return postpone(EventKind::repeat, index, earliest, device.frame_generation);
  }
  if (device.repeats > 0) --device.repeats;
  const auto words = engine::random_words(plan.seed, engine::Purpose::transmission,
                                          engine::mixed_subject(index, device.transmissions));
  const std::size_t lot = (std::uint64_t{words[0]} * candidates.size()) >> 32U;
  const ChannelUse& channel = *candidates[lot];
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = FrameKind::data;
  slot.flags = flags;
  slot.late_copy = false;
  slot.on_air.frame.device = index;
  network::Uplink& uplink = slot.uplink;
  uplink.device = index;
  uplink.f_cnt = device.f_cnt;
  uplink.f_port = device.f_port;
  uplink.confirmed = device.confirmed;
  uplink.attempt = device.attempt;
  uplink.payload.assign(payload.begin(), payload.end());
  put_on_air(slot_index, rate, channel, airtime);
  if (device.memory) device.memory->adr_answer = false;
  if (device.confirmed || device.repeats > 0) {
    // The second window closes, then the device waits for a random second to three.
    const SimDuration wait =
        between(std::chrono::seconds(1), std::chrono::seconds(3), engine::share_of(words[1]));
    events.push(slot.on_air.frame.end + kRx2Delay + wait,
                {EventKind::repeat, index, device.frame_generation});
  }
}

/// Puts a slot's frame on the air now.
void World::State::put_on_air(std::uint32_t slot_index, std::uint8_t rate,
                              const ChannelUse& channel, SimDuration airtime) {
  Slot& slot = slots[slot_index];
  fleet::Transmission& frame = slot.on_air.frame;
  DeviceState& device = devices[frame.device];
  // A number of the device's own, so that what else is on the air changes nothing in its luck.
  frame.number = engine::mixed_subject(frame.device, device.transmissions++);
  frame.data_rate_index = rate;
  frame.data_rate = plan.channels->data_rates[rate].rate;
  frame.eirp_dbm = static_cast<double>(device.eirp_dbm);
  frame.channel = plan.channels->uplink_channels[channel.channel];
  frame.channel_index = channel.channel;
  frame.start = now;
  frame.end = now + airtime;
  frame.pin = device.pinned_reception ? &plan.devices[frame.device].pin : nullptr;
  slot.uplink.tx = {frame.channel.frequency_hz, frame.data_rate, 5};
  slot.uplink.data_rate_index = rate;
  if (channel.band != ChannelUse::kUnlimited) {
    device.bands[channel.band].use(now, airtime, channel.duty_cycle);
  }
  if (device.has_battery && !drain(*plan.devices[frame.device].battery, device, airtime, now)) {
    device.powered = false;
    happenings.push_back(DeviceChanged{frame.device, "its battery is empty"});
  }
  air.begin(slot.on_air, device, slot.kind == FrameKind::join);
  events.push(frame.end, {EventKind::frame_end, slot_index, 0});
}

}  // namespace sim::world
