// Puts the values of environment variables in the place of `${NAME}` and `${NAME:-default}`.
//
// It works on scalars after the YAML is read, so a value can never bring structure with it; keys
// stay as they are. `$${` is a literal `${`. Called by load(). Thread rule: pure but for the
// environment that is handed in. Source: scenarios/README.md, "Substitution".
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Substitutes in every scalar of the tree; what is not defined is an error at its place.
void substitute(Node& root, const Environment& environment, Problems& problems);

}  // namespace sim::scenario
