// Brings memory into the cache before it is needed.
//
// A load whose value nobody uses, rather than the processor's prefetch instruction: that one is
// dropped where the address is not in the translation buffer, which is what costs most in a large
// fleet. Several such loads are under way at once; the processor does not wait for them before it
// has to. Called by what knows of coming events. Thread rule: none.
#pragma once

#include <cstddef>

namespace sim::engine {

/// Reads a byte of every line of `size` bytes from `address`.
inline void prefetch(const void* address, std::size_t size = 1) {
  constexpr std::size_t kLine = 64;
  for (std::size_t offset = 0; offset < size; offset += kLine) {
    static_cast<void>(*(static_cast<const volatile char*>(address) + offset));
  }
}

}  // namespace sim::engine
