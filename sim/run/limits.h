// Whether this machine can carry as many connections as a run may open: files, ports and memory.
//
// Asked before anything is sent, because what runs out in the middle of a load looks like a fault
// of the endpoint. The arithmetic stands apart from the asking, so that it can be tested. Called by
// Runner. Thread rule: one thread; raises the process's own limit of open files.
// Source: getrlimit(2); ip(7); proc(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/scenario/plan.h"

namespace sim::run {

/// What a run needs.
struct Needs {
  std::size_t connections = 0;  ///< to the endpoint
  bool in_process = false;      ///< both ends are in this process: the built-in endpoint
  bool by_tcp = true;           ///< each takes a local port
  bool with_tls = false;
};

/// What the machine has. Nothing: that is not known, and not looked at.
struct Machine {
  std::uint64_t open_files = 0;  ///< the hard limit
  std::optional<std::uint64_t> local_ports;
  std::optional<std::uint64_t> free_memory;  ///< bytes
};

/// Open files that a run needs at least.
std::uint64_t files_for(const Needs& needs);

/// What is missing, as a sentence with what would help; empty: nothing is.
std::string missing(const Needs& needs, const Machine& machine);

/// Raises the soft limit of open files where it is too low. Throws std::runtime_error where the run
/// cannot be carried out.
void check_limits(const scenario::Plan& plan, const std::string& endpoint_url);

}  // namespace sim::run
