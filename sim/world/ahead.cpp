#include "sim/world/ahead.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "sim/engine/prefetch.h"

namespace sim::world {

namespace {

// A batch is small enough to stay near the processor, and large enough to be worth handing over.
constexpr std::size_t kFrames = 256;
constexpr std::size_t kArrivals = 4096;

}  // namespace

void AheadBatch::prefetch_end() {
  // As far behind the end as three frames or so reach.
  constexpr std::size_t kAway = 192;
  constexpr std::size_t kTwoLines = 128;
  const auto fetch = [](auto& list) {
    const std::size_t away = kAway / sizeof(list.front());
    if (list.size() + away + kTwoLines > list.capacity()) return;
    engine::prefetch_to_write(list.data() + list.size() + away, kTwoLines);
  };
  fetch(frames);
  fetch(arrivals);
  fetch(payloads);
}

bool is_out_of_reach(const FieldPlan& plan, const fleet::Device& device) {
  const fleet::MacSettings& mac = device.mac;
  const bool asks = device.confirmed || mac.adr || mac.link_check_every > 0 ||
                    mac.activation == fleet::Activation::otaa;
  const bool by_function = std::holds_alternative<payload::GeneratedFields>(device.payload) &&
                           std::holds_alternative<payload::Script>(plan.format);
  return !asks && !mac.class_c && mac.transmissions == 1 && !device.battery && !device.track &&
         !by_function;
}

void Ahead::Prefetch::operator()(const Turn& turn, int pass) const {
  constexpr std::size_t kUsed = 192;
  const DeviceState& device = ahead->devices_[turn.device];
  switch (pass) {
    case 0:
      return engine::prefetch(&device, kUsed);
    case 1:
      return ahead->air_.prefetch_links(device);
    default:
      return ahead->air_.prefetch_ears(device);
  }
}

Ahead::Ahead(const FieldPlan& plan, const ChannelTable& channels, std::vector<DeviceState>& devices,
             const Air& air)
    : plan_(plan),
      devices_(devices),
      air_(air),
      transmitter_(plan, channels, devices),
      turns_(Prefetch{this}),
      now_(plan.start) {}

void Ahead::add(std::uint32_t index) {
  schedule(index);
}

void Ahead::schedule(std::uint32_t index) {
  const engine::SimTime due = devices_[index].sends.due;
  if (due < plan_.start + plan_.duration) turns_.push(std::max(due, now_), {index, false});
}

void Ahead::make(AheadBatch& batch) {
  batch.clear();
  while (!turns_.empty() && batch.frames.size() < kFrames && batch.arrivals.size() < kArrivals) {
    batch.prefetch_end();
    now_ = turns_.next_time();
    const Turn turn = turns_.pop();
    if (turn.waited) {
      devices_[turn.device].waits = false;
      transmit(turn.device, devices_[turn.device].memory->payload, batch);
    } else {
      send(turn.device, batch);
    }
  }
}

FrameAhead& Ahead::add_to(AheadBatch& batch, std::uint32_t index, FrameAhead::Kind kind) const {
  FrameAhead& next = batch.frames.emplace_back();
  next.kind = kind;
  next.at = now_;
  next.device = index;
  next.f_cnt = devices_[index].f_cnt;
  return next;
}

void Ahead::send(std::uint32_t index, AheadBatch& batch) {
  DeviceState& device = devices_[index];
  const fleet::Device& description = plan_.devices[index];
  if (device.waits) {
    add_to(batch, index, FrameAhead::Kind::not_sent).f_cnt = device.next_f_cnt;
    batch.reasons.emplace_back(kFrameBeforeWaits);
  } else if (const auto made =
                 make_frame(plan_.seed, index, description, device, plan_.format, now_, payload_)) {
    transmit(index, payload_, batch);
  } else {
    add_to(batch, index, FrameAhead::Kind::not_sent);
    batch.reasons.push_back(made.error());
  }
  plan_next_send(plan_.seed, index, description, device);
  schedule(index);
}

void Ahead::transmit(std::uint32_t index, const lorawan::Bytes& payload, AheadBatch& batch) {
  DeviceState& device = devices_[index];
  const Transmitter::Turn turn = transmitter_.turn_of(index, payload.size(), now_);
  if (turn.channel == nullptr) {
    keep_waiting(plan_.seed, index, payload, device);
    add_to(batch, index, FrameAhead::Kind::delayed).until = turn.earliest;
    turns_.push(turn.earliest, {index, true});
    return;
  }
  const std::size_t before = batch.arrivals.size();
  transmitter_.begin(index, turn.data_rate, *turn.channel, turn.airtime, now_, frame_);
  air_.arrive(frame_, device, batch.arrivals);
  batch.payloads.insert(batch.payloads.end(), payload.begin(), payload.end());
  FrameAhead& frame = add_to(batch, index, FrameAhead::Kind::frame);
  frame.f_port = device.f_port;
  frame.data_rate = turn.data_rate;
  frame.channel = turn.channel->channel;
  frame.arrivals = static_cast<std::uint16_t>(batch.arrivals.size() - before);
  frame.payload_bytes = static_cast<std::uint16_t>(payload.size());
  frame.number = frame_.number;
  frame.until = frame_.end;
  frame.eirp_dbm = device.eirp_dbm;
  frame.pinned_reception = device.pinned_reception;
  frame.pinned_time = device.pinned_time;
}

}  // namespace sim::world
