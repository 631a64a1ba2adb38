// How many distinct frames of a device were delivered: what a store of them should have grown by.
//
// A frame that comes again (a retry of the device, a copy that a gateway held back) has the same
// counter and payload and counts once. What nobody can tell is left open, and may be stored or not:
// a frame whose delivery was not answered, and one that is like another from before the device
// began to count anew. Called by StoredCheck. Thread rule: the run's thread. Source: API reference,
// "is_retry".
#pragma once

#include <cstdint>
#include <deque>

#include "sim/lorawan/identifiers.h"

namespace sim::check {

class DeliveredFrames {
 public:
  /// An uplink is on its way; the number of its frame, which stays the same when it comes again.
  std::uint64_t add(std::uint32_t f_cnt, const lorawan::Bytes& payload);
  /// It was answered with 2xx.
  void deliver(std::uint64_t frame);
  /// Nobody knows what became of it: it timed out, or the connection broke.
  void leave_open(std::uint64_t frame);
  /// The device counts anew.
  void begin_anew();

  [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
  /// So many more may be stored.
  [[nodiscard]] std::uint64_t open() const { return open_; }

 private:
  enum class Fate : std::uint8_t { unknown, open, delivered };
  struct Frame {
    std::uint64_t number;
    std::uint32_t f_cnt;
    lorawan::Bytes payload;
    Fate fate = Fate::unknown;
    bool like_former = false;  // one from before the device began anew was the same
    bool former = false;       // the device has begun anew since
  };

  [[nodiscard]] Frame* find(std::uint64_t frame);

  std::deque<Frame> frames_;  // the latest, oldest first
  std::uint64_t last_number_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t open_ = 0;
};

}  // namespace sim::check
