// A device does what its rules say to a downlink; its power goes and comes back.
//
// Source: scenarios/README.md, "devices" (rules) and "timeline" (power cuts).
#include "sim/world/state.h"

namespace sim::world {

using engine::SimDuration;
using engine::SimTime;

/// The device has heard a downlink of the application.
void World::State::deliver(std::uint32_t index, const Slot& slot) {
  std::uint8_t f_port = slot.downlink.f_port;
  if (f_port == 0) f_port = slot.uplink.f_port == 0 ? std::uint8_t{1} : slot.uplink.f_port;
  DeviceState& device = devices[index];
  const std::uint32_t generation = device.send_generation;
  const Reacted reacted = react(plan.seed, index, plan.devices[index], device, slot.downlink,
                                f_port, plan.downlink_format, now);
  if (reacted.rules == 0) return;
  happenings.push_back(DeviceReacted{slot.sent.number, index, reacted.rules});
  if (device.send_generation != generation) schedule_send(index);
  befall(index, reacted);
}

/// What a rule does to more than the device's own settings.
void World::State::befall(std::uint32_t index, const Reacted& reacted) {
  DeviceState& device = devices[index];
  if (!device.memory && (reacted.move || reacted.silent)) {
    device.memory = new_memory(plan.seed, index);
  }
  if (reacted.move) {
    air.move(index, device, *reacted.move);
    happenings.push_back(DeviceChanged{index, "it moves"});
  }
  if (reacted.silent) {
    device.silent = true;
    device.memory->silent_until = now + *reacted.silent;
    happenings.push_back(DeviceChanged{index, "it is silent"});
  }
  // Whoever boots joins as well.
  if (reacted.reboot) return reboot(index, *reacted.reboot);
  if (reacted.joins_again) join_again(index);
}

void World::State::join_again(std::uint32_t index) {
  forget_frames(index);
  happenings.push_back(DeviceChanged{index, "it joins again"});
  const DeviceState& device = devices[index];
  begin_join(index, is_silent(device, now) ? device.memory->silent_until : now);
}

void World::State::reboot(std::uint32_t index, SimDuration length) {
  DeviceState& device = devices[index];
  happenings.push_back(DeviceChanged{index, "it reboots"});
  begin_fields_anew(plan.devices[index], device);
  if (plan.devices[index].mac.activation == fleet::Activation::abp) {
    device.next_f_cnt = 0;
    happenings.push_back(DeviceChanged{index, "its counter begins anew"});
  }
  device.silent = false;
  switch_off(index, now + length);
}

/// What the device was about to send, or owes an answer to, is gone.
void World::State::forget_frames(std::uint32_t index) {
  DeviceState& device = devices[index];
  device.waits = device.awaits_ack = device.owes_ack = false;
  ++device.frame_generation;
  ++device.send_generation;
}

void World::State::cut_power(std::uint32_t index, SimTime back) {
  if (battery_is_empty(plan.devices[index], devices[index])) return;
  happenings.push_back(DeviceChanged{index, "its power is cut"});
  switch_off(index, back);
}

/// The device is off until `back`, and forgets what it was about to do.
void World::State::switch_off(std::uint32_t index, SimTime back) {
  DeviceState& device = devices[index];
  device.powered = false;
  forget_frames(index);
  if (back >= plan.start + plan.duration) return;
  events.push(back, {EventKind::power_on, index, device.send_generation});
}

void World::State::power_on(std::uint32_t index, std::uint32_t generation) {
  DeviceState& device = devices[index];
  if (generation != device.send_generation) return;  // cut off again since
  device.powered = true;
  happenings.push_back(DeviceChanged{index, "it is on again"});
  if (stopped) return;
  if (plan.devices[index].mac.activation == fleet::Activation::otaa) return begin_join(index, now);
  // What boots sends at once.
  device.sends.grid = device.sends.due = now;
  schedule_send(index);
}

}  // namespace sim::world
