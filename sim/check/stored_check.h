// Judges `stored: { count: delivered, counter: 7 }, to: "probe-*"`: what the endpoint's probe says
// of each device after the run, against what it said before and what was delivered meanwhile.
//
// Without a probe nothing was asked, and the verdict is `skipped`. Where one does not answer, or
// does not tell what is wanted, it is inconclusive: that alone is no mistake of the endpoint.
// Called by Judge. Thread rule: the run's thread. Source: scenarios/README.md, "expect".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/check/delivered_frames.h"
#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class StoredCheck {
 public:
  /// `expectation` must outlive the check; it holds a StoredExpectation.
  explicit StoredCheck(const Expectation& expectation);

  void on(const UplinkDue& entry);
  void on(const UplinkDelivered& entry);
  void on(const DeliveryTried& entry);
  void on(const DeviceChanged& entry);
  void on(const DeviceJoined& entry);
  void on(const ProbeAnswered& entry);
  void on(const RunEnded& entry);
  [[nodiscard]] Verdict verdict() const;

 private:
  struct Answer {
    ProbeTold told;
    std::string error;
  };
  struct Asked {
    std::optional<Answer> before;
    std::optional<Answer> after;
    std::string again;
  };
  /// What is wrong with a device, or why it cannot be told; both empty: nothing.
  struct Finding {
    std::string wrong;
    std::string untold;
  };

  [[nodiscard]] bool counts_frames_of(std::string_view device) const;
  [[nodiscard]] Finding judge(std::string_view device, const Asked& asked) const;
  void judge_count(std::string_view device, const Asked& asked, Finding& finding) const;
  void judge_counter(const ProbeTold& told, Finding& finding) const;
  void judge_fields(const ProbeTold& told, Finding& finding) const;

  const Expectation& expectation_;
  const StoredExpectation& wanted_;
  std::map<std::string, Asked, std::less<>> asked_;  // by device
  std::map<std::string, DeliveredFrames, std::less<>> frames_;
  std::unordered_map<std::uint64_t, std::uint64_t> in_flight_;  // frames by the uplink's number
  EvidenceList wrong_evidence_;
  EvidenceList untold_evidence_;
  std::uint64_t good_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t untold_ = 0;
  bool interrupted_ = false;
};

/// "of each device matching probe-*: as many more uplinks stored as frames delivered, the latest
/// with counter 7 and fields {"moisture":12}"
std::string expected_stored_text(const StoredExpectation& wanted);

}  // namespace sim::check
