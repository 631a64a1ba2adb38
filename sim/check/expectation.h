// What a scenario expects of the endpoint: the compiled form of its `expect:` list.
//
// Built by scenario, judged by Judge. Every expectation knows its place in the scenario's text, so
// a verdict can point at the line that it is about. Thread rule: immutable values. Source:
// scenarios/README.md, "expect".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "sim/check/call_fault.h"
#include "sim/check/condition.h"
#include "sim/delivery/delivery.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::check {

/// A place in a scenario's text; lines and columns count from 1.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
};

enum class Level : std::uint8_t { must, should, may };
std::string_view to_string(Level level);  ///< "MUST"

/// A set of statuses: "2xx", "200", "200, 202".
class StatusPattern {
 public:
  /// The error is a sentence.
  static tl::expected<StatusPattern, std::string> parse(std::string_view text);
  [[nodiscard]] bool matches(int status) const;
  [[nodiscard]] const std::string& text() const { return text_; }
  /// First and last status of each of its parts.
  [[nodiscard]] const std::vector<std::pair<int, int>>& ranges() const { return ranges_; }

 private:
  std::string text_;
  std::vector<std::pair<int, int>> ranges_;
};

/// A set of faults of the downlink API: "429", "5xx", "silent", "close", "reset", "any".
class FaultPattern {
 public:
  /// The error is a sentence.
  static tl::expected<FaultPattern, std::string> parse(std::string_view text);
  /// Whether a call that met this fault is meant. One that is only answered late never is.
  [[nodiscard]] bool matches(const CallFault& fault) const;
  /// "was answered with 5xx", "was left unanswered"
  [[nodiscard]] std::string text() const;

 private:
  std::optional<StatusPattern> status_;
  std::optional<CallFault::Kind> kind_;  ///< nothing, and no status: any
};

/// At least this share of the uplinks for which `when` holds has that outcome.
/// `uplinks: delivered, share: 99%`; `uplinks: not_delivered, when: "treatment == 'truncated'"`
struct DeliveryExpectation {
  delivery::Outcome outcome = delivery::Outcome::delivered;
  double share = 1;
  std::optional<Condition> when{};  ///< none: every uplink
  bool any_other = false;           ///< any outcome but that one
};

/// The endpoint leaves its connections open behind that share of its answers, so that they can be
/// used again. `connections: kept, share: 90%`
struct ConnectionExpectation {
  double share = 1;
};

/// The uplinks for which `when` holds are answered with such a status, within that time.
/// `answer: 2xx, within: 2s`; `answer: 4xx, when: "treatment == 'malformed'"`
struct AnswerExpectation {
  StatusPattern status;
  std::optional<std::chrono::nanoseconds> within;
  double share = 1;
  std::optional<Condition> when{};  ///< none: every uplink
};

/// No answer tells of the endpoint's inside: no stack trace, no access key. `leaks: none`
struct LeakExpectation {};

/// How many downlinks. `exactly: n` is {n, n}; `none: true` is {0, 0}; `at_least: n` is {n,
/// nothing}.
struct CountRange {
  unsigned min = 1;
  std::optional<unsigned> max;
};

/// For each uplink for which `when` holds, the endpoint sends that many downlinks of this kind to
/// the uplink's device, within that wall time of the uplink's sending.
struct DownlinkExpectation {
  std::string to = "*";  ///< glob over device identifiers: `*` and `?`
  std::optional<std::uint8_t> f_port;
  std::optional<lorawan::Bytes> payload;
  payload::Fields fields;  ///< all of these, with these values, are among the downlink's fields
  std::optional<bool> confirmed;
  std::optional<Condition> when;  ///< over the uplink; none: every uplink
  std::chrono::nanoseconds within = std::chrono::seconds(5);
  CountRange count;
};

/// The quantile of the latencies of answered deliveries lies below the limit.
/// `latency: p99, below: 200ms, phase: peak`; `max` is quantile 1.
struct LatencyExpectation {
  double quantile = 0.99;
  std::string quantile_text = "p99";
  std::chrono::nanoseconds below{};
  std::string phase{};  ///< of the load; empty: all
};

/// A downlink call that met such a fault is tried again within that wall time, or is not.
/// `retry: 429, within: 10s, respects_retry_after: true`; `retry: 401, none: true`
struct RetryExpectation {
  FaultPattern met;
  std::chrono::nanoseconds within = std::chrono::seconds(5);
  bool none = false;                  ///< it is not tried again
  bool may_give_up = false;           ///< it need not be tried again
  bool respects_retry_after = false;  ///< no try before Retry-After has passed
  std::optional<unsigned> at_most;    ///< tries in all, the first one too
};

/// After each delivered uplink for which `when` holds, a later uplink of the same device shows the
/// effect, within that virtual time. `effect: "open == true", when: "moisture < 15", within: 25min`
struct EffectExpectation {
  Condition effect;
  std::string to = "*";  ///< glob over device identifiers
  std::optional<Condition> when;
  std::chrono::nanoseconds within{};
};

/// That share of the confirmed downlinks is acknowledged, within that virtual time where one is
/// given. `acknowledged: downlinks, to: valve-*, share: 100%, within: 30min`
struct AcknowledgeExpectation {
  std::string to = "*";
  std::optional<std::chrono::nanoseconds> within;
  double share = 1;
};

/// What the endpoint's probe says of each device after the run.
/// `stored: { count: delivered, counter: 7, fields: { moisture: 12 } }, to: "probe-*"`
struct StoredExpectation {
  std::string to = "*";                  ///< glob over device identifiers
  std::optional<std::uint64_t> count;    ///< so many more uplinks than before the run
  bool count_delivered = false;          ///< as many more as distinct frames were delivered
  std::optional<std::uint32_t> counter;  ///< of the latest
  payload::Fields fields;                ///< these are among the latest's fields
};

/// Each uplink for which `when` holds is tried so many times, the first time too, with the same
/// bytes each time. `tries: { exactly: 3 }, when: "treatment == 'fail-twice'"`
struct TriesExpectation {
  CountRange count;
  double share = 1;
  std::optional<Condition> when{};  ///< none: every uplink
};

/// The load that was planned is the load that was offered: few uplinks were skipped, and lnsim was
/// not late itself. Otherwise the figures say nothing of the endpoint. Part of every load.
struct LoadExpectation {
  std::uint64_t planned = 0;  ///< uplinks in all
  double most_skipped = 0.01;
  std::chrono::nanoseconds most_late{};  ///< at p99
};

struct Expectation {
  std::string id;     ///< "expect-3": its position in the list, or the scenario's own `id`
  std::string title;  ///< one line of text made from what it says, or the scenario's own `title`
  Level level = Level::must;
  Place place;
  std::variant<DeliveryExpectation, AnswerExpectation, DownlinkExpectation, LatencyExpectation,
               RetryExpectation, EffectExpectation, AcknowledgeExpectation, LeakExpectation,
               ConnectionExpectation, StoredExpectation, LoadExpectation, TriesExpectation>
      what;
};

/// Whether a device's identifier matches a glob with `*` and `?`.
bool matches_glob(std::string_view glob, std::string_view text);

}  // namespace sim::check
