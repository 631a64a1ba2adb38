// The queue of what is to happen, in order of virtual time.
//
// Every part of the simulation that waits for something puts an event here; the world's step loop
// takes the earliest. Events of the same moment come out in the order in which they went in, so a
// run is a function of its scenario and seed alone.
//
// A million devices each wait for their next uplink. A heap of a million entries misses the cache
// and mispredicts a branch on every level, so only the present four milliseconds are a heap. Later
// ones lie unsorted in the buckets of two wheels: a fine one for the present second, a coarse one
// of 73 minutes; beyond that is a heap of its own. When a fine bucket's time comes, `Touch` is told
// of each of its events, in several passes: early enough to fetch what they belong to, and then
// what that points to. Called by sim::world. Thread rule: one thread.
// Source: G. Varghese and A. Lauck, "Hashed and hierarchical timing wheels", SOSP 1987.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <limits>
#include <memory>
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
    if (size_++ == 0) {
      coarse_base_ = coarse_of(at);
      base_ = fine_of(at);
    }
    place(at, next_sequence_++, std::move(event));
  }

  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// When the earliest event happens. The queue must not be empty.
  [[nodiscard]] SimTime next_time() const {
    assert(!empty());
    return near_.front().at;
  }

  /// The earliest event. The queue must not be empty.
  [[nodiscard]] const Event& next() const {
    assert(!empty());
    return near_.front().event;
  }

  /// Takes the earliest event out. The queue must not be empty.
  Event pop() {
    assert(!empty());
    Event event = taken_from(near_).event;
    if (--size_ > 0 && near_.empty()) advance();
    return event;
  }

 private:
  // Made where it is to lie: a copy of what was only just written makes the processor wait.
  struct Entry {
    Entry(SimTime moment, std::uint64_t number, Event what)
        : at(moment), sequence(number), event(std::move(what)) {}
    SimTime at;
    std::uint64_t sequence;
    Event event;
  };
  using Entries = std::vector<Entry>;

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  /// Buckets of one width, and which of them have entries.
  template <std::size_t kCount>
  struct Wheel {
    std::array<Entries, kCount> buckets;
    std::array<std::uint64_t, kCount / 64> used{};

    /// How many buckets after `present` the next one with entries is, going round; kNone where
    /// there is none.
    [[nodiscard]] std::size_t steps_to_next(std::size_t present) const {
      for (std::size_t i = 0; i <= used.size(); ++i) {
        const std::size_t word = (present / 64 + i) % used.size();
        // The present bucket's word is looked at twice: what is behind it first, the rest last.
        const std::uint64_t behind =
            present % 64 == 63 ? 0 : ~std::uint64_t{0} << (present % 64 + 1);
        std::uint64_t bits = used[word];
        if (i == 0) bits &= behind;
        if (i == used.size()) bits &= ~behind;
        if (bits == 0) continue;
        const std::size_t bucket = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
        const std::size_t steps = (bucket + kCount - present) % kCount;
        return steps == 0 ? kCount : steps;
      }
      return kNone;
    }
  };

  static constexpr int kFineBits = 22;    // 2^22 ns: 4.2 ms
  static constexpr int kCoarseBits = 30;  // 2^30 ns: 1.07 s
  static constexpr std::size_t kFine = std::size_t{1} << (kCoarseBits - kFineBits);
  static constexpr std::size_t kCoarse = 4096;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  static std::int64_t fine_of(SimTime at) { return at.time_since_epoch().count() >> kFineBits; }
  static std::int64_t coarse_of(SimTime at) { return at.time_since_epoch().count() >> kCoarseBits; }
  static std::size_t slot(std::int64_t bucket, std::size_t count) {
    return static_cast<std::size_t>(bucket) % count;
  }

  static bool later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }

  static void put_into(Entries& heap, SimTime at, std::uint64_t sequence, Event event) {
    heap.emplace_back(at, sequence, std::move(event));
    std::push_heap(heap.begin(), heap.end(), later);
  }

  static Entry taken_from(Entries& heap) {
    std::pop_heap(heap.begin(), heap.end(), later);
    Entry entry = std::move(heap.back());
    heap.pop_back();
    return entry;
  }

  void place(SimTime at, std::uint64_t sequence, Event event) {
    const std::int64_t coarse = coarse_of(at);
    if (coarse <= coarse_base_) {
      const std::int64_t fine = fine_of(at);
      if (fine <= base_) return put_into(near_, at, sequence, std::move(event));
      bucket_of(fine_, slot(fine, kFine)).emplace_back(at, sequence, std::move(event));
      return;
    }
    if (coarse - coarse_base_ >= static_cast<std::int64_t>(kCoarse)) {
      return put_into(far_, at, sequence, std::move(event));
    }
    bucket_of(*coarse_, slot(coarse, kCoarse)).emplace_back(at, sequence, std::move(event));
  }

  void place_again(Entry entry) { place(entry.at, entry.sequence, std::move(entry.event)); }

  /// A bucket that is to get an entry.
  template <std::size_t kCount>
  Entries& bucket_of(Wheel<kCount>& wheel, std::size_t bucket) {
    Entries& entries = wheel.buckets[bucket];
    if (entries.capacity() == 0 && !spare_.empty()) {
      entries = std::move(spare_.back());
      spare_.pop_back();
    }
    wheel.used[bucket / 64] |= std::uint64_t{1} << (bucket % 64);
    return entries;
  }

  /// Takes a bucket's entries out of a wheel.
  template <std::size_t kCount>
  Entries taken_from(Wheel<kCount>& wheel, std::size_t bucket) {
    wheel.used[bucket / 64] &= ~(std::uint64_t{1} << (bucket % 64));
    Entries entries = std::move(wheel.buckets[bucket]);
    wheel.buckets[bucket] = Entries();
    return entries;
  }

  void give_back(Entries entries) {
    entries.clear();
    spare_.push_back(std::move(entries));
  }

  /// Makes the earliest fine bucket the present one. There must be an entry.
  void advance() {
    while (near_.empty()) {
      const std::size_t steps = fine_.steps_to_next(slot(base_, kFine));
      // What lies behind the present bucket, going round, is of the second that has passed: none.
      const std::int64_t next = base_ + static_cast<std::int64_t>(steps);
      if (steps != kNone && next >> (kCoarseBits - kFineBits) <= coarse_base_) {
        base_ = next;
        load();
      } else {
        enter_next_second();
      }
    }
  }

  /// Spreads the earliest coarse bucket over the fine wheel.
  void enter_next_second() {
    const std::size_t steps = coarse_->steps_to_next(slot(coarse_base_, kCoarse));
    const std::int64_t next =
        steps != kNone ? coarse_base_ + static_cast<std::int64_t>(steps) : kNever;
    coarse_base_ = far_.empty() ? next : std::min(next, coarse_of(far_.front().at));
    base_ = (coarse_base_ << (kCoarseBits - kFineBits)) - 1;
    const std::int64_t end = coarse_base_ + static_cast<std::int64_t>(kCoarse);
    while (!far_.empty() && coarse_of(far_.front().at) < end) place_again(taken_from(far_));
    Entries entries = taken_from(*coarse_, slot(coarse_base_, kCoarse));
    for (Entry& entry : entries) place_again(std::move(entry));
    if (entries.capacity() > 0) give_back(std::move(entries));
  }

  /// Makes the present fine bucket's entries the heap of the present.
  void load() {
    Entries entries = taken_from(fine_, slot(base_, kFine));
    for (int pass = 0; pass < Touch::kPasses; ++pass) {
      for (const Entry& entry : entries) touch_(entry.event, pass);
    }
    for (Entry& entry : entries) near_.push_back(std::move(entry));
    if (near_.size() > 1) std::make_heap(near_.begin(), near_.end(), later);
    give_back(std::move(entries));
  }

  Entries near_;  // a heap: all that is due before the present fine bucket ends
  Wheel<kFine> fine_;
  std::unique_ptr<Wheel<kCoarse>> coarse_ = std::make_unique<Wheel<kCoarse>>();
  Entries far_;                   // a heap: what lies beyond the coarse wheel
  std::vector<Entries> spare_;    // emptied buckets, whose memory is used again
  std::int64_t coarse_base_ = 0;  // the present second
  std::int64_t base_ = 0;         // the present fine bucket
  std::size_t size_ = 0;
  std::uint64_t next_sequence_ = 0;
  Touch touch_;
};

}  // namespace sim::engine
