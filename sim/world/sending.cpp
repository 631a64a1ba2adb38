// A device makes a frame, waits for its duty cycle, and is on the air.
#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/engine/handing_over.h"
#include "sim/world/state.h"

namespace sim::world {

using engine::SimDuration;
using engine::SimTime;

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
    happenings.push_back(FrameNotSent{index, device.next_f_cnt, std::string(kFrameBeforeWaits)});
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

void World::State::postpone(EventKind kind, std::uint32_t index, SimTime until,
                            std::uint32_t generation) {
  happenings.push_back(FrameDelayed{index, until});
  events.push(until, {kind, index, generation});
}

/// Puts the device's frame on the air, or says when that may be.
void World::State::transmit(std::uint32_t index, const lorawan::Bytes& payload) {
  DeviceState& device = devices[index];
  const Transmitter::Turn turn = transmitter.turn_of(index, payload.size(), now);
  if (turn.channel == nullptr) {
    keep_waiting(plan.seed, index, payload, device);
    return postpone(EventKind::repeat, index, turn.earliest, device.frame_generation);
  }
  if (device.repeats > 0) --device.repeats;
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = FrameKind::data;
  slot.flags = turn.flags;
  slot.late_copy = false;
  transmitter.fill(index, payload, slot.uplink);
  put_on_air(slot_index, index, turn.data_rate, *turn.channel, turn.airtime);
  if (device.memory) device.memory->adr_answer = false;
  if (device.confirmed || device.repeats > 0) {
    // The second window closes, then the device waits for a random second to three.
    const SimDuration wait =
        between(std::chrono::seconds(1), std::chrono::seconds(3), engine::share_of(turn.lot));
    events.push(slot.on_air.frame.end + kRx2Delay + wait,
                {EventKind::repeat, index, device.frame_generation});
  }
}

/// A device sends a slot's frame now.
void World::State::put_on_air(std::uint32_t slot_index, std::uint32_t index, std::uint8_t rate,
                              const ChannelUse& channel, SimDuration airtime) {
  Slot& slot = slots[slot_index];
  DeviceState& device = devices[index];
  fleet::Transmission& frame = slot.on_air.frame;
  if (device.moves) air.follow(index, device, now);
  transmitter.begin(index, rate, channel, airtime, now, frame);
  settle_rate(frame, slot.uplink);
  slot.is_out_of_reach = false;
  slot.pinned_time = device.pinned_time;
  if (device.has_battery && !drain(*plan.devices[index].battery, device, airtime, now)) {
    device.powered = false;
    happenings.push_back(DeviceChanged{index, "its battery is empty"});
  }
  arrivals.clear();
  air.arrive(frame, device, arrivals);
  air.begin(slot.on_air, arrivals, slot.kind == FrameKind::join);
  events.push(frame.end, {EventKind::frame_end, slot_index, 0});
}

/// The next of the frames that were made before their time begins, or what became of it.
void World::State::take_ahead() {
  const FrameAhead& ready = ahead_batch->frames[next_ahead++];
  const auto heard = std::span(ahead_batch->arrivals).subspan(ahead_arrivals, ready.arrivals);
  const auto payload =
      std::span(ahead_batch->payloads).subspan(ahead_payloads, ready.payload_bytes);
  ahead_arrivals += ready.arrivals;
  ahead_payloads += ready.payload_bytes;
  prefetch_ahead();
  now = ready.at;
  if (stopped) return;
  switch (ready.kind) {
    case FrameAhead::Kind::delayed:
      happenings.push_back(FrameDelayed{ready.device, ready.until});
      return;
    case FrameAhead::Kind::not_sent:
      happenings.push_back(
          FrameNotSent{ready.device, ready.f_cnt, ahead_batch->reasons[ahead_reasons++]});
      return;
    case FrameAhead::Kind::frame:
      return begin_ahead(ready, heard, payload);
  }
}

/// The next frames of the batch may still lie in another processor's cache.
void World::State::prefetch_ahead() const {
  constexpr std::size_t kFrames = 4;
  constexpr std::size_t kArrivals = 12;
  constexpr std::size_t kBytes = 64;
  const auto fetch = [](const auto& list, std::size_t from, std::size_t bytes) {
    if (from < list.size()) engine::prefetch_far(list.data() + from, bytes);
  };
  fetch(ahead_batch->frames, next_ahead + kFrames, sizeof(FrameAhead));
  fetch(ahead_batch->arrivals, ahead_arrivals + kArrivals, 128);
  fetch(ahead_batch->payloads, ahead_payloads + kBytes, 1);
}

void World::State::begin_ahead(const FrameAhead& ready, std::span<const radio::Arrival> heard,
                               std::span<const std::uint8_t> payload) {
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = FrameKind::data;
  slot.flags = {};
  slot.late_copy = false;
  slot.is_out_of_reach = true;
  slot.pinned_time = ready.pinned_time;
  fleet::Transmission& frame = slot.on_air.frame;
  frame.device = ready.device;
  frame.number = ready.number;
  frame.eirp_dbm = static_cast<double>(ready.eirp_dbm);
  frame.start = ready.at;
  frame.end = ready.until;
  frame.pin = ready.pinned_reception ? &plan.devices[ready.device].pin : nullptr;
  settle_rate(*plan.channels, ready.data_rate, ready.channel, frame);
  network::Uplink& uplink = slot.uplink;
  uplink.device = ready.device;
  uplink.f_cnt = ready.f_cnt;
  uplink.f_port = ready.f_port;
  uplink.confirmed = false;
  uplink.attempt = 1;
  uplink.payload.assign(payload.begin(), payload.end());
  settle_rate(frame, uplink);
  air.begin(slot.on_air, heard, false);
  events.push(frame.end, {EventKind::frame_end, slot_index, 0});
}

}  // namespace sim::world
