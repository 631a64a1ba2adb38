// Which rule of the scenario, if any, takes an uplink's delivery.
//
// Counts each device's uplinks, and what each rule took. The lots are drawn from (seed, uplink), so
// the same uplinks are taken in every run. Called by Poster. Thread rule: the run's thread.
// Source: scenarios/README.md, "deliveries".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/check/condition.h"
#include "sim/scenario/plan.h"

namespace sim::run {

class DeliveryRules {
 public:
  /// The rules must outlive it.
  DeliveryRules(const std::vector<scenario::DeliveryRule>& rules, std::uint64_t seed);

  /// The first rule that takes an uplink; nullptr where none does. To be asked once for each.
  const scenario::DeliveryRule* take(std::uint64_t uplink, std::string_view device,
                                     const check::UplinkFacts& facts, engine::SimTime at);

 private:
  [[nodiscard]] bool chooses(std::size_t rule, std::uint64_t uplink, std::string_view device,
                             const check::UplinkFacts& facts, engine::SimTime at) const;

  const std::vector<scenario::DeliveryRule>& rules_;
  std::uint64_t seed_;
  std::vector<std::uint64_t> taken_;  // by rule
};

}  // namespace sim::run
