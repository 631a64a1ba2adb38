// The queue of what is to happen, in order of virtual time.
//
// Every part of the simulation that waits for something puts an event here; the network's step loop
// takes the earliest. Events of the same moment come out in the order in which they went in, so a
// run is a function of its scenario and seed alone. Called by sim::network.
// Thread rule: one thread. Source: sim/README.md, "Time".
#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/engine/sim_time.h"

namespace sim::engine {

/// A priority queue of small values, earliest first, first in first out within a moment.
template <class Event>
class EventQueue {
 public:
  void push(SimTime at, Event event) {
    heap_.push_back(Entry{at, next_sequence_++, std::move(event)});
    std::push_heap(heap_.begin(), heap_.end(), later);
  }

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

  /// When the earliest event happens. The queue must not be empty.
  [[nodiscard]] SimTime next_time() const {
    assert(!heap_.empty());
    return heap_.front().at;
  }

  /// Takes the earliest event out. The queue must not be empty.
  Event pop() {
    assert(!heap_.empty());
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Event event = std::move(heap_.back().event);
    heap_.pop_back();
    return event;
  }

 private:
  struct Entry {
    SimTime at;
    std::uint64_t sequence;
    Event event;
  };

  static bool later(const Entry& a, const Entry& b) {
    return a.at != b.at ? a.at > b.at : a.sequence > b.sequence;
  }

  std::vector<Entry> heap_;
  std::uint64_t next_sequence_ = 0;
};

}  // namespace sim::engine
