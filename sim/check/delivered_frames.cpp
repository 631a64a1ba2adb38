#include "sim/check/delivered_frames.h"

#include <algorithm>

namespace sim::check {

namespace {

// What comes again does so after a few frames at most; a run of any length takes the same memory.
constexpr std::size_t kKept = 64;

}  // namespace

std::uint64_t DeliveredFrames::add(std::uint32_t f_cnt, const lorawan::Bytes& payload) {
  bool like_former = false;
  for (const Frame& frame : frames_) {
    if (frame.f_cnt != f_cnt || frame.payload != payload) continue;
    if (!frame.former) return frame.number;
    like_former = true;
  }
  if (frames_.size() == kKept) frames_.pop_front();
  frames_.push_back({++last_number_, f_cnt, payload, Fate::unknown, like_former, false});
  return last_number_;
}

DeliveredFrames::Frame* DeliveredFrames::find(std::uint64_t frame) {
  const auto found = std::find_if(frames_.begin(), frames_.end(),
                                  [frame](const Frame& one) { return one.number == frame; });
  return found == frames_.end() ? nullptr : &*found;
}

void DeliveredFrames::deliver(std::uint64_t frame) {
  Frame* const found = find(frame);
  if (found != nullptr && found->fate == Fate::delivered) return;
  if (found != nullptr && found->like_former) return leave_open(frame);
  if (found != nullptr && found->fate == Fate::open) --open_;
  if (found != nullptr) found->fate = Fate::delivered;
  ++delivered_;
}

void DeliveredFrames::leave_open(std::uint64_t frame) {
  Frame* const found = find(frame);
  if (found != nullptr && found->fate != Fate::unknown) return;
  if (found != nullptr) found->fate = Fate::open;
  ++open_;
}

void DeliveredFrames::begin_anew() {
  for (Frame& frame : frames_) frame.former = true;
}

}  // namespace sim::check
