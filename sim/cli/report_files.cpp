#include "sim/cli/report_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <system_error>

#include "sim/cli/terminal.h"

namespace sim::cli {

namespace {

bool is_known(const std::string& format) {
  constexpr std::array<std::string_view, 5> kFormats = {"html", "json", "junit", "tap", "github"};
  return std::find(kFormats.begin(), kFormats.end(), format) != kFormats.end();
}

std::string text_of(const std::string& format, const report::Report& report,
                    const report::Pictures* pictures) {
  if (format == "html") {
    return report::to_html(report, pictures == nullptr ? std::string() : pictures->to_json());
  }
  if (format == "json") return report::to_json(report);
  if (format == "junit") return report::to_junit(report);
  if (format == "tap") return report::to_tap(report);
  return report::to_github_summary(report);
}

/// Annotations go to the log; the summary to where GitHub Actions wants it.
void annotate(const report::Report& report) {
  print(Stream::out, report::to_github_annotations(report));
  const char* summary = std::getenv("GITHUB_STEP_SUMMARY");  // NOLINT: no thread changes it
  if (summary == nullptr || *summary == '\0') return;
  std::ofstream stream(summary, std::ios::app | std::ios::binary);
  stream << report::to_github_summary(report);
}

bool is_standard_output(const ReportFile& file) {
  return file.path == "-";
}

[[noreturn]] void throw_unwritable(const std::string& path) {
  throw std::system_error(errno, std::generic_category(), fmt::format("cannot write {}", path));
}

}  // namespace

tl::expected<std::vector<ReportFile>, std::string> parse_report_files(
    const std::vector<std::string>& texts) {
  std::vector<ReportFile> files;
  for (const std::string& text : texts) {
    if (text == "github") {
      files.push_back({text, ""});
      continue;
    }
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size()) {
      return tl::unexpected(
          fmt::format("--report '{}': write it as FORMAT=FILE, for example junit=lnsim.xml", text));
    }
    ReportFile file{text.substr(0, equals), text.substr(equals + 1)};
    if (!is_known(file.format)) {
      return tl::unexpected(fmt::format(
          "--report '{}': unknown format '{}'; there are html, json, junit, tap and github", text,
          file.format));
    }
    files.push_back(file);
  }
  if (std::count_if(files.begin(), files.end(), is_standard_output) > 1) {
    return tl::unexpected(std::string("--report: only one report can go to standard output"));
  }
  return files;
}

void check_writable(const std::vector<ReportFile>& files) {
  for (const ReportFile& file : files) {
    if (file.path.empty() || is_standard_output(file)) continue;
    std::ofstream stream(file.path, std::ios::app | std::ios::binary);
    if (!stream) throw_unwritable(file.path);
  }
}

bool wants_pictures(const std::vector<ReportFile>& files) {
  return std::any_of(files.begin(), files.end(),
                     [](const ReportFile& file) { return file.format == "html"; });
}

void write_reports(const std::vector<ReportFile>& files, const report::Report& report,
                   const report::Pictures* pictures) {
  for (const ReportFile& file : files) {
    if (file.path.empty()) {
      annotate(report);
    } else if (is_standard_output(file)) {
      print(Stream::out, text_of(file.format, report, pictures));
    } else {
      write_file(file.path, text_of(file.format, report, pictures));
    }
  }
}

void write_file(const std::string& path, std::string_view text) {
  std::ofstream stream(path, std::ios::trunc | std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw_unwritable(path);
}

void show(const report::Report& report, const GlobalOptions& global,
          const std::vector<ReportFile>& files) {
  const bool is_taken = std::any_of(files.begin(), files.end(), is_standard_output);
  if (global.format == Format::json && !is_taken) {
    return print(Stream::out, report::to_json(report));
  }
  if (global.quiet && report.verdict == check::Outcome::passed) return;
  const Stream stream = is_taken ? Stream::error : Stream::out;
  print(stream, report::to_terminal(report, colours(stream, global)));
}

ExitStatus status_of(const report::Report& report) {
  if (report.interrupted) return kInterrupted;
  return report.verdict == check::Outcome::passed ? kPassed : kCheckFailed;
}

}  // namespace sim::cli
