// From the arguments of a process to its exit status.
//
// Every command is listed here once, and the one catch of the program is here: an exception is the
// environment's fault (a port in use, a file that cannot be written) and becomes status 3.
// Called by main. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

namespace sim::cli {

/// What pipelines rely on.
enum ExitStatus : int {
  kPassed = 0,
  kCheckFailed = 1,
  kUsage = 2,
  kEnvironment = 3,
  kInterrupted = 130,
};

int run_command_line(int argc, char** argv);

}  // namespace sim::cli
