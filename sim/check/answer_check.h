// Judges `answer: 2xx, within: 2s`: how many uplinks were answered so, and in time.
//
// The time is the endpoint's own, `answered - sent`; what an uplink waited for its turn is judged
// by `latency`. Called by Judge. Thread rule: the run's thread. Source: scenarios/README.md,
// "expect".
#pragma once

#include <cstdint>

#include "sim/check/curl.h"
#include "sim/check/outcome_counts.h"
#include "sim/check/uplink_facts.h"

namespace sim::check {

class AnswerCheck {
 public:
  /// Both must outlive the check; `expectation` holds an AnswerExpectation.
  AnswerCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const UplinkDue& entry);
  void on(const UplinkDelivered& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  /// Counts a delivery and says what is wrong with it, or nothing.
  std::string problem_of(const delivery::Delivery& delivery);

  const Expectation& expectation_;
  const AnswerExpectation& wanted_;
  const RequestRecipe& recipe_;
  MeantUplinks meant_;
  OutcomeCounts counts_;
  std::uint64_t other_status_ = 0;
  std::uint64_t too_slow_ = 0;
  std::uint64_t unanswered_ = 0;
  EvidenceList evidence_;
};

}  // namespace sim::check
