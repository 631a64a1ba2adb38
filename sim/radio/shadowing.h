// Shadowing: how much more or less is lost at a place than the distance alone says.
//
// Two devices behind the same house are in the same shadow, of every gateway a little and of each
// gateway much. So a link's shadow has three parts: one that all gateways share at that place, one
// of the gateway at that place, and one of the link alone. The first two are random fields that
// change over some hundred metres. Called by LinkBudget. Thread rule: pure. Source: shared facts on
// radio, 3.4 (correlation between gateways 0.25 to 0.55; 30 to 45% of the variance without any; the
// rest decorrelates over 60 to 150 m; ns-3 uses 110 m).
#pragma once

#include <cstdint>

#include "sim/fleet/position.h"

namespace sim::radio {

/// A normal value (mean 0, deviation 1) for each place, near places alike. `subject` tells fields
/// apart.
double shadow_field(std::uint64_t seed, std::uint64_t subject, const fleet::Position& at);

/// The shadow of a link in standard deviations, in its three parts: what all gateways share at that
/// place, what is the link's alone, what is the gateway's at that place. `link` tells links apart.
double shared_shadow(std::uint64_t seed, const fleet::Position& at);
double own_shadow(std::uint64_t seed, std::uint64_t link);
double gateway_shadow(std::uint64_t seed, std::uint32_t gateway, const fleet::Position& at);

/// All three together, for a device that stays where it is.
double correlated_shadow(std::uint64_t seed, std::uint32_t device, std::uint32_t gateway,
                         const fleet::Position& at);

/// Beyond this, in standard deviations of a whole link, gateway_shadow() hardly ever goes.
constexpr double kLargestGatewayShadow = 2;

}  // namespace sim::radio
