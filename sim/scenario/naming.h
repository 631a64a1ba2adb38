// What the gateways and devices of one entry are called: `pump-{n}` stands for pump-1, pump-2, ...
//
// Called by the readers of gateways and devices, which name alike. Thread rule: pure.
// Source: scenarios/README.md, "gateways" and "devices".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/scenario/problems.h"

namespace sim::scenario {

/// How many an entry stands for, and how many of them take their names from the pattern: a list of
/// places may bring names along.
struct Named {
  std::uint64_t count = 1;
  std::uint64_t by_pattern = 1;
};

/// The pattern, whose names are all identifiers; `what` is "devices".
std::optional<std::string> read_name_pattern(const Node& node, const Named& named,
                                             std::string_view what, Problems& problems);

/// The name of that number, which counts from 1.
std::string numbered_name(std::string_view pattern, std::uint64_t number);

/// Where each name was given first.
using TakenNames = std::unordered_map<std::string, Spot>;

/// Takes a name, or tells that it is taken; `what` is "device".
bool take_name(TakenNames& taken, std::string_view what, const std::string& name, const Spot& spot,
               Problems& problems);

/// Tells that something stands at `spot` for the second time.
void add_twice(std::string_view what, std::string_view name, const Spot& spot, const Spot& first,
               Problems& problems);

}  // namespace sim::scenario
