// The files that a run's reports go to: `--report FORMAT=FILE`, checked before anything is sent.
// Called by the commands that report. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/report/report.h"

namespace sim::cli {

struct ReportFile {
  std::string format;  ///< json or junit
  std::string path;
};

/// Reads FORMAT=FILE; the error is a sentence that names the formats.
tl::expected<std::vector<ReportFile>, std::string> parse_report_files(
    const std::vector<std::string>& texts);

/// Throws std::system_error unless every file can be written.
void check_writable(const std::vector<ReportFile>& files);

/// Writes all of them; throws std::system_error where one cannot be written.
void write_reports(const std::vector<ReportFile>& files, const report::Report& report);

}  // namespace sim::cli
