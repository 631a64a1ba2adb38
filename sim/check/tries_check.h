// Judges `tries: { exactly: 3 }, when: "..."`: how often an uplink was sent until it was delivered
// or given up, and that each redelivery had the bytes of the first try.
//
// Called by Judge. Thread rule: the run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

#include "sim/check/curl.h"
#include "sim/check/outcome_counts.h"
#include "sim/check/uplink_facts.h"

namespace sim::check {

class TriesCheck {
 public:
  /// Both must outlive the check; `expectation` holds a TriesExpectation.
  TriesCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const UplinkDue& entry);
  void on(const RedeliverySent& entry);
  void on(const UplinkDelivered& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  struct Body {
    std::uint64_t hash = 0;
    bool changed = false;
  };
  [[nodiscard]] bool is_wanted(unsigned tries) const;
  void tell(const UplinkDelivered& entry, bool changed);

  const Expectation& expectation_;
  const TriesExpectation& wanted_;
  const RequestRecipe& recipe_;
  std::unordered_map<std::uint64_t, Body> bodies_;  // of what is meant and on its way, by uplink
  OutcomeCounts counts_;
  std::map<unsigned, std::uint64_t> by_tries_;  // uplinks that are not as wanted
  std::uint64_t changed_ = 0;
  EvidenceList evidence_;
};

/// "100% of the uplinks tried exactly 3 times where ..."
std::string expected_tries_text(const TriesExpectation& wanted);

}  // namespace sim::check
