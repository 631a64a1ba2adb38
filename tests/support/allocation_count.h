// How often this thread has allocated memory: for tests of what must not allocate.
//
// Linking this in replaces operator new and delete of the executable with ones that count and call
// malloc and free, so sanitizers still see every block. Called by tests. Thread rule: each thread
// counts for itself.
#pragma once

#include <cstdint>

namespace sim::test {

/// Calls of operator new, in any of its forms, on this thread so far.
std::uint64_t allocation_count();

}  // namespace sim::test
