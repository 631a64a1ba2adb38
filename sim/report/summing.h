// Adds the numbers of one run to those of a suite.
// Called by cli when a case has run. Thread rule: one thread at a time. Source: report.h.
#pragma once

#include "sim/report/report.h"

namespace sim::report {

/// Adds counts, histograms and virtual time; leaves names, checks, verdict and wall time alone.
void add_numbers(Report& whole, const Report& part);

}  // namespace sim::report
