// The page of a run: every check with its target and what was measured, and the figures.
//
// One HTML file that needs nothing else: styles and drawings are in it, and all text is escaped.
// Called by the program. Thread rule: pure.
#pragma once

#include <span>
#include <string>

#include "tests/fidelity/check.h"

namespace sim::fidelity {

/// A check that was run.
struct Result {
  Check check;
  Measured measured;
};

std::string page(std::span<const Result> results, const Effort& effort);

}  // namespace sim::fidelity
