// A run as it is now, as Prometheus reads it: counters, and histograms of latency and lateness.
//
// The names are part of what lnsim promises: dashboards depend on them. Called by cli, while a run
// goes on. Thread rule: pure. Source: Prometheus' text format 0.0.4, and its rules for names (base
// units, `_total`); sim/report/README.md, "Metrics".
#pragma once

#include <string>

#include "sim/report/report.h"

namespace sim::report {

/// The media type of to_metrics().
inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

std::string to_metrics(const Report& report);

}  // namespace sim::report
