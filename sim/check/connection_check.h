// Judges `connections: kept`: whether the endpoint leaves its connections open.
//
// A new connection for each uplink costs both sides more than the uplink does. Only answers to
// requests that are sent like any other count. Called by Judge. Thread rule: the run's thread.
// Source: RFC 9112 9.3.
#pragma once

#include <cstdint>

#include "sim/check/curl.h"
#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class ConnectionCheck {
 public:
  /// Both must outlive the check; `expectation` holds a ConnectionExpectation.
  ConnectionCheck(const Expectation& expectation, const RequestRecipe& recipe);

  void on(const UplinkDelivered& entry);
  void on(const DeliveryTried& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  template <class Entry>
  void judge(const Entry& entry);

  const Expectation& expectation_;
  const RequestRecipe& recipe_;
  std::uint64_t answers_ = 0;
  std::uint64_t kept_ = 0;
  EvidenceList evidence_;
};

}  // namespace sim::check
