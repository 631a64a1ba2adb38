#include "sim/report/summing.h"

namespace sim::report {

namespace {

void add(DeliveryCounts& whole, const DeliveryCounts& part) {
  whole.planned += part.planned;
  whole.delivered += part.delivered;
  whole.rejected += part.rejected;
  whole.timed_out += part.timed_out;
  whole.failed += part.failed;
  whole.skipped += part.skipped;
  whole.attempts += part.attempts;
}

void add(DownlinkCounts& whole, const DownlinkCounts& part) {
  whole.requested += part.requested;
  whole.accepted += part.accepted;
  whole.refused += part.refused;
  whole.transmitted += part.transmitted;
  whole.acknowledged += part.acknowledged;
  whole.pending += part.pending;
  whole.dropped += part.dropped;
}

}  // namespace

void add_numbers(Report& whole, const Report& part) {
  whole.uplinks += part.uplinks;
  whole.retries += part.retries;
  whole.receptions += part.receptions;
  whole.frames_lost += part.frames_lost;
  add(whole.deliveries, part.deliveries);
  add(whole.downlinks, part.downlinks);
  for (const auto& [status, count] : part.statuses) whole.statuses[status] += count;
  for (const auto& [reason, count] : part.refusals) whole.refusals[reason] += count;
  for (const auto& [reason, count] : part.failures) whole.failures[reason] += count;
  for (const auto& [status, latency] : part.latency_by_status) {
    const bool is_known = whole.latency_by_status.contains(status);
    if (is_known || whole.latency_by_status.size() < kMaxStatuses) {
      whole.latency_by_status[status].merge(latency);
    }
  }
  whole.latency.merge(part.latency);
  RedeliveryCounts& again = whole.redeliveries;
  again.uplinks += part.redeliveries.uplinks;
  again.sent += part.redeliveries.sent;
  again.delivered += part.redeliveries.delivered;
  again.given_up += part.redeliveries.given_up;
  again.withheld += part.redeliveries.withheld;
  again.suspensions += part.redeliveries.suspensions;
  whole.lateness.merge(part.lateness);
  whole.virtual_duration += part.virtual_duration;
}

}  // namespace sim::report
