#include "sim/world/world.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/lorawan/airtime.h"
#include "sim/world/device_state.h"

namespace sim::world {

namespace {

constexpr int kMaxAttempts = 8;  // of a confirmed frame (LoRaMac-node)
constexpr auto kRx1Delay = std::chrono::seconds(1);
constexpr auto kRx2Delay = std::chrono::seconds(2);

enum class EventKind : std::uint8_t { send, retry, publish, respond, window, outage, recovery };

/// `index` is a device, a slot or an outage; `generation` tells a void timer from a valid one.
struct Event {
  EventKind kind;
  std::uint32_t index;
  std::uint64_t generation;
};

/// A frame between its end on the air and its device's receive window. Slots are used again, so
/// that a long run allocates nothing for a frame.
struct Slot {
  network::Uplink uplink;
  bool ack = false;  // the uplink's ACK bit
  std::uint64_t transmission = 0;
  engine::SimTime ended;       // on the air
  network::Downlink downlink;  // what the window carries; number 0 is none
  DownlinkSent sent{};
};

}  // namespace

struct World::State {
  explicit State(const FieldPlan& field)
      : plan(field),
        path_loss(field.path_loss),
        budget(field.seed, path_loss, field.gateways, field.start, field.receiver),
        server(field.devices.size()),
        outages_of(field.gateways.size(), 0),
        now(field.start) {
    for (std::uint32_t i = 0; i < plan.devices.size(); ++i) {
      const fleet::Device& device = plan.devices[i];
      devices.emplace_back(plan.seed, i, device, plan.start,
                           budget.links(i, device.at, device.eirp_dbm));
      schedule_send(i);
    }
    for (std::uint32_t i = 0; i < plan.outages.size(); ++i) {
      events.push(plan.outages[i].at, {EventKind::outage, i, 0});
      events.push(plan.outages[i].at + plan.outages[i].length, {EventKind::recovery, i, 0});
    }
  }

  void schedule_send(std::uint32_t device) {
    const DeviceState& state = devices[device];
    if (stopped || state.next_send() >= plan.start + plan.duration) return;
    events.push(std::max(state.next_send(), now), {EventKind::send, device, state.send_generation});
  }

  void carry_out(const Event& event) {
    switch (event.kind) {
      case EventKind::send:
        return send(event.index, event.generation);
      case EventKind::retry:
        return retry(event.index, event.generation);
      case EventKind::publish:
        return publish(event.index);
      case EventKind::respond:
        return respond(event.index);
      case EventKind::window:
        return window(event.index);
      case EventKind::outage:
        return change_gateway(plan.outages[event.index].gateway, +1);
      case EventKind::recovery:
        return change_gateway(plan.outages[event.index].gateway, -1);
    }
  }

  void send(std::uint32_t index, std::uint64_t generation) {
    DeviceState& device = devices[index];
    if (stopped || generation != device.send_generation) return;
    if (device.awaits_ack) give_up(index);
    const auto made = device.make_frame(plan.format);
    if (made) {
      transmit(index);
    } else {
      device.awaits_ack = false;
      happenings.push_back(FrameNotSent{index, device.frame.f_cnt, made.error()});
    }
    device.plan_next_send();
    schedule_send(index);
  }

  void retry(std::uint32_t index, std::uint64_t generation) {
    DeviceState& device = devices[index];
    if (generation != device.frame_generation || !device.awaits_ack) return;
    if (device.frame.attempt == kMaxAttempts) return give_up(index);
    ++device.frame.attempt;
    transmit(index);
  }

  void give_up(std::uint32_t index) {
    DeviceState& device = devices[index];
    device.awaits_ack = false;
    happenings.push_back(UplinkGivenUp{index, device.frame.f_cnt, device.frame.attempt});
  }

  /// Puts the device's frame on the air and sees who hears it.
  void transmit(std::uint32_t index) {
    DeviceState& device = devices[index];
    fleet::Transmission& frame = device.frame;
    const std::uint8_t data_rate_index = data_rate_of_attempt(device);
    // A number of the device's own, so that what else is on the air changes nothing in its luck.
    frame.number = engine::mixed_subject(index, device.transmissions++);
    frame.data_rate_index = data_rate_index;
    frame.data_rate = plan.channels->data_rates[data_rate_index].rate;
    frame.eirp_dbm = device.device().eirp_dbm;
    frame.channel = choose_channel(device);
    frame.start = now;
    frame.end = now + lorawan::airtime(
                          frame.data_rate,
                          lorawan::data_frame(device.payload().size(), lorawan::Direction::up));
    const std::uint32_t slot = take_slot();
    receive(slots[slot], device);
    if (slots[slot].uplink.receptions.empty()) {
      free_slots.push_back(slot);
      happenings.push_back(FrameLost{index, frame.f_cnt, frame.attempt});
    } else {
      events.push(network::deduplicate(slots[slot].uplink.receptions, plan.server.deduplication),
                  {EventKind::publish, slot, 0});
    }
    if (frame.confirmed) {
      // The second window closes, then the device waits for a random second to three.
      const double wait_s = device.retransmission.uniform(1.0, 3.0);
      events.push(frame.end + kRx2Delay +
                      engine::SimDuration(static_cast<engine::SimDuration::rep>(wait_s * 1e9)),
                  {EventKind::retry, index, device.frame_generation});
    }
  }

  /// A frame that nobody acknowledges is sent slower: one data rate down before the third, the
  /// fifth and the seventh attempt, as far as there are channels and the payload fits.
  [[nodiscard]] std::uint8_t data_rate_of_attempt(const DeviceState& device) {
    std::uint8_t rate = device.device().data_rate_index;
    for (int step = (device.frame.attempt - 1) / 2; step > 0 && rate > 0; --step) {
      const auto slower = static_cast<std::uint8_t>(rate - 1);
      const std::size_t room = lorawan::max_uplink_payload(*plan.channels, slower);
      if (room < device.payload().size() || room == 0) break;
      if (find_channels(device, slower); candidates.empty()) break;
      rate = slower;
    }
    return rate;
  }

  /// Puts the channels that a device may use at a data rate into `candidates`.
  void find_channels(const DeviceState& device, std::uint8_t rate) {
    candidates.clear();
    for (const lorawan::UplinkChannel& channel : plan.channels->uplink_channels) {
      if (rate < channel.min_data_rate || rate > channel.max_data_rate) continue;
      const auto& pinned = device.device().pin.frequency_hz;
      if (!pinned || *pinned == channel.frequency_hz) candidates.push_back(&channel);
    }
  }

  lorawan::UplinkChannel choose_channel(DeviceState& device) {
    find_channels(device, device.frame.data_rate_index);
    assert(!candidates.empty() && "the scenario checks that the data rate has a channel");
    return *candidates[device.channel_choice.below(candidates.size())];
  }

  void receive(Slot& slot, const DeviceState& device) {
    const fleet::Transmission& frame = device.frame;
    network::Uplink& uplink = slot.uplink;
    uplink.device = frame.device;
    uplink.f_cnt = frame.f_cnt;
    uplink.f_port = frame.f_port;
    uplink.confirmed = frame.confirmed;
    uplink.attempt = frame.attempt;
    uplink.tx = {frame.channel.frequency_hz, frame.data_rate, 5};
    uplink.data_rate_index = frame.data_rate_index;
    uplink.payload.assign(device.payload().begin(), device.payload().end());
    uplink.receptions.clear();
    slot.ack = frame.ack;
    slot.transmission = frame.number;
    slot.ended = frame.end;
    for (const radio::Link& link : device.links()) {
      if (outages_of[link.gateway] > 0) continue;
      if (const auto reception = budget.receive(frame, link)) {
        uplink.receptions.push_back(*reception);
      }
    }
  }

  void publish(std::uint32_t slot_index) {
    Slot& slot = slots[slot_index];
    network::Uplink& uplink = slot.uplink;
    const network::CounterVerdict verdict = server.accept(uplink);
    if (verdict != network::CounterVerdict::accepted) {
      free_slots.push_back(slot_index);
      happenings.push_back(FrameRefused{uplink.device, uplink.f_cnt, verdict});
      return;
    }
    uplink.number = next_uplink++;
    uplink.received_at =
        devices[uplink.device].device().pin.time.value_or(uplink.receptions.front().arrived);
    if (const auto acknowledged = server.acknowledge(uplink, slot.ack)) {
      happenings.push_back(DownlinkAcknowledged{*acknowledged, uplink.device});
    }
    happenings.push_back(UplinkPublished{&uplink});
    events.push(now + plan.server.response_deadline, {EventKind::respond, slot_index, 0});
  }

  void respond(std::uint32_t slot_index) {
    Slot& slot = slots[slot_index];
    const radio::Reception* best = best_gateway(slot.uplink);
    // Without a gateway that can send, the queue keeps what it has for the next uplink.
    const auto answer = best != nullptr ? server.respond(slot.uplink) : std::nullopt;
    if (!answer) {
      free_slots.push_back(slot_index);
      return;
    }
    slot.downlink.number = 0;
    slot.downlink.payload.clear();
    if (answer->downlink != nullptr) slot.downlink = *answer->downlink;
    slot.sent = {slot.downlink.number,
                 slot.uplink.device,
                 slot.uplink.number,
                 best->gateway,
                 answer->f_cnt_down,
                 answer->ack,
                 false,
                 answer->first_time};
    const lorawan::TxSettings rx1 = rx1_settings(slot.uplink);
    const auto length = lorawan::airtime(
        rx1.data_rate, lorawan::data_frame(slot.downlink.payload.size(), lorawan::Direction::down));
    events.push(slot.ended + kRx1Delay + length, {EventKind::window, slot_index, 0});
  }

  /// The gateway that heard the uplink best and is there to send.
  [[nodiscard]] const radio::Reception* best_gateway(const network::Uplink& uplink) const {
    const radio::Reception* best = nullptr;
    for (const radio::Reception& reception : uplink.receptions) {
      if (outages_of[reception.gateway] > 0) continue;
      if (best == nullptr || reception.snr_db > best->snr_db) best = &reception;
    }
    return best;
  }

  [[nodiscard]] lorawan::TxSettings rx1_settings(const network::Uplink& uplink) const {
    const auto& channels = plan.channels->uplink_channels;
    const auto channel = std::find_if(channels.begin(), channels.end(), [&](const auto& c) {
      return c.frequency_hz == uplink.tx.frequency_hz;
    });
    return lorawan::rx1_settings(*plan.channels, *channel, uplink.data_rate_index);
  }

  /// The device's first receive window ends: did it hear what was sent?
  void window(std::uint32_t slot_index) {
    Slot& slot = slots[slot_index];
    DeviceState& device = devices[slot.uplink.device];
    slot.sent.heard = hears(device, slot);
    happenings.push_back(slot.sent);
    if (slot.sent.heard) {
      if (slot.sent.ack) device.awaits_ack = false;
      if (slot.sent.number != 0) deliver(device, slot);
    }
    free_slots.push_back(slot_index);
  }

  bool hears(DeviceState& device, const Slot& slot) {
    const auto link =
        std::find_if(device.links().begin(), device.links().end(),
                     [&](const radio::Link& l) { return l.gateway == slot.sent.gateway; });
    engine::Random lot(plan.seed, engine::Purpose::downlink_loss, slot.transmission);
    const bool lost = lot.uniform() < device.device().downlink_loss;
    return !lost && budget.hears_downlink(*link, rx1_settings(slot.uplink).data_rate,
                                          plan.channels->rx1_eirp_dbm, slot.transmission);
  }

  void deliver(DeviceState& device, const Slot& slot) {
    std::uint8_t f_port = slot.downlink.f_port;
    if (f_port == 0) f_port = slot.uplink.f_port == 0 ? std::uint8_t{1} : slot.uplink.f_port;
    const std::uint64_t generation = device.send_generation;
    const std::size_t rules = device.react(slot.downlink, f_port, plan.format, now);
    if (rules > 0) happenings.push_back(DeviceReacted{slot.sent.number, slot.sent.device, rules});
    if (device.send_generation != generation) schedule_send(slot.sent.device);
  }

  void change_gateway(std::uint32_t gateway, int change) {
    const bool was_up = outages_of[gateway] == 0;
    outages_of[gateway] += change;
    const bool is_up = outages_of[gateway] == 0;
    if (was_up != is_up) happenings.push_back(GatewayChanged{gateway, is_up});
  }

  std::uint32_t take_slot() {
    if (free_slots.empty()) {
      slots.emplace_back();
      return static_cast<std::uint32_t>(slots.size() - 1);
    }
    const std::uint32_t slot = free_slots.back();
    free_slots.pop_back();
    return slot;
  }

  const FieldPlan& plan;
  radio::LogDistancePathLoss path_loss;
  radio::LinkBudget budget;
  network::Server server;
  std::vector<DeviceState> devices;
  std::vector<int> outages_of;  // by gateway: how many outages it is in
  engine::EventQueue<Event> events;
  std::deque<Slot> slots;  // a deque: an uplink's address stays valid while slots are added
  std::vector<std::uint32_t> free_slots;
  std::vector<const lorawan::UplinkChannel*> candidates;
  std::vector<Happening> happenings;
  engine::SimTime now;
  std::uint64_t next_uplink = 1;
  bool stopped = false;
};

World::World(const FieldPlan& plan) : state_(std::make_unique<State>(plan)) {}
World::~World() = default;

bool World::done() const {
  return state_->events.empty();
}
engine::SimTime World::next_time() const {
  return state_->events.next_time();
}
engine::SimTime World::now() const {
  return state_->now;
}

std::span<const Happening> World::step() {
  state_->happenings.clear();
  state_->now = state_->events.next_time();
  state_->carry_out(state_->events.pop());
  return state_->happenings;
}

void World::stop_sending() {
  state_->stopped = true;
}

std::vector<std::uint64_t> World::enqueue(network::Downlink downlink) {
  return state_->server.enqueue(std::move(downlink));
}

std::size_t World::max_downlink_payload(std::uint32_t device) const {
  const lorawan::ChannelPlan& channels = *state_->plan.channels;
  const std::uint8_t up = state_->plan.devices[device].data_rate_index;
  const std::uint8_t down = lorawan::rx1_data_rate_index(channels, up);
  const lorawan::RegionalDataRate& rate = channels.data_rates[down];
  return channels.downlink_dwell ? rate.max_payload_dwell : rate.max_payload;
}

std::size_t World::pending_downlinks() const {
  return state_->server.unsent();
}

}  // namespace sim::world
