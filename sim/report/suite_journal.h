// The journal of a suite: what it is of, and the verdict of each case, as JSON lines.
//
// It stands beside the journals of the cases (suite.jsonl), which have the numbers; of both
// together every report of the suite can be made again. Called by check and report. Thread rule:
// pure. Source: sim/report/README.md, "The journal of a suite".
#pragma once

#include <istream>
#include <string>
#include <tl/expected.hpp>

#include "sim/report/report.h"

namespace sim::report {

std::string suite_journal(const Report& report);

/// The report without its numbers. The error is "file:line: what is wrong".
tl::expected<Report, std::string> read_suite_journal(std::istream& in, const std::string& name);

}  // namespace sim::report
