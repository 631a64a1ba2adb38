// A device without a session asks for one, over and over, ever slower.
//
// Source: LoRaWAN L2 1.0.4, 6.2 and 7; LMIC (the order of data rates and the waits); shared facts
// on radio, 4.
#include <algorithm>

#include "sim/lorawan/airtime.h"
#include "sim/world/state.h"

namespace sim::world {

namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

constexpr std::size_t kJoinRequestBytes = 23;
constexpr std::size_t kJoinAcceptBytes = 17;
constexpr std::size_t kJoinAcceptWithChannelsBytes = 33;

SimDuration join_airtime(const lorawan::DataRate& rate) {
  lorawan::FrameShape shape;
  shape.phy_payload_bytes = kJoinRequestBytes;
  return lorawan::airtime(rate, shape);
}

SimDuration accept_airtime(const lorawan::ChannelPlan& plan, const lorawan::DataRate& rate) {
  lorawan::FrameShape shape;
  const bool with_channels = plan.rx1_frequency == lorawan::Rx1Frequency::same_as_uplink;
  shape.phy_payload_bytes = with_channels ? kJoinAcceptWithChannelsBytes : kJoinAcceptBytes;
  shape.crc = false;
  return lorawan::airtime(rate, shape);
}

/// Every channel once at the fastest data rate, then at the next slower one, and so on.
std::uint8_t rate_of_attempt(const ChannelTable& channels, std::uint32_t attempt) {
  std::uint8_t rate = channels.fastest_join();
  for (;;) {
    const auto count = static_cast<std::uint32_t>(channels.for_joins(rate).size());
    const auto slower = static_cast<std::uint8_t>(rate - 1);
    if (attempt < count || rate == 0 || channels.for_joins(slower).empty()) return rate;
    attempt -= count;
    --rate;
  }
}

}  // namespace

/// The device wants to join from `at` on.
void World::State::begin_join(std::uint32_t index, SimTime at) {
  DeviceState& device = devices[index];
  device.joined = false;
  ++device.frame_generation;
  device.memory->join_attempt = 0;
  device.memory->join_budget.begin(at);
  if (at >= plan.start + plan.duration) return;
  events.push(at, {EventKind::join, index, device.frame_generation});
}

void World::State::join(std::uint32_t index, std::uint32_t generation) {
  DeviceState& device = devices[index];
  if (stopped || generation != device.frame_generation || device.joined || !device.powered) return;
  const SimTime end = plan.start + plan.duration;
  if (now >= end) return;
  DeviceMemory& memory = *device.memory;
  if (is_silent(device, now)) {
    if (memory.silent_until < end)
      events.push(memory.silent_until, {EventKind::join, index, generation});
    return;
  }
  const std::uint8_t rate = rate_of_attempt(channels, memory.join_attempt);
  const SimDuration airtime = join_airtime(plan.channels->data_rates[rate].rate);
  SimTime earliest;
  const auto free =
      transmitter.free_channels(index, channels.for_joins(rate), airtime, now, earliest);
  const SimTime allowed =
      std::max(memory.join_budget.earliest(now, airtime), free.empty() ? earliest : now);
  if (allowed > now) return events.push(allowed, {EventKind::join, index, generation});
  memory.join_budget.use(now, airtime);
  const auto words = engine::random_words(plan.seed, engine::Purpose::join,
                                          engine::mixed_subject(index, device.transmissions));
  const std::size_t lot = (std::uint64_t{words[0]} * free.size()) >> 32U;
  const std::uint32_t slot_index = take_slot();
  Slot& slot = slots[slot_index];
  slot.kind = FrameKind::join;
  slot.flags = {};
  slot.late_copy = false;
  slot.uplink.device = index;
  slot.dev_nonce = static_cast<std::uint16_t>(words[1]);
  put_on_air(slot_index, index, rate, *free[lot], airtime);
  ++memory.join_attempt;
  // After the second window, two seconds and up to 255 of them, fewer at fast data rates.
  const double longest_s = static_cast<double>(255U >> std::min<unsigned>(rate, 5U));
  const SimDuration wait =
      2s + SimDuration(static_cast<SimDuration::rep>(longest_s * engine::share_of(words[2]) * 1e9));
  events.push(slot.on_air.frame.end + kJoinRx2Delay + 1s + wait,
              {EventKind::join, index, generation});
}

/// The network has all copies of a join request.
void World::State::answer_join(std::uint32_t slot_index) {
  Slot& slot = slots[slot_index];
  const std::uint32_t index = slot.uplink.device;
  const std::uint32_t attempt = devices[index].memory->join_attempt;
  if (!server.join(index, slot.dev_nonce)) {
    happenings.push_back(JoinFailed{index, attempt, "its nonce was used before"});
    return free_slot(slot_index);
  }
  const fleet::Transmission& frame = slot.on_air.frame;
  const lorawan::ChannelPlan& region = *plan.channels;
  const lorawan::TxSettings rx1 =
      lorawan::rx1_settings(region, frame.channel, frame.data_rate_index);
  const lorawan::Rx2Default& second = region.rx2_default;
  const lorawan::TxSettings rx2{second.frequency_hz, region.data_rates[second.data_rate].rate, 5};
  const std::vector<network::Window> windows = {
      {1, frame.end + kJoinRx1Delay, rx1, region.rx1_eirp_dbm,
       accept_airtime(region, rx1.data_rate)},
      {2, frame.end + kJoinRx2Delay, rx2, region.rx2_eirp_dbm,
       accept_airtime(region, rx2.data_rate)}};
  const auto can_send = [this](std::uint32_t gateway) { return air.can_send(gateway); };
  const auto choice = network::choose_downlink(slot.uplink, windows, usage, now, can_send);
  if (!choice) {
    happenings.push_back(JoinFailed{index, attempt, "no gateway could send the answer"});
    return free_slot(slot_index);
  }
  slot.choice = *choice;
  usage.sends(choice->gateway, choice->window);
  air.send(choice->gateway, choice->window);
  events.push(choice->window.start + choice->window.airtime, {EventKind::window, slot_index, 0});
}

void World::State::join_window(std::uint32_t slot_index) {
  const Slot& slot = slots[slot_index];
  const std::uint32_t index = slot.uplink.device;
  DeviceState& device = devices[index];
  const std::uint32_t attempt = device.memory->join_attempt;
  if (device.joined) return free_slot(slot_index);
  if (!hears(slot)) {
    happenings.push_back(JoinFailed{index, attempt, "the device did not hear the answer"});
    return free_slot(slot_index);
  }
  server.begin_session(index);
  device.joined = true;
  ++device.frame_generation;
  device.next_f_cnt = 0;
  device.owes_ack = false;
  device.data_rate = plan.devices[index].data_rate_index;
  device.eirp_dbm = static_cast<float>(plan.devices[index].eirp_dbm);
  device.memory->unheard = 0;
  happenings.push_back(
      DeviceJoined{index, attempt, slot.choice.gateway, slot.choice.window.number});
  free_slot(slot_index);
  ++device.send_generation;
  device.sends.grid = device.sends.due = now + 1s;
  schedule_send(index);
}

}  // namespace sim::world
