// Something goes back in a receive window, and the device hears it or not.
#include <algorithm>
#include <utility>

#include "sim/lorawan/airtime.h"
#include "sim/world/state.h"

namespace sim::world {

namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

/// The most that the network's own commands add to a downlink.
constexpr std::size_t kMostCommandBytes = 8;
/// How long the network takes for a downlink to a device that always listens.
constexpr SimDuration kAtOnce = 200ms;

SimDuration downlink_airtime(const lorawan::DataRate& rate, std::size_t bytes) {
  return lorawan::airtime(rate, lorawan::data_frame(bytes, lorawan::Direction::down));
}

/// The largest payload of a downlink at that data rate.
std::size_t room_of(const lorawan::ChannelPlan& plan, const lorawan::DataRate& rate) {
  for (const lorawan::RegionalDataRate& one : plan.data_rates) {
    if (one.rate == rate && one.max_payload > 0) {
      return plan.downlink_dwell ? one.max_payload_dwell : one.max_payload;
    }
  }
  return 0;
}

}  // namespace

/// The receive windows after an uplink that a payload of that size fits into.
std::vector<network::Window> World::State::windows_of(const Slot& slot, std::size_t bytes) const {
  const fleet::Transmission& frame = slot.on_air.frame;
  const lorawan::TxSettings rx1 =
      lorawan::rx1_settings(*plan.channels, frame.channel, frame.data_rate_index);
  const lorawan::TxSettings& rx2 = plan.channels->rx2;
  std::vector<network::Window> windows;
  if (bytes <= room_of(*plan.channels, rx1.data_rate)) {
    windows.push_back({1, frame.end + kRx1Delay, rx1, plan.channels->rx1_eirp_dbm,
                       downlink_airtime(rx1.data_rate, bytes)});
  }
  if (bytes <= room_of(*plan.channels, rx2.data_rate)) {
    windows.push_back({2, frame.end + kRx2Delay, rx2, plan.channels->rx2_eirp_dbm,
                       downlink_airtime(rx2.data_rate, bytes)});
  }
  return windows;
}

void World::State::respond(std::uint32_t slot_index) {
  Slot& slot = slots[slot_index];
  const network::Uplink& uplink = slot.uplink;
  const auto can_send = [this](std::uint32_t gateway) { return air.can_send(gateway); };
  const std::size_t most = server.next_downlink_bytes(uplink.device);
  const auto choice =
      network::choose_downlink(uplink, windows_of(slot, most), usage, now, can_send);
  // Without a gateway that can send, the queue keeps what it has for the next uplink.
  const auto answer = choice ? server.respond(uplink, slot.flags) : std::nullopt;
  if (!answer) return free_slot(slot_index);
  slot.choice = *choice;
  slot.downlink.number = 0;
  slot.downlink.payload.clear();
  if (answer->downlink != nullptr) slot.downlink = *answer->downlink;
  slot.adr = answer->adr;
  network::Window& window = slot.choice.window;
  window.airtime =
      downlink_airtime(window.tx.data_rate, slot.downlink.payload.size() + answer->command_bytes());
  slot.sent = {slot.downlink.number, uplink.device, uplink.number,
               slot.choice.gateway,  window.number, answer->f_cnt_down,
               answer->ack,          false,         answer->first_time};
  usage.sends(slot.choice.gateway, window);
  air.send(slot.choice.gateway, window);
  events.push(window.start + window.airtime, {EventKind::window, slot_index, 0});
}

bool World::State::hears(const Slot& slot) const {
  const std::uint32_t index = slot.on_air.frame.device;
  const DeviceState& device = devices[index];
  if (!device.powered || !air.can_send(slot.choice.gateway)) return false;
  // A device that asks for a session has dropped the old one, and cannot read what is sent in it.
  if (slot.kind == FrameKind::data && !device.joined) return false;
  engine::Random lot(plan.seed, engine::Purpose::downlink_loss, slot.on_air.frame.number);
  if (lot.uniform() < plan.devices[index].downlink_loss) return false;
  return air.hears(index, device, slot.choice.gateway, slot.choice.window.tx.data_rate,
                   slot.choice.window.eirp_dbm, slot.on_air.frame.number);
}

/// What was sent has come to its end: did the device hear it?
void World::State::window(std::uint32_t slot_index) {
  Slot& slot = slots[slot_index];
  if (slot.kind == FrameKind::join) return join_window(slot_index);
  const std::uint32_t index = slot.sent.device;
  slot.sent.heard = hears(slot);
  happenings.push_back(slot.sent);
  if (slot.sent.heard) {
    heard_something(index, slot);
    if (slot.sent.number != 0) deliver(index, slot);
  }
  free_slot(slot_index);
}

/// Any downlink tells a device that the network is there.
void World::State::heard_something(std::uint32_t index, const Slot& slot) {
  DeviceState& device = devices[index];
  if (slot.sent.ack) device.awaits_ack = false;
  if (!plan.devices[index].confirmed) device.repeats = 0;
  device.adr_ack_req = false;
  if (device.memory) device.memory->unheard = 0;
  if (!slot.adr) return;
  const bool is_new = slot.adr->data_rate_index != device.data_rate ||
                      slot.adr->power_dbm != static_cast<int>(device.eirp_dbm);
  apply(*slot.adr, device);
  if (is_new) {
    happenings.push_back(DeviceAdapted{index, slot.adr->data_rate_index, slot.adr->power_dbm});
  }
}

std::vector<std::uint64_t> World::State::enqueue(network::Downlink downlink, SimTime at) {
  const std::uint32_t device = downlink.device;
  auto displaced = server.enqueue(std::move(downlink));
  const auto open =
      std::find_if(open_windows.begin(), open_windows.end(),
                   [&](const OpenWindow& one) { return one.device == device && one.closes >= at; });
  if (open != open_windows.end()) {
    events.push(open->closes, {EventKind::respond, open->slot, 0});
    open_windows.erase(open);
  } else if (last_heard.contains(device)) {
    events.push(std::max(at, now) + kAtOnce, {EventKind::at_once, device, 0});
  }
  return displaced;
}

/// A downlink to a device that always listens: in its second window's settings, from the gateway
/// that heard it best.
void World::State::send_at_once(std::uint32_t index) {
  const auto heard = last_heard.find(index);
  if (heard == last_heard.end() || server.next_downlink_bytes(index) == 0) return;
  network::Uplink uplink;
  uplink.receptions = heard->second.receptions;
  const std::size_t bytes = server.next_downlink_bytes(index);
  const lorawan::TxSettings& rx2 = plan.channels->rx2;
  const network::Window window{0, now + kAtOnce, rx2, plan.channels->rx2_eirp_dbm,
                               downlink_airtime(rx2.data_rate, bytes)};
  const auto can_send = [this](std::uint32_t gateway) { return air.can_send(gateway); };
  const auto choice = network::choose_downlink(uplink, {window}, usage, now, can_send);
  if (!choice) {
    if (now < plan.start + plan.duration) events.push(now + 1s, {EventKind::at_once, index, 0});
    return;
  }
  const auto answer = server.send_at_once(index);
  if (!answer) return;
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = FrameKind::data;
  slot.on_air.frame.device = index;
  slot.on_air.frame.number = engine::mixed_subject(~std::uint64_t{index}, answer->f_cnt_down);
  slot.uplink.f_port = devices[index].f_port;
  slot.adr.reset();
  slot.choice = *choice;
  slot.downlink = *answer->downlink;
  slot.sent = {slot.downlink.number,
               index,
               heard->second.uplink,
               choice->gateway,
               0,
               answer->f_cnt_down,
               false,
               false,
               answer->first_time};
  usage.sends(choice->gateway, window);
  air.send(choice->gateway, window);
  events.push(window.start + window.airtime, {EventKind::window, slot_index, 0});
}

}  // namespace sim::world
