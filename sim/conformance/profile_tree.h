// The tree of a profile, for the suite that lays it over its cases.
// Called within conformance. Thread rule: pure. Source: sim/conformance/profile.h.
#pragma once

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::conformance {

/// Nothing where the text is empty, or after a problem.
scenario::NodePtr parse_profile(const scenario::SourceText& text, scenario::Problems& problems);

}  // namespace sim::conformance
