// The options of `lnsim record` and `lnsim replay`, as the command line knows them.
// Called by command_line. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include "sim/cli/options.h"

namespace CLI {
class App;
}

namespace sim::cli {

void add_record(CLI::App& app, RecordOptions& record, GlobalOptions& global);
void add_replay(CLI::App& app, ReplayOptions& replay, GlobalOptions& global);

}  // namespace sim::cli
