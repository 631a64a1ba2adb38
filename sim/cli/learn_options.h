// The options of `lnsim learn`, as the command line knows them.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include "sim/cli/options.h"

namespace CLI {
class App;
}

namespace sim::cli {

void add_learn(CLI::App& app, LearnOptions& learn, GlobalOptions& global);

}  // namespace sim::cli
