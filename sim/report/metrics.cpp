#include "sim/report/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <utility>

#include "sim/report/printable.h"

namespace sim::report {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Seconds: from what one machine does by itself to the longest time-outs.
constexpr std::array kBounds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                0.1,    0.25,    0.5,    1.0,   2.5,    5.0,   10.0, 30.0,  60.0};

double seconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// Collects families of metrics, in the order in which they are shown.
class Metrics {
 public:
  void count(const char* name, const char* help, std::uint64_t value) {
    begin(name, help, MetricType::Counter);
    add_count({}, value);
  }

  void begin(const char* name, const char* help, MetricType type) {
    families_.push_back({name, help, type, {}});
  }

  /// A counter of the family that was begun last. `label` may be empty.
  void add_count(const ClientMetric::Label& label, std::uint64_t value) {
    ClientMetric metric;
    if (!label.name.empty()) metric.label.push_back(label);
    metric.counter.value = static_cast<double>(value);
    families_.back().metric.push_back(std::move(metric));
  }

  void add_gauge(std::vector<ClientMetric::Label> labels, double value) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    families_.back().metric.push_back(std::move(metric));
  }

  void histogram(const char* name, const char* help, const delivery::LatencyHistogram& values) {
    begin(name, help, MetricType::Histogram);
    ClientMetric metric;
    metric.histogram.sample_count = values.count();
    metric.histogram.sample_sum = seconds(values.mean()) * static_cast<double>(values.count());
    const auto buckets = values.buckets();
    std::size_t next = 0;
    std::uint64_t below = 0;
    for (const double bound : kBounds) {
      while (next < buckets.size() && seconds(buckets[next].to) <= bound) {
        below += buckets[next++].count;
      }
      metric.histogram.bucket.push_back({below, bound});
    }
    families_.back().metric.push_back(std::move(metric));
  }

  [[nodiscard]] std::string text() const {
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  std::vector<MetricFamily> families_;
};

void add_uplinks(Metrics& metrics, const Report& report) {
  metrics.count("lnsim_uplinks_total", "Uplinks that the network published.", report.uplinks);
  metrics.count("lnsim_receptions_total", "Receptions of them by gateways.", report.receptions);
  metrics.count("lnsim_frames_lost_total", "Frames that no gateway heard, or the network refused.",
                report.frames_lost);
}

void add_deliveries(Metrics& metrics, const Report& report) {
  const DeliveryCounts& counts = report.deliveries;
  const std::pair<const char*, std::uint64_t> outcomes[] = {
      {"delivered", counts.delivered}, {"rejected", counts.rejected},
      {"timed_out", counts.timed_out}, {"failed", counts.failed},
      {"skipped", counts.skipped},
  };
  metrics.begin("lnsim_deliveries_total", "Deliveries by what became of them.",
                MetricType::Counter);
  std::uint64_t told = 0;
  for (const auto& [outcome, count] : outcomes) {
    metrics.add_count({"outcome", outcome}, count);
    told += count;
  }
  metrics.count("lnsim_delivery_attempts_total", "Requests that were sent for them.",
                counts.attempts);
  const RedeliveryCounts& again = report.redeliveries;
  if (!again.policy.empty()) {
    metrics.count("lnsim_redeliveries_total", "Deliveries that were made again, and are done.",
                  again.sent);
    metrics.count("lnsim_deliveries_given_up_total", "Uplinks that are not delivered again.",
                  again.given_up);
    metrics.count("lnsim_deliveries_withheld_total",
                  "Tries that were not sent, since the webhook was suspended.", again.withheld);
  }
  metrics.begin("lnsim_answers_total", "Answers by HTTP status.", MetricType::Counter);
  for (const auto& [status, count] : report.statuses) {
    metrics.add_count({"status", std::to_string(status)}, count);
  }
  metrics.begin("lnsim_deliveries_in_flight", "Deliveries whose outcome is not known yet.",
                MetricType::Gauge);
  metrics.add_gauge({}, static_cast<double>(counts.planned - std::min(told, counts.planned)));
}

void add_downlinks(Metrics& metrics, const Report& report) {
  const DownlinkCounts& counts = report.downlinks;
  metrics.begin("lnsim_downlink_calls_total", "Calls of the downlink API.", MetricType::Counter);
  metrics.add_count({"result", "accepted"}, counts.accepted);
  metrics.add_count({"result", "refused"}, counts.refused);
  metrics.count("lnsim_downlinks_transmitted_total", "Downlinks sent to a device.",
                counts.transmitted);
  metrics.count("lnsim_downlinks_acknowledged_total", "Downlinks that a device acknowledged.",
                counts.acknowledged);
}

}  // namespace

std::string to_metrics(const Report& report) {
  Metrics metrics;
  metrics.begin("lnsim_run_info", "What is run; always 1.", MetricType::Gauge);
  metrics.add_gauge({{"version", utf8(report.version)},
                     {"scenario", utf8(report.scenario)},
                     {"dialect", utf8(report.dialect)}},
                    1);
  add_uplinks(metrics, report);
  add_deliveries(metrics, report);
  add_downlinks(metrics, report);
  metrics.histogram("lnsim_delivery_latency_seconds",
                    "From the moment for which an uplink was planned to its answer.",
                    report.latency);
  metrics.histogram("lnsim_delivery_lateness_seconds",
                    "From the moment for which an uplink was planned to its sending.",
                    report.lateness);
  return metrics.text();
}

}  // namespace sim::report
