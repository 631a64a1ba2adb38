// Judges `acknowledged: downlinks, within: 30min`: whether devices acknowledge what was confirmed.
//
// Time is virtual: from the call that was accepted to the uplink that carries the acknowledgement.
// A downlink that was replaced, or that its device did not acknowledge although it sent again, is
// one that was not; what could still have been acknowledged when the run ended is not told. Called
// by Judge. Thread rule: the run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class AcknowledgeCheck {
 public:
  /// The expectation holds an AcknowledgeExpectation, and must outlive the check.
  explicit AcknowledgeCheck(const Expectation& expectation);

  void on(const Stamp& stamp, const DownlinkCalled& entry);
  void on(const UplinkDue& entry);
  void on(const DownlinkSent& entry);
  void on(const Stamp& stamp, const DownlinkAcknowledged& entry);
  void on(const DownlinkDropped& entry);
  void on(const Stamp& stamp, const RunEnded& entry);

  [[nodiscard]] Verdict verdict() const;

 private:
  /// A confirmed downlink that is not acknowledged yet.
  struct Open {
    std::string device;  // as the call named it, whose text is gone
    engine::SimTime accepted;
    unsigned sent = 0;        ///< how often
    bool sent_again = false;  ///< the device sent an uplink after it was sent
  };

  void fail(std::uint64_t downlink, const Open& open, std::string_view why);

  const Expectation& expectation_;
  const AcknowledgeExpectation& wanted_;
  std::map<std::uint64_t, Open> open_;  // by the downlink's number
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
  std::uint64_t untold_ = 0;
  EvidenceList evidence_;
};

/// "100% of the confirmed downlinks to valve-* acknowledged within 30 min"
std::string expected_acknowledge_text(const AcknowledgeExpectation& wanted);

}  // namespace sim::check
