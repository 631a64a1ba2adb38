// The plan of a replay: what a recording says of itself, under a scenario of expectations.
//
// A recording has devices, gateways, times and an application; a scenario file adds what is
// expected, what is done to deliveries, and how the endpoint is reached. Without one, all uplinks
// are expected to be delivered. Called by cli. Thread rule: pure but for the sources.
// Source: sim/recording/README.md, "Expectations".
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/replay/survey.h"
#include "sim/scenario/load.h"

namespace sim::replay {

/// `expect` is the scenario's file, or empty. The run begins when the recording did, later by
/// `shift`. On failure: every error found.
tl::expected<scenario::Plan, std::vector<scenario::Diagnostic>> replay_plan(
    const Survey& survey, std::chrono::seconds shift, const std::string& expect,
    const scenario::Sources& sources, const std::vector<scenario::Override>& overrides);

}  // namespace sim::replay
