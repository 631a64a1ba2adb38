// Lays mappings over each other, and puts named values into their places.
//
// A conformance case says only what is particular to it: the rest lies under it (the suite's base)
// or over it (a profile). Nodes keep their own places, so errors point into the text that they come
// from. Called by load() before anything is read. Thread rule: pure but for the trees.
// Source: sim/conformance/README.md.
#pragma once

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

/// A tree with everything of both: mappings are joined key by key, anything else of `above` takes
/// the place of what is below. The trees given are not changed, but shared where they can be.
NodePtr laid_over(const NodePtr& below, const NodePtr& above);

/// Replaces each unquoted scalar `$name` by what stands under `values: { name: ... }` at the top.
/// Without such a key nothing is changed; an unknown name is a problem.
void put_named_values(Node& root, Problems& problems);

}  // namespace sim::scenario
