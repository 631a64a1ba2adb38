// `--set path=value`: changes a scenario's tree before anything in it is checked.
//
// A path that the language does not know becomes an unknown key, and is told with a hint like any
// other. Called by load(). Thread rule: pure. Source: shared design, the options of a run.
#pragma once

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// Sets what `source` says, whose text is "path=value" and whose path is `path_length` long.
void apply_override(Node& root, const SourceText& source, std::size_t path_length,
                    Problems& problems);

}  // namespace sim::scenario
