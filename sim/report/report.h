// The report of a run: a value made by folding the journal, and the forms in which it is written.
//
// Tally folds the journal into numbers; run adds verdicts and times; each writer is a function from
// the Report to text. Called by cli. Thread rule: the run's thread; writers are pure.
// Source: shared design, "The JSON report"; JUnit: the Jenkins schema (junit-10.xsd).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/check/journal.h"
#include "sim/check/verdict.h"
#include "sim/delivery/latency_histogram.h"
#include "sim/delivery/load_profile.h"

namespace sim::report {

/// So many statuses have their latencies told apart; an endpoint may answer with any number.
inline constexpr std::size_t kMaxStatuses = 16;

struct DeliveryCounts {
  std::uint64_t planned = 0, delivered = 0, rejected = 0, timed_out = 0, failed = 0, skipped = 0;
  std::uint64_t attempts = 0;
};

/// What was delivered again; all 0 where nothing is.
struct RedeliveryCounts {
  std::string policy;           ///< in words; empty where each uplink is posted once
  std::uint64_t uplinks = 0;    ///< that were sent more than once
  std::uint64_t sent = 0;       ///< redeliveries
  std::uint64_t delivered = 0;  ///< uplinks that were delivered by one
  std::uint64_t given_up = 0;   ///< uplinks whose tries are used up, or that were answered for good
  std::uint64_t withheld = 0;   ///< tries that were not sent, since the webhook was suspended
  std::uint64_t suspensions = 0;
};

/// What became of a phase of a load.
struct PhaseReport {
  delivery::LoadPhase plan;
  DeliveryCounts deliveries;
  delivery::LatencyHistogram latency, lateness;
};

/// accepted = transmitted + pending + dropped; requested = accepted + refused.
struct DownlinkCounts {
  std::uint64_t requested = 0, accepted = 0, refused = 0, transmitted = 0, acknowledged = 0;
  std::uint64_t pending = 0, dropped = 0;
};

struct Report {
  std::string version;
  std::string suite;     ///< the conformance suite's name; empty for a run
  std::string scenario;  ///< its name
  std::string file;
  std::uint64_t seed = 0;
  std::string dialect;
  std::string endpoint;
  bool interrupted = false;
  check::Outcome verdict = check::Outcome::passed;
  std::vector<check::Verdict> checks;
  std::uint64_t uplinks = 0;      ///< published by the network
  std::uint64_t retries = 0;      ///< of them, marked as retries
  std::uint64_t receptions = 0;   ///< over all gateways
  std::uint64_t frames_lost = 0;  ///< heard by nobody, or refused by the network server
  DeliveryCounts deliveries;
  RedeliveryCounts redeliveries;
  std::map<int, std::uint64_t> statuses;          ///< answers by status
  std::map<std::string, std::uint64_t> refusals;  ///< refused downlink calls by reason
  std::map<std::string, std::uint64_t> failures;  ///< deliveries without an answer, by reason
  DownlinkCounts downlinks;
  delivery::LatencyHistogram latency;   ///< answered - due, of answered deliveries
  delivery::LatencyHistogram lateness;  ///< sent - due
  /// Latencies by status, of the first kMaxStatuses that came.
  std::map<int, delivery::LatencyHistogram> latency_by_status;
  std::vector<PhaseReport> phases;  ///< of a load; empty without one
  std::chrono::nanoseconds virtual_duration{0};
  std::chrono::nanoseconds wall_duration{0};
};

/// Folds the journal into a Report without verdicts; `finish` adds those.
class Tally final : public check::Observer {
 public:
  Tally();
  void on(const check::Stamp& stamp, const check::Entry& entry) override;
  /// The report so far, with these verdicts. An interrupted run that passed so far is inconclusive.
  [[nodiscard]] Report finish(std::vector<check::Verdict> verdicts) const;
  /// The numbers as they are now.
  [[nodiscard]] const Report& so_far() const { return report_; }

 private:
  Report report_;
  engine::SimTime first_;
  engine::SimTime last_;
  bool started_ = false;
};

/// The summary for a terminal: at most 24 lines of 100 columns when nothing failed; each failure
/// with its expectation, what was seen, and the curl command that shows it again.
std::string to_terminal(const Report& report, bool colour);

/// The JSON report, pretty-printed.
std::string to_json(const Report& report);

/// JUnit XML: a testcase for each check. A MUST that failed is a <failure>, one that is
/// inconclusive an <error>; a SHOULD or MAY that was not met is <skipped>, since it does not fail
/// the run either.
std::string to_junit(const Report& report);

/// TAP 14: a test point for each check, with what was expected and seen as YAML behind a failure.
/// What does not fail the whole (a known failure, a SHOULD, a MAY) has the directive for what is
/// yet to be done.
std::string to_tap(const Report& report);

/// Workflow commands of GitHub Actions: an annotation for each check that did not pass.
std::string to_github_annotations(const Report& report);
/// The same as Markdown, for the summary of a job.
std::string to_github_summary(const Report& report);

/// One HTML page that works offline. `pictures` is what Pictures::to_json gives; empty: there are
/// none.
std::string to_html(const Report& report, std::string_view pictures = {});

/// Text that came from outside, made safe for a terminal: control characters become visible.
std::string printable(std::string_view text);

}  // namespace sim::report
