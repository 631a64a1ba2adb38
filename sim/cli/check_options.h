// The options of `lnsim check`, as the command line knows them.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include "sim/cli/options.h"

namespace CLI {
class App;
}

namespace sim::cli {

/// The options that hold everywhere, for one command.
void add_global_options(CLI::App& app, GlobalOptions& global);

void add_check(CLI::App& app, CheckOptions& check, GlobalOptions& global);

}  // namespace sim::cli
