// The page of the fidelity checks: their table and their plots, in one file that needs nothing
// else. Called by main. Thread rule: pure. Source: SVG 1.1; text from outside does not reach it.
#pragma once

#include <string>
#include <vector>

#include "tests/fidelity/check.h"

namespace fidelity {

struct Outcome {
  Check check;
  Measured measured;
};

std::string page_of(const std::vector<Outcome>& outcomes);

}  // namespace fidelity
