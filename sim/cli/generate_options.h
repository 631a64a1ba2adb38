// The options of `lnsim generate`, as the command line knows them.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include "sim/cli/options.h"

namespace CLI {
class App;
}

namespace sim::cli {

void add_generate(CLI::App& app, GenerateOptions& generate, GlobalOptions& global);

}  // namespace sim::cli
