// The walls of the worker process: what it cannot do, whatever a codec makes of the engine.
//
// No file, no network, no new process, no more memory than its share: reading and writing its one
// pipe is what remains. Called once by the worker's main, after the engine has started (which reads
// files and makes threads) and before the first codec. Thread rule: holds for all threads of the
// process. Source: seccomp(2), getrlimit(2).
#pragma once

#include <cstddef>

namespace sim::sandbox {

/// Before the engine starts: closes whatever the parent left open, and dies with the parent.
void detach_from_parent();

/// `memory_bytes` is what the process may use beyond what it uses now. Throws std::runtime_error
/// where the system does not build the walls.
void confine(std::size_t memory_bytes);

}  // namespace sim::sandbox
