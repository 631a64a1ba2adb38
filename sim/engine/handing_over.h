// Memory that one thread writes and another reads soon after.
//
// A line that another processor has just written takes as long to come as a third of a simulated
// uplink, so what is handed over is asked for some time before, and what different threads write
// lies apart. Called by world and fixture. Thread rule: none.
#pragma once

#include <cstddef>

namespace sim::engine {

/// What different threads write lies so far apart: two lines, since processors fetch pairs.
constexpr std::size_t kApart = 128;

/// Asks for lines to be read, and does not wait: a load of them would (engine/prefetch.h).
inline void prefetch_far(const void* address, std::size_t size = 1) {
  constexpr std::size_t kLine = 64;
  for (std::size_t offset = 0; offset < size; offset += kLine) {
    __builtin_prefetch(static_cast<const char*>(address) + offset);
  }
}

/// The same of lines to be written.
inline void prefetch_to_write(void* address, std::size_t size = 1) {
  constexpr std::size_t kLine = 64;
  for (std::size_t offset = 0; offset < size; offset += kLine) {
    __builtin_prefetch(static_cast<char*>(address) + offset, 1);
  }
}

}  // namespace sim::engine
