#include <algorithm>
#include <utility>

#include "sim/check/curl.h"
#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::report {

namespace {

// Reasons may quote what an endpoint sent; their number must not grow with it.
constexpr std::size_t kMaxFailures = 50;
constexpr std::size_t kMaxExcerpt = 1024;
constexpr std::size_t kMaxReason = 200;  // characters, which are fewer than the bytes of an excerpt

void count(Report& report, const check::UplinkDue& entry) {
  ++report.uplinks;
  ++report.deliveries.planned;
  if (entry.is_retry) ++report.retries;
  report.receptions += entry.uplink->frame.receptions.size();
}

void count_failure(Report& report, std::string_view reason) {
  // No more than the journal keeps, so that what is made of the journal has the same reasons.
  std::string key = shortened(utf8(check::without_keys(reason.substr(0, kMaxExcerpt))), kMaxReason);
  if (key.empty()) key = "no reason given";
  if (report.failures.size() >= kMaxFailures && !report.failures.contains(key)) {
    key = "other reasons";
  }
  ++report.failures[std::move(key)];
}

void count_outcome(DeliveryCounts& counts, delivery::Outcome outcome) {
  switch (outcome) {
    case delivery::Outcome::delivered:
      ++counts.delivered;
      return;
    case delivery::Outcome::rejected:
      ++counts.rejected;
      return;
    case delivery::Outcome::timed_out:
      ++counts.timed_out;
      return;
    case delivery::Outcome::failed:
      ++counts.failed;
      return;
    case delivery::Outcome::skipped:
      ++counts.skipped;
      return;
  }
}

/// The histogram of a status, as far as it has one.
delivery::LatencyHistogram* latency_of(Report& report, int status) {
  const auto found = report.latency_by_status.find(status);
  if (found != report.latency_by_status.end()) return &found->second;
  if (report.latency_by_status.size() == kMaxStatuses) return nullptr;
  return &report.latency_by_status[status];
}

/// What is told of each try, of the whole and of each phase.
template <class Part>
void count_try(Part& part, const delivery::Delivery& delivery) {
  part.deliveries.attempts += delivery.attempts;
  if (delivery.status != 0) part.latency.add(delivery.answered - delivery.due);
  // What was never sent cannot have been sent late.
  if (delivery.attempts > 0) part.lateness.add(delivery.sent - delivery.due);
}

void count_answer(Report& report, const delivery::Delivery& delivery) {
  if (delivery.status == 0) {
    count_failure(report, delivery.reason);
  } else {
    ++report.statuses[delivery.status];
    auto* latency = latency_of(report, delivery.status);
    if (latency != nullptr) latency->add(delivery.answered - delivery.due);
  }
}

void count_redelivery(RedeliveryCounts& counts, const check::UplinkDelivered& entry) {
  if (entry.withheld) ++counts.withheld;
  if (!entry.given_up.empty()) ++counts.given_up;
  if (entry.tries < 2) return;
  ++counts.uplinks;
  counts.sent += entry.tries - 1;
  if (entry.delivery->outcome == delivery::Outcome::delivered) ++counts.delivered;
}

void count(Report& report, const check::UplinkDelivered& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  count_outcome(report.deliveries, delivery.outcome);
  count_try(report, delivery);
  count_answer(report, delivery);
  count_redelivery(report.redeliveries, entry);
  if (entry.phase >= report.phases.size()) return;
  PhaseReport& phase = report.phases[entry.phase];
  ++phase.deliveries.planned;
  count_outcome(phase.deliveries, delivery.outcome);
  count_try(phase, delivery);
}

/// The uplink's own outcome comes later.
void count(Report& report, const check::DeliveryTried& entry) {
  const delivery::Delivery& delivery = *entry.delivery;
  if (delivery.outcome == delivery::Outcome::skipped) {
    ++report.redeliveries.withheld;
    return;
  }
  count_try(report, delivery);
  count_answer(report, delivery);
  if (entry.phase < report.phases.size()) count_try(report.phases[entry.phase], delivery);
}

void plan_phases(Report& report, const check::LoadPlanned& entry) {
  for (const delivery::LoadPhase& phase : entry.profile->phases()) {
    report.phases.push_back({phase, {}, {}, {}});
  }
}

void count(Report& report, const check::DownlinkCalled& entry) {
  ++report.downlinks.requested;
  if (entry.refusal == nullptr) {
    ++report.downlinks.accepted;
    return;
  }
  ++report.downlinks.refused;
  ++report.refusals[std::string(application::to_string(entry.refusal->reason))];
}

void count(Report& report, const check::DownlinkSent& entry) {
  if (entry.downlink != 0 && entry.first_time) ++report.downlinks.transmitted;
}

void begin(Report& report, const check::RunStarted& entry) {
  report.version = entry.version;
  report.scenario = entry.scenario;
  report.file = entry.file;
  report.seed = entry.seed;
  report.dialect = entry.dialect;
  report.endpoint = check::without_keys(entry.endpoint);
}

void end(Report& report, const check::RunEnded& entry) {
  report.interrupted = entry.interrupted;
  report.downlinks.pending = entry.pending_downlinks;
}

struct Count {
  Report& report;

  void operator()(const check::RunStarted& entry) const { begin(report, entry); }
  void operator()(const check::Placed&) const {}
  void operator()(const check::UplinkDue& entry) const { count(report, entry); }
  void operator()(const check::UplinkDropped&) const {}
  void operator()(const check::ProbeAnswered&) const {}
  void operator()(const check::CodecSaid&) const {}
  void operator()(const check::UplinkDelivered& entry) const { count(report, entry); }
  void operator()(const check::DownlinkCalled& entry) const { count(report, entry); }
  void operator()(const check::DeliveryRepeated& entry) const {
    report.deliveries.attempts += entry.delivery->attempts;
  }
  void operator()(const check::FrameLost&) const { ++report.frames_lost; }
  void operator()(const check::DownlinkSent& entry) const { count(report, entry); }
  void operator()(const check::DownlinkAcknowledged&) const { ++report.downlinks.acknowledged; }
  void operator()(const check::DownlinkDropped&) const { ++report.downlinks.dropped; }
  void operator()(const check::FrameDelayed&) const {}
  void operator()(const check::DeviceReacted&) const {}
  void operator()(const check::DeviceJoined&) const {}
  void operator()(const check::JoinFailed&) const {}
  void operator()(const check::DeviceChanged&) const {}
  void operator()(const check::DeviceAdapted&) const {}
  void operator()(const check::UplinkGivenUp&) const {}
  void operator()(const check::GatewayChanged&) const {}
  void operator()(const check::LoadPlanned& entry) const { plan_phases(report, entry); }
  void operator()(const check::SecondPassed&) const {}
  void operator()(const check::RedeliveryPlanned& entry) const {
    report.redeliveries.policy = entry.policy;
  }
  void operator()(const check::DeliveryTried& entry) const { count(report, entry); }
  void operator()(const check::RedeliverySent&) const {}
  void operator()(const check::WebhookChanged& entry) const {
    if (entry.kind != check::WebhookChanged::Kind::resumed) ++report.redeliveries.suspensions;
  }
  void operator()(const check::RunEnded& entry) const { end(report, entry); }
};

}  // namespace

Tally::Tally() = default;

void Tally::on(const check::Stamp& stamp, const check::Entry& entry) {
  if (!started_) first_ = last_ = stamp.at;
  started_ = true;
  // Entries that were held back come with the stamp of when they happened.
  last_ = std::max(last_, stamp.at);
  report_.virtual_duration = last_ - first_;
  report_.wall_duration = std::max(report_.wall_duration, stamp.wall);
  std::visit(Count{report_}, entry);
}

Report Tally::finish(std::vector<check::Verdict> verdicts) const {
  Report report = report_;
  report.checks = std::move(verdicts);
  report.verdict = check::overall(report.checks);
  if (report.interrupted && report.verdict == check::Outcome::passed) {
    report.verdict = check::Outcome::inconclusive;
  }
  return report;
}

}  // namespace sim::report
