// Reads the expectation `retry: 429, within: 10s`, whose section is the whole expectation.
// Called by the reader of expectations. Thread rule: pure but for problems.
// Source: scenarios/README.md, "expect".
#pragma once

#include "sim/check/expectation.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

/// `node` is the value of `retry`. What is wrong is in problems.
check::RetryExpectation read_retry_expectation(const Section& section, const Node& node,
                                               Problems& problems);

}  // namespace sim::scenario
