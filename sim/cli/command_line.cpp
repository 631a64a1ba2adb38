#include "sim/cli/command_line.h"

namespace sim::cli {

int run_command_line(int /*argc*/, char** /*argv*/) { return kUsage; }

}  // namespace sim::cli
