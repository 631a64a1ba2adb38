// What a gateway is like, apart from its name and place: its kind, how it reports, its clock, its
// way to the server.
//
// Read once from a gateway's mapping, then given to as many gateways as the mapping stands for;
// what is drawn by lot is drawn for each of them. Called by the reader of gateways. Thread rule:
// pure. Source: scenarios/README.md, "gateways".
#pragma once

#include <cstdint>
#include <optional>

#include "sim/fleet/gateway_profile.h"
#include "sim/scenario/section.h"
#include "sim/world/world.h"

namespace sim::scenario {

/// What is wrong with a clock's time of day.
struct ClockFault {
  engine::SimDuration error{};  ///< ahead; behind where negative
  bool starts_1980 = false;
  bool unfiltered = false;
  bool empty = false;
};

/// The kind of a gateway, and what its own keys say otherwise.
struct GatewayTraits {
  std::optional<fleet::GatewayKind> kind;  ///< nothing: each by lot
  std::optional<fleet::SnrForm> snr_form;
  std::optional<fleet::ChannelNumbers> channels;
  std::optional<fleet::RfChains> rf_chains;
  std::optional<fleet::ClockKind> clock;
  ClockFault clock_fault;
  std::optional<double> gain_dbi;
  std::optional<int> antennas;
  std::optional<engine::SimDuration> fastest;
  std::optional<engine::SimDuration> spread;
  std::optional<double> loss;
  bool location_known = true;
  fleet::ReceptionPin pin;
};

/// The keys that read_traits() reads, for the list of those that a gateway may have.
constexpr const char* kTraitKeys[] = {"profile",   "clock",    "clock_fault", "gain",
                                      "forwarder", "channels", "rf_chain",    "antennas",
                                      "backhaul",  "location", "pin"};

GatewayTraits read_traits(const Section& gateway, Problems& problems);

/// Makes a gateway what the traits say. `index` is its place in the plan, and its lot.
void give_traits(const GatewayTraits& traits, const world::FieldPlan& field, std::uint64_t index,
                 fleet::Gateway& gateway);

}  // namespace sim::scenario
