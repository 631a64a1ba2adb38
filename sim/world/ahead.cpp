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
             Air& air)
    : plan_(plan),
      devices_(devices),
      air_(air),
      transmitter_(plan, channels, devices, air),
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
  batch.count = 0;
  arrivals_ = 0;
  while (!turns_.empty() && batch.count < kFrames && arrivals_ < kArrivals) {
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

FrameAhead& Ahead::next_of(AheadBatch& batch, std::uint32_t index) const {
  if (batch.count == batch.frames.size()) batch.frames.emplace_back();
  FrameAhead& next = batch.frames[batch.count++];
  next.at = now_;
  next.device = index;
  next.f_cnt = devices_[index].f_cnt;
  return next;
}

void Ahead::send(std::uint32_t index, AheadBatch& batch) {
  DeviceState& device = devices_[index];
  const fleet::Device& description = plan_.devices[index];
  if (device.waits) {
    FrameAhead& none = next_of(batch, index);
    none.kind = FrameAhead::Kind::not_sent;
    none.f_cnt = device.next_f_cnt;
    none.reason = kFrameBeforeWaits;
  } else if (const auto made =
                 make_frame(plan_.seed, index, description, device, plan_.format, now_, payload_)) {
    transmit(index, payload_, batch);
  } else {
    FrameAhead& none = next_of(batch, index);
    none.kind = FrameAhead::Kind::not_sent;
    none.reason = made.error();
  }
  plan_next_send(plan_.seed, index, description, device);
  schedule(index);
}

void Ahead::transmit(std::uint32_t index, const lorawan::Bytes& payload, AheadBatch& batch) {
  DeviceState& device = devices_[index];
  const Transmitter::Turn turn = transmitter_.turn_of(index, payload.size(), now_);
  FrameAhead& frame = next_of(batch, index);
  if (turn.channel == nullptr) {
    keep_waiting(plan_.seed, index, payload, device);
    frame.kind = FrameAhead::Kind::delayed;
    frame.until = turn.earliest;
    turns_.push(turn.earliest, {index, true});
    return;
  }
  frame.kind = FrameAhead::Kind::frame;
  transmitter_.fill(index, payload, frame.uplink);
  transmitter_.begin(index, turn.data_rate, *turn.channel, turn.airtime, now_, frame.on_air,
                     frame.uplink);
  arrivals_ += frame.on_air.arrivals.size();
}

}  // namespace sim::world
