// The queue of what is to happen, in order of virtual time.
//
// Every part of the simulation that waits for something puts an event here; the world's step loop
// takes the earliest. Events of the same moment come out in the order in which they went in, so a
// run is a function of its scenario and seed alone.
//
// A million devices each wait for their next uplink. A heap of a million entries misses the cache
// on every level, so only the present quarter of a second is a heap; later ones lie unsorted in
// buckets of a ring, and those beyond the ring (73 min) in a heap of their own. When a bucket's
// time comes, `Touch` is told of each of its events, in several passes: early enough to fetch what
// they belong to, and then what that points to.
// Called by sim::world. Thread rule: one thread. Source: R. Brown, "Calendar queues", CACM 31
// (1988).
#pragma once

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "sim/engine/sim_time.h"

namespace sim::engine {

/// For queues whose events belong to nothing that lies far away.
struct TouchNothing {
  static constexpr int kPasses = 0;
  template <class Event>
  void operator()(const Event&, int) const {}
};

/// A priority queue of small values, earliest first, first in first out within a moment.
template <class Event, class Touch = TouchNothing>
class EventQueue {
 public:
  explicit EventQueue(Touch touch = {}) : touch_(std::move(touch)) {}

  void push(SimTime at, Event event) {
    const std::int64_t bucket = bucket_of(at);
    if (size_++ == 0) base_ = bucket;
    place(Entry{at, next_sequence_++, std::move(event)}, bucket);
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// When the earliest event happens. The queue must not be empty.
  [[nodiscard]] SimTime next_time() const {
    assert(!empty());
    return near_.front().at;
  }

  /// Takes the earliest event out. The queue must not be empty.
  Event pop() {
    assert(!empty());
    Event event = taken_from(near_).event;
    if (--size_ > 0 && near_.empty()) advance();
    return event;
  }

 private:
  struct Entry {
    SimTime at;
    std::uint64_t sequence;
    Event event;
  };
  using Entries = std::vector<Entry>;

  static constexpr int kBucketBits = 28;  // 2^28 ns: 0.27 s
  static constexpr std::size_t kBuckets = std::size_t{1} << 14U;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  static std::int64_t bucket_of(SimTime at) { return at.time_since_epoch().count() >> kBucketBits; }
  static std::size_t slot_of(std::int64_t bucket) {
    return static_cast<std::size_t>(bucket) % kBuckets;
  }

  static bool later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }

  static void put_into(Entries& heap, Entry entry) {
    heap.push_back(std::move(entry));
    std::push_heap(heap.begin(), heap.end(), later);
  }

  static Entry taken_from(Entries& heap) {
    std::pop_heap(heap.begin(), heap.end(), later);
    Entry entry = std::move(heap.back());
    heap.pop_back();
    return entry;
  }

  void place(Entry entry, std::int64_t bucket) {
    if (bucket <= base_) return put_into(near_, std::move(entry));
    if (bucket - base_ >= static_cast<std::int64_t>(kBuckets)) {
      return put_into(far_, std::move(entry));
    }
    const std::size_t slot = slot_of(bucket);
    if (ring_.empty()) {
      ring_.resize(kBuckets);
      used_.resize(kBuckets / 64);
    }
    if (ring_[slot].empty() && !spare_.empty()) {
      ring_[slot] = std::move(spare_.back());
      spare_.pop_back();
    }
    ring_[slot].push_back(std::move(entry));
    used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }

  /// Makes the earliest bucket the present one. There must be one.
  void advance() {
    const std::int64_t next_far = far_.empty() ? kNever : bucket_of(far_.front().at);
    base_ = std::min(next_in_ring(), next_far);
    const std::int64_t end = base_ + static_cast<std::int64_t>(kBuckets);
    while (!far_.empty() && bucket_of(far_.front().at) < end) {
      Entry entry = taken_from(far_);
      const std::int64_t bucket = bucket_of(entry.at);
      place(std::move(entry), bucket);
    }
    load(slot_of(base_));
  }

  /// Makes a bucket's entries the heap of the present.
  void load(std::size_t slot) {
    if (ring_.empty() || ring_[slot].empty()) return;
    Entries& entries = ring_[slot];
    for (int pass = 0; pass < Touch::kPasses; ++pass) {
      for (const Entry& entry : entries) touch_(entry.event, pass);
    }
    for (Entry& entry : entries) near_.push_back(std::move(entry));
    std::make_heap(near_.begin(), near_.end(), later);
    entries.clear();
    spare_.push_back(std::move(entries));
    entries = Entries();
    used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  }

  /// The bucket after the present one that has entries; kNever where none has.
  [[nodiscard]] std::int64_t next_in_ring() const {
    if (ring_.empty()) return kNever;
    const std::size_t present = slot_of(base_);
    const std::size_t words = used_.size();
    for (std::size_t i = 0; i <= words; ++i) {
      const std::size_t word = (present / 64 + i) % words;
      std::uint64_t bits = used_[word];
      // The present bucket's own word is looked at twice: behind it first, before it last.
      const std::uint64_t behind = ~std::uint64_t{0} << (present % 64);
      if (i == 0) bits &= behind;
      if (i == words) bits &= ~behind;
      if (bits == 0) continue;
      const std::size_t slot = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      return base_ + static_cast<std::int64_t>((slot + kBuckets - present) % kBuckets);
    }
    return kNever;
  }

  Entries near_;               // a heap: all that is due before the present bucket ends
  std::vector<Entries> ring_;  // the buckets behind the present one; made when first needed
  std::vector<std::uint64_t> used_;
  Entries far_;                 // a heap: what lies beyond the ring
  std::vector<Entries> spare_;  // emptied buckets, whose memory is used again
  std::int64_t base_ = 0;       // the present bucket
  std::size_t size_ = 0;
  std::uint64_t next_sequence_ = 0;
  Touch touch_;
};

}  // namespace sim::engine
