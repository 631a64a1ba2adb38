// What the network does to a call of the downlink API on purpose, because the scenario says so.
//
// A real network has bad days: it asks for patience, fails, answers late or never. The scenario
// says which calls meet that, run does it to them, and the journal and RetryCheck know of it.
// Called by scenario, run, report and RetryCheck. Thread rule: values.
// Source: scenarios/README.md, "timeline".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace sim::check {

struct CallFault {
  enum class Kind : std::uint8_t {
    late,    ///< dealt with as ever; only the answer is late
    answer,  ///< answered with `status`
    silent,  ///< left unanswered
    close,   ///< the connection is closed without an answer
    reset,   ///< the same, with a TCP reset
  };

  Kind kind = Kind::late;
  int status = 0;                                   ///< of `answer`: 400 to 599
  std::optional<std::chrono::seconds> retry_after;  ///< of `answer`: its Retry-After
  std::chrono::nanoseconds delay{0};                ///< wall time, of `late` and `answer`

  /// Whether a call that meets this is not accepted, whatever it asks for.
  [[nodiscard]] bool refuses() const { return kind != Kind::late; }
};

/// "answered 429 on purpose, Retry-After 5 s", "left unanswered on purpose"
std::string fault_text(const CallFault& fault);

}  // namespace sim::check
