#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/cli/commands.h"
#include "sim/cli/report_files.h"
#include "sim/cli/terminal.h"
#include "sim/report/journal_reader.h"
#include "sim/report/printable.h"
#include "sim/report/report.h"

namespace sim::cli {

namespace {

ExitStatus refuse(std::string_view message) {
  print(Stream::error, fmt::format("lnsim: {}\n", message));
  return kUsage;
}

}  // namespace

ExitStatus report_journal(const ReportOptions& options, const GlobalOptions& global) {
  const auto files = parse_report_files(options.reports);
  if (!files) return refuse(files.error());
  const std::string name = report::printable(options.journal);
  if (std::filesystem::is_directory(options.journal)) {
    return refuse(fmt::format("cannot read {}: it is a folder", name));
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
  return report.verdict == check::Outcome::passed ? kPassed : kCheckFailed;
}

}  // namespace sim::cli
