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
#include "sim/world/transmitter.h"

namespace sim::world {

/// A frame that is ready, or what became of one that is not.
struct FrameAhead {
  enum class Kind : std::uint8_t { frame, delayed, not_sent };

  Kind kind = Kind::frame;
  engine::SimTime at;     ///< it begins, or that happens
  engine::SimTime until;  ///< of `delayed`
  std::uint32_t device = 0;
  std::uint32_t f_cnt = 0;
  std::string reason;  ///< of `not_sent`
  FrameOnAir on_air;
  network::Uplink uplink;
};

/// Frames in the order of their time. It is filled again and again, and keeps its memory.
struct AheadBatch {
  std::vector<FrameAhead> frames;
  std::size_t count = 0;
};

/// Whether nothing can happen to the device where no application answers.
bool is_out_of_reach(const FieldPlan& plan, const fleet::Device& device);

class Ahead {
 public:
  /// All must outlive it. `devices` of its own are nobody else's affair from now on.
  Ahead(const FieldPlan& plan, const ChannelTable& channels, std::vector<DeviceState>& devices,
        Air& air);

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

  FrameAhead& next_of(AheadBatch& batch, std::uint32_t device) const;
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
  std::size_t arrivals_ = 0;  // in the batch that is being filled
};

}  // namespace sim::world
