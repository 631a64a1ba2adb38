#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/cli/commands.h"
#include "sim/cli/report_files.h"
#include "sim/cli/terminal.h"
#include "sim/conformance/suite.h"
#include "sim/report/journal_reader.h"
#include "sim/report/printable.h"
#include "sim/report/report.h"
#include "sim/report/suite_journal.h"
#include "sim/report/summing.h"

namespace sim::cli {

namespace {

/// Nobody interrupted this program, whatever befell the one that wrote the journal.
ExitStatus status_of_journal(const report::Report& report) {
  return report.verdict == check::Outcome::passed ? kPassed : kCheckFailed;
}

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

/// The report of a suite whose journals are in that folder; the error is a sentence.
tl::expected<report::Report, std::string> read_suite(const std::string& folder) {
  const std::string path = folder + "/" + kSuiteJournal;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return tl::unexpected(fmt::format("cannot read {}: {}; is {} the journal of a suite?",
                                      report::printable(path), std::strerror(errno),
                                      report::printable(folder)));
  }
  auto report = report::read_suite_journal(in, path);
  if (!report) return report;
  for (const check::Verdict& verdict : report->checks) {
    const std::string file =
        fmt::format("{}/{}.jsonl", folder, conformance::identifier_of(verdict.id));
    std::ifstream of_case(file, std::ios::binary);
    // A case that was skipped, or for which nobody was there, has no journal, or an empty one.
    if (!of_case || of_case.peek() == std::ifstream::traits_type::eof()) continue;
    check::Journal journal;
    report::Tally tally;
    journal.add(tally);
    auto reading = report::read_journal(of_case, file, journal);
    if (!reading) return tl::unexpected(reading.error());
    report::add_numbers(*report, report::report_of(tally, std::move(*reading)));
  }
  return report;
}

ExitStatus report_suite(const ReportOptions& options, const GlobalOptions& global,
                        const std::vector<ReportFile>& files) {
  const auto report = read_suite(options.journal);
  if (!report) return refuse(report.error());
  check_writable(files);
  show(*report, global, files);
  write_reports(files, *report);
  return status_of_journal(*report);
}

}  // namespace

ExitStatus report_journal(const ReportOptions& options, const GlobalOptions& global) {
  const auto files = parse_report_files(options.reports);
  if (!files) return refuse(files.error());
  const std::string name = report::printable(options.journal);
  if (std::filesystem::is_directory(options.journal)) {
    return report_suite(options, global, *files);
  }
  std::ifstream in(options.journal, std::ios::binary);
  if (!in) return refuse(fmt::format("cannot read {}: {}", name, std::strerror(errno)));

  check::Journal journal;
  report::Tally tally;
  journal.add(tally);
  report::Pictures pictures;
  if (wants_pictures(*files)) journal.add(pictures);
  auto reading = report::read_journal(in, options.journal, journal);
  if (!reading) return refuse(reading.error());
  check_writable(*files);
  const report::Report report = report::report_of(tally, std::move(*reading));
  show(report, global, *files);
  write_reports(*files, report, &pictures);
  return status_of_journal(report);
}

}  // namespace sim::cli
