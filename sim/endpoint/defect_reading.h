// What an endpoint with a mistake refuses of a body that is a good uplink.
// Called by DefectPlayer. Thread rule: pure. Source: sim/endpoint/README.md, "Known mistakes".
#pragma once

#include <optional>
#include <string>

#include "sim/endpoint/defects.h"
#include "sim/endpoint/uplink_check.h"

namespace sim::endpoint {

/// Why such an endpoint refuses that body; nothing: it does not.
std::optional<Refusal> odd_refusal(Defect defect, const std::string& body);

/// Whether such an endpoint takes a body that the good one refused with this.
bool takes_nonetheless(Defect defect, const std::string& body, const Refusal& good);

}  // namespace sim::endpoint
