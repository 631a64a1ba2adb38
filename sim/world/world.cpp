#include "sim/world/world.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "sim/engine/prefetch.h"
#include "sim/world/state.h"

namespace sim::world {

namespace {

using engine::SimDuration;
using engine::SimTime;

/// Those that something befalls by the timeline.
std::vector<bool> touched_devices(const FieldPlan& plan) {
  std::vector<bool> touched(plan.devices.size());
  for (const DeviceAction& action : plan.actions) {
    for (const std::uint32_t device : action.devices) touched[device] = true;
  }
  return touched;
}

}  // namespace

void Prefetch::operator()(const Event& event, int pass) const {
  if (event.kind() == EventKind::send) return state->prefetch_send(event.index(), pass);
  if (event.kind() == EventKind::publish) return state->prefetch_publish(event.index(), pass);
  if (event.kind() == EventKind::frame_end) state->prefetch_end(event.index(), pass);
}

void World::State::prefetch_send(std::uint32_t index, int pass) const {
  constexpr std::size_t kUsed = 192;
  const DeviceState& device = devices[index];
  switch (pass) {
    case 0:
      return engine::prefetch(&device, kUsed);
    case 1:
      return air.prefetch_links(device);
    default:
      return air.prefetch_gateways(device, pass == 3);
  }
}

void World::State::prefetch_publish(std::uint32_t slot, int pass) const {
  const network::Uplink& uplink = slots[slot].uplink;
  if (pass == 0) return engine::prefetch(&uplink, 128);
  if (pass != 1) return;
  server.prefetch(uplink.device);
  if (!slots[slot].is_out_of_reach) engine::prefetch(&devices[uplink.device], 128);
}

void World::State::prefetch_end(std::uint32_t slot, int pass) const {
  const Slot& one = slots[slot];
  if (pass == 0) return engine::prefetch(&one, 192);
  if (one.on_air.arrivals.empty()) return;
  if (pass == 1) return engine::prefetch(one.on_air.arrivals.data());
  if (pass == 2) {
    for (const radio::Arrival& arrival : one.on_air.arrivals) air.prefetch_gateway(arrival.gateway);
    return;
  }
  for (const radio::Arrival& arrival : one.on_air.arrivals) usage.prefetch(arrival.gateway);
}

World::State::State(const FieldPlan& field, Application application)
    : plan(field),
      channels(*field.channels),
      air(field),
      server(field.devices.size(), field.channels),
      usage(field.gateways.size(), *field.channels),
      transmitter(field, channels, devices),
      events(Prefetch{this}),
      now(field.start) {
  if (application == Application::is_silent) {
    ahead = std::make_unique<Ahead>(plan, channels, devices, air);
  }
  const std::vector<bool> touched = touched_devices(plan);
  devices.reserve(plan.devices.size());
  for (std::uint32_t i = 0; i < plan.devices.size(); ++i) {
    devices.push_back(initial_state(plan.seed, i, plan.devices[i], plan.start));
    air.place(i, devices.back());
    if (plan.devices[i].mac.trusted_counter) server.trust_counter_of(i);
    if (ahead && !touched[i] && is_out_of_reach(plan, plan.devices[i])) {
      ahead->add(i);
    } else {
      schedule_send(i);
    }
  }
  for (std::uint32_t i = 0; i < plan.outages.size(); ++i) {
    events.push(plan.outages[i].at, {EventKind::outage, i, 0});
    events.push(plan.outages[i].at + plan.outages[i].length, {EventKind::recovery, i, 0});
  }
  for (std::uint32_t i = 0; i < plan.actions.size(); ++i) {
    events.push(plan.actions[i].at, {EventKind::action, i, 0});
  }
}

void World::State::carry_out(const Event& event) {
  switch (event.kind()) {
    case EventKind::send:
      return send(event.index(), event.generation());
    case EventKind::repeat:
      return repeat(event.index(), event.generation());
    case EventKind::join:
      return join(event.index(), event.generation());
    case EventKind::frame_end:
      return frame_end(event.index());
    case EventKind::publish:
      return publish(event.index());
    case EventKind::respond:
      return respond(event.index());
    case EventKind::at_once:
      return send_at_once(event.index());
    case EventKind::window:
      return window(event.index());
    case EventKind::power_on:
      return power_on(event.index(), event.generation());
    case EventKind::extra_send:
      if (may_send(event.index())) send_now(event.index());
      return;
    case EventKind::outage:
      return change_outage(plan.outages[event.index()], true);
    case EventKind::recovery:
      return change_outage(plan.outages[event.index()], false);
    case EventKind::action:
      return act(event.index());
    case EventKind::wake:
      return;
  }
}

void World::State::change_outage(const Outage& outage, bool begins) {
  const bool changed = begins ? air.begin_outage(outage) : air.end_outage(outage, now);
  if (changed) happenings.push_back(GatewayChanged{outage.gateway, !begins});
}

/// Something befalls devices by the scenario's timeline.
void World::State::act(std::uint32_t number) {
  const DeviceAction& action = plan.actions[number];
  for (const std::uint32_t index : action.devices) {
    DeviceState& device = devices[index];
    const std::uint64_t lot = engine::mixed_subject(index, number);
    const auto words = engine::random_words(plan.seed, engine::Purpose::action, lot);
    const SimDuration shift = between(SimDuration{0}, action.within, engine::share_of(words[0]));
    switch (action.kind) {
      case DeviceAction::Kind::power_cut:
        cut_power(index, now + action.length + shift);
        break;
      case DeviceAction::Kind::reset_counter:
        device.next_f_cnt = 0;
        happenings.push_back(DeviceChanged{index, "its counter begins anew"});
        break;
      case DeviceAction::Kind::forget:
        device.next_f_cnt = 0;
        server.begin_session(index);
        happenings.push_back(DeviceChanged{index, "its counter begins anew, here and there"});
        break;
      case DeviceAction::Kind::skip_counter:
        device.next_f_cnt += action.count;
        if (plan.devices[index].mac.counter_16_bits) device.next_f_cnt &= 0xFFFFU;
        happenings.push_back(DeviceChanged{index, "it left out counters"});
        break;
      case DeviceAction::Kind::send:
        events.push(now + shift, {EventKind::extra_send, index, 0});
        break;
    }
  }
}

std::uint32_t World::State::take_slot() {
  if (free_slots.empty()) {
    slots.emplace_back();
    return static_cast<std::uint32_t>(slots.size() - 1);
  }
  const std::uint32_t slot = free_slots.back();
  free_slots.pop_back();
  return slot;
}

World::World(const FieldPlan& plan, Application application)
    : state_(std::make_unique<State>(plan, application)) {}
World::~World() = default;

void World::watch_air(AirWatcher& watcher) {
  state_->air.watch(&watcher);
}

void World::feed_ahead(std::function<AheadBatch*()> feed) {
  state_->feed = std::move(feed);
}

void World::make_ahead(AheadBatch& batch) {
  batch.clear();
  if (state_->ahead) state_->ahead->make(batch);
}

/// Whether a frame that was made ahead comes before all else.
bool World::State::is_aheads_turn() {
  if (!ahead) return false;
  if (next_ahead == ahead_batch->frames.size()) refill_ahead();
  if (next_ahead == ahead_batch->frames.size()) return false;
  return events.empty() || ahead_batch->frames[next_ahead].at <= events.next_time();
}

void World::State::refill_ahead() {
  if (ahead_is_over) return;
  next_ahead = ahead_arrivals = ahead_payloads = ahead_reasons = 0;
  if (!feed) {
    ahead->make(own_batch);
  } else if (AheadBatch* next = feed(); next != nullptr) {
    ahead_batch = next;
  } else {
    ahead_batch = &own_batch;
  }
  ahead_is_over = ahead_batch->frames.empty();
}

bool World::done() const {
  return !state_->is_aheads_turn() && state_->events.empty();
}
engine::SimTime World::next_time() const {
  if (state_->is_aheads_turn()) return state_->ahead_batch->frames[state_->next_ahead].at;
  return state_->events.next_time();
}
engine::SimTime World::now() const {
  return state_->now;
}

std::span<const Happening> World::step() {
  state_->happenings.clear();
  if (state_->is_aheads_turn()) {
    state_->take_ahead();
    return state_->happenings;
  }
  state_->now = state_->events.next_time();
  const Event event = state_->events.pop();
  state_->carry_out(event);
  return state_->happenings;
}

void World::wake_at(engine::SimTime at) {
  state_->events.push(std::max(at, state_->now), {EventKind::wake, 0, 0});
}

void World::stop_sending() {
  state_->stopped = true;
}

std::vector<std::uint64_t> World::enqueue(network::Downlink downlink) {
  return enqueue(std::move(downlink), state_->now);
}

std::vector<std::uint64_t> World::enqueue(network::Downlink downlink, engine::SimTime at) {
  assert(!state_->ahead && "the application was said to be silent");
  return state_->enqueue(std::move(downlink), std::max(at, state_->now));
}

std::size_t World::max_downlink_payload(std::uint32_t device) const {
  const lorawan::ChannelPlan& channels = *state_->plan.channels;
  const std::uint8_t up = state_->devices[device].data_rate;
  const std::uint8_t down = lorawan::rx1_data_rate_index(channels, up);
  const lorawan::RegionalDataRate& rate = channels.data_rates[down];
  return channels.downlink_dwell ? rate.max_payload_dwell : rate.max_payload;
}

std::uint8_t World::uplink_port(std::uint32_t device) const {
  return state_->devices[device].f_port;
}

std::size_t World::pending_downlinks() const {
  return state_->server.unsent();
}

}  // namespace sim::world
