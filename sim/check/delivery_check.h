// Judges `uplinks: delivered, share: 99%`: how many uplinks have the wanted outcome.
// Called by Judge. Thread rule: the run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <array>
#include <cstdint>

#include "sim/check/curl.h"
#include "sim/check/outcome_counts.h"
#include "sim/check/uplink_facts.h"

namespace sim::check {

class DeliveryCheck {
 public:
  /// Both must outlive the check; `expectation` holds a DeliveryExpectation.
  DeliveryCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const UplinkDue& entry);
  void on(const UplinkDelivered& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  static constexpr std::size_t kOutcomes = 5;

  const Expectation& expectation_;
  const DeliveryExpectation& wanted_;
  const RequestRecipe& recipe_;
  MeantUplinks meant_;
  OutcomeCounts counts_;
  std::array<std::uint64_t, kOutcomes> others_{};  // by outcome
  EvidenceList evidence_;
};

}  // namespace sim::check
