// The list of all checks, in the order in which they run.
// Called by the program. Each file of checks has one line in registry.cpp. Thread rule: pure.
#pragma once

#include "tests/fidelity/check.h"

namespace sim::fidelity {

Checks all_checks();

}  // namespace sim::fidelity
