// Starts a program with nothing of ours but what it is given.
//
// It has its own process group (an interrupt at the terminal is for lnsim, which then ends it), the
// signals of a new program, the two descriptors that are named here, and no other. Called by codec
// and run. Thread rule: any thread. Source: POSIX posix_spawn.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sim::process {

struct Program {
  /// Its name, which is looked for in PATH where it has no slash, and its arguments.
  std::vector<std::string> words;
  int input = -1;   ///< a descriptor that it reads from; -1: there is nothing to read
  int output = -1;  ///< a descriptor that it writes to; -1: what it writes is lost
  /// "NAME=value"; nothing: it has ours.
  std::optional<std::vector<std::string>> environment;
};

/// Its process, which is also its group. Throws std::runtime_error where it cannot be started.
pid_t spawn(Program program);

}  // namespace sim::process
