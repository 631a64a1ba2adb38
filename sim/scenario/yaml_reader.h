// From YAML text to a tree of nodes; the only place that knows the YAML library.
//
// Refuses what a scenario must not have: control characters, duplicate keys, merge keys, tags,
// several documents, deep nesting, and aliases that grow beyond bounds. Called by load().
// Thread rule: pure. Source: YAML 1.2; the bounds are lnsim's own.
#pragma once

#include <cstddef>

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

constexpr std::size_t kMaxNodes = 1'000'000;  ///< aliases counted as what they stand for
constexpr int kMaxDepth = 64;

/// Reads `source` from byte `offset` of its first line on. Null where it is no YAML, which
/// `problems` then says; duplicate keys are said as well, but do not stop the reading.
NodePtr parse_yaml(const SourceText& source, Problems& problems, std::size_t offset = 0);

}  // namespace sim::scenario
