// Judges `leaks: none`: answers must not show the endpoint's inside.
//
// A stack trace in an answer tells an attacker which libraries there are, and a person nothing; an
// access key in one ends up in logs. Only the beginning of a body is looked at (what a delivery
// keeps). Called by Judge. Thread rule: the run's thread. Source: CWE-209, "error message
// containing sensitive information".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/check/curl.h"
#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

/// What an answer's body shows that it should not, as words for a sentence; empty: nothing.
std::string_view leak_in(std::string_view answer);

class LeakCheck {
 public:
  /// Both must outlive the check; `expectation` holds a LeakExpectation.
  LeakCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const UplinkDelivered& entry);
  void on(const DeliveryTried& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  template <class Entry>
  void judge(const Entry& entry);

  const Expectation& expectation_;
  const RequestRecipe& recipe_;
  std::uint64_t answers_ = 0;
  std::uint64_t leaks_ = 0;
  EvidenceList evidence_;
};

}  // namespace sim::check
