// Reads headers that a scenario sends: names and values that HTTP allows, and none that lnsim sets.
// Called by the readers of `endpoint` and `deliveries`. Thread rule: pure. Source: RFC 9110 5.
#pragma once

#include <optional>
#include <string>

#include "sim/http/message.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

std::optional<std::string> read_header_value(const Node& node, Problems& problems);
std::optional<http::Headers> read_headers(const Node& node, Problems& problems);

}  // namespace sim::scenario
