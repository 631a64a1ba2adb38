// Reads what a scenario has done to deliveries: a rule of `deliveries`, or a timeline's `endpoint`.
//
// Called by the readers of those sections. Thread rule: pure. Source: scenarios/README.md,
// "deliveries".
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "sim/scenario/draft.h"
#include "sim/scenario/when_value.h"

namespace sim::scenario {

/// A fault of what a request carries: the rule alters body or headers.
struct ContentFault {
  std::string_view name;
  std::string_view title;
};

/// What `fault` may be beside the faults that the sender makes (delivery::faults()).
std::span<const ContentFault> content_faults();

/// Which deliveries a rule takes, and what is done to them. Its name is empty where it has none.
std::optional<DeliveryRule> read_delivery_rule(const Node& node, const Draft& draft,
                                               WhenReader& conditions, Problems& problems);

}  // namespace sim::scenario
