// The options of `lnsim anonymise`, as the command line knows them.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include "sim/cli/options.h"

namespace CLI {
class App;
}

namespace sim::cli {

void add_anonymise(CLI::App& app, AnonymiseOptions& anonymise, GlobalOptions& global);

}  // namespace sim::cli
