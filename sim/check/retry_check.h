// Judges `retry: 429, within: 10s`: whether downlink calls that met a fault are tried again.
//
// The first call that meets the fault opens an episode. Calls for the same device that ask for the
// same are its further tries; it ends with the first that is dealt with properly, or when no try
// came for `within`. The first call must be tried again; how many more there are, and how soon,
// is limited only where the expectation says so. Called by Judge. Thread rule: the run's thread.
// Source: scenarios/README.md, "expect"; RFC 9110 10.2.3 (Retry-After).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/entry.h"
#include "sim/check/evidence.h"

namespace sim::check {

class RetryCheck {
 public:
  /// The expectation holds a RetryExpectation, and must outlive the check.
  explicit RetryCheck(const Expectation& expectation);

  void on(const Stamp& stamp, const DownlinkCalled& entry);
  void on(const Stamp& stamp, const RunEnded& entry);

  /// Until when a try may still come that changes the verdict.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> wants_until() const;
  /// Until when any try may still come, also one that is not needed: later it would be taken for
  /// one of the device's next downlink. Nothing once several episodes in a row ended without
  /// success.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> holds_time_until() const;
  /// Until when a call for this device would be taken for a try that must not come.
  [[nodiscard]] std::optional<std::chrono::nanoseconds> quiet_until(std::string_view device) const;

  [[nodiscard]] Verdict verdict() const;

 private:
  using Wall = std::chrono::nanoseconds;

  struct Episode {
    std::uint64_t call = 0;  ///< the first one's number
    std::string device;
    std::string met;  ///< what was done to the first one
    Wall began{0};
    Wall deadline{0};         ///< of the next try
    Wall not_before{0};       ///< what Retry-After asks for
    unsigned tries = 1;       ///< in all
    unsigned early = 0;       ///< those that came before Retry-After had passed
    std::vector<Wall> after;  ///< the further tries, since the first
  };

  void begin(const Stamp& stamp, const DownlinkCalled& call, std::string key);
  void add_try(Wall wall, Episode& episode);
  void go_on(Wall wall, const CallFault& fault, Episode& episode);
  void close_expired(Wall wall);
  void close(const Episode& episode);
  /// What is wrong with an episode that is over, or nothing; counts it.
  std::string problem_of(const Episode& episode);
  /// Whether what still comes can change what is said of it.
  [[nodiscard]] bool matters(const Episode& episode) const;
  [[nodiscard]] std::string actual_text() const;

  const Expectation& expectation_;
  const RetryExpectation& wanted_;
  std::map<std::string, Episode> open_;  // by device and what is asked for
  Wall soonest_{0};                      // no episode's deadline is before this
  unsigned waited_in_vain_ = 0;

  // Each episode ends as one of these; `early` and `too_many` may be the same one.
  std::uint64_t met_ = 0;
  std::uint64_t wrong_ = 0;
  std::uint64_t untold_ = 0;
  std::uint64_t missing_ = 0;  // among the wrong ones, as the next three
  std::uint64_t unwanted_ = 0;
  std::uint64_t early_ = 0;
  std::uint64_t too_many_ = 0;
  EvidenceList evidence_;
};

/// "each downlink call that was answered with 429 is tried again within 10 s"
std::string expected_retry_text(const RetryExpectation& wanted);

}  // namespace sim::check
