// Frames that are made before their time: those of devices that nothing can happen to.
//
// A device that asks for nothing, listens to nothing and stands where it is sends what it sends,
// whatever else happens. Where no application answers, most devices of most scenarios are such, and
// their frames, with how each comes in at every gateway, can be made in batches, also by another
// thread: World takes them when their time has come, and puts them on the air among all others. So
// the bytes are the same as if World had made them. Called by World, or by whoever feeds it.
// Thread rule: make() in one thread at a time, which need not be World's. Source: sim/README.md,
// "A million devices".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/engine/handing_over.h"
#include "sim/world/air.h"
#include "sim/world/transmitter.h"

namespace sim::world {

/// A frame that is ready, or what became of one that is not: what of it cannot be looked up in the
/// plan. How it comes in, and its payload, lie in the batch, behind those of the frame before.
struct FrameAhead {
  enum class Kind : std::uint8_t { frame, delayed, not_sent };

  Kind kind = Kind::frame;
  std::uint8_t f_port = 1;
  std::uint8_t data_rate = 0;
  std::uint8_t channel = 0;  ///< index in the plan
  std::uint16_t arrivals = 0;
  std::uint16_t payload_bytes = 0;
  std::uint32_t device = 0;
  std::uint32_t f_cnt = 0;
  std::uint64_t number = 0;
  engine::SimTime at;     ///< it begins, or that happens
  engine::SimTime until;  ///< it ends; of `delayed`: until when it waits
  float eirp_dbm = 0;
  bool pinned_reception = false;
  bool pinned_time = false;
};

/// Frames in the order of their time. It is filled again and again, and keeps its memory; a few
/// long arrays, since they go from one processor's cache to another's: a line that was asked for
/// too late takes as long as half a frame.
struct alignas(engine::kApart) AheadBatch {
  std::vector<FrameAhead> frames;
  std::vector<radio::Arrival> arrivals;
  lorawan::Bytes payloads;
  std::vector<std::string> reasons;  ///< of those that were not sent, in their order

  void clear() {
    frames.clear();
    arrivals.clear();
    payloads.clear();
    reasons.clear();
  }

  /// Fetches the places of the next frames to be added.
  void prefetch_end();
};

/// Whether nothing can happen to the device where no application answers.
bool is_out_of_reach(const FieldPlan& plan, const fleet::Device& device);

/// Nothing of another thread's lies in its lines of memory.
class alignas(engine::kApart) Ahead {
 public:
  /// All must outlive it. `devices` of its own are nobody else's affair from now on.
  Ahead(const FieldPlan& plan, const ChannelTable& channels, std::vector<DeviceState>& devices,
        const Air& air);

  /// The device is one of its own.
  void add(std::uint32_t device);

  /// Fills the batch with the next frames; with none when all devices have come to their end.
  void make(AheadBatch& batch);

 private:
  struct Turn {
    std::uint32_t device;
    bool waited;  // its frame is made, and had to wait
  };
  struct Prefetch {
    static constexpr int kPasses = 3;
    const Ahead* ahead;
    void operator()(const Turn& turn, int pass) const;
  };

  FrameAhead& add_to(AheadBatch& batch, std::uint32_t device, FrameAhead::Kind kind) const;
  void send(std::uint32_t device, AheadBatch& batch);
  void transmit(std::uint32_t device, const lorawan::Bytes& payload, AheadBatch& batch);
  void schedule(std::uint32_t device);

  const FieldPlan& plan_;
  std::vector<DeviceState>& devices_;
  const Air& air_;
  Transmitter transmitter_;
  engine::EventQueue<Turn, Prefetch> turns_;
  engine::SimTime now_;
  lorawan::Bytes payload_;
  fleet::Transmission frame_;
};

}  // namespace sim::world
