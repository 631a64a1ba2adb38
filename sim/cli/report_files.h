// The files that a run's reports go to: `--report FORMAT=FILE`, checked before anything is sent.
// Called by the commands that report. Thread rule: the main thread. Source: sim/cli/README.md.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/cli/command_line.h"
#include "sim/cli/options.h"
#include "sim/report/pictures.h"
#include "sim/report/report.h"

namespace sim::cli {

/// What --report's help says.
inline constexpr const char* kReportHelp =
    "FORMAT=FILE (or -): html, json, junit, tap, github; or github alone (repeatable)";

/// What the journal of a suite is called in its folder.
inline constexpr const char* kSuiteJournal = "suite.jsonl";

struct ReportFile {
  std::string format;  ///< html, json, junit, tap or github
  std::string path;    ///< "-" is standard output; empty: GitHub's annotations, on standard output
};

/// Reads FORMAT=FILE; the error is a sentence that names the formats.
tl::expected<std::vector<ReportFile>, std::string> parse_report_files(
    const std::vector<std::string>& texts);

/// Throws std::system_error unless every file can be written.
void check_writable(const std::vector<ReportFile>& files);

/// Whether one of them has pictures of the run.
bool wants_pictures(const std::vector<ReportFile>& files);

/// Writes all of them; throws std::system_error where one cannot be written. `pictures` is nullptr
/// where there are none.
void write_reports(const std::vector<ReportFile>& files, const report::Report& report,
                   const report::Pictures* pictures = nullptr);

/// Replaces a file; throws std::system_error where it cannot be written.
void write_file(const std::string& path, std::string_view text);

/// Shows a report on standard output, in the form that is asked for; with --quiet only a bad one.
/// Where a report file takes standard output, people read it on standard error.
void show(const report::Report& report, const GlobalOptions& global,
          const std::vector<ReportFile>& files);

/// 130 where it was interrupted, else 0 where all held, else 1.
ExitStatus status_of(const report::Report& report);

}  // namespace sim::cli
