// Judges `effect: "open == true", when: "moisture < 15", within: 25min`: whether the loop closes.
//
// A delivered uplink for which `when` holds begins a wait, in virtual time; a later uplink of the
// same device that shows the effect ends all of its waits. What comes between (a downlink, a device
// that hears it and acts) is not looked at here. Until the endpoint had its chance to send
// something, lockstep is asked to hold virtual time. Called by Judge. Thread rule: the run's
// thread. Source: scenarios/README.md, "expect".
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class EffectCheck {
 public:
  /// The expectation holds an EffectExpectation, and must outlive the check.
  explicit EffectCheck(const Expectation& expectation);

  void on(const Stamp& stamp, const UplinkDue& entry);
  void on(const Stamp& stamp, const UplinkDelivered& entry);
  void on(const DeliveryTried& entry);
  void on(const DownlinkCalled& entry);
  void on(const Stamp& stamp, const RunEnded& entry);

  /// Until when lockstep lets virtual time stand still, so that the endpoint can do its part.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> holds_time_until() const;

  [[nodiscard]] Verdict verdict() const;

 private:
  /// An uplink that is to have an effect.
  struct Wait {
    std::uint64_t uplink = 0;
    std::uint32_t f_cnt = 0;
    engine::SimTime deadline;
    std::string last_seen;  // what the device's latest uplink showed
  };
  using Waits = std::deque<Wait>;

  void show(engine::SimTime at, Waits& waits, bool has_effect, const payload::Fields& fields,
            std::string_view device);
  void fail(const Wait& wait, std::string_view device);
  void hold(std::string_view device, std::chrono::nanoseconds wall);

  const Expectation& expectation_;
  const EffectExpectation& wanted_;
  std::unordered_map<std::string_view, Waits> waits_;  // by device; keys are the plan's
  /// Devices whose downlink may still come, and until when it is waited for.
  std::unordered_map<std::string_view, std::chrono::nanoseconds> held_;
  unsigned in_vain_ = 0;  ///< uplinks in a row for whose device nothing came
  std::uint64_t good_ = 0;
  std::uint64_t bad_ = 0;
  std::uint64_t untold_ = 0;
  EvidenceList evidence_;
};

/// "an uplink with open == true within 25 min of each uplink where moisture < 15"
std::string expected_effect_text(const EffectExpectation& wanted);

}  // namespace sim::check
