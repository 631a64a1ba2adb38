#include "sim/cli/suite_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace sim::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHead = "suite.yaml";
constexpr std::size_t kMaxCases = 10'000;

tl::expected<std::string, std::string> shipped_text(const std::string& path) {
  for (const ShippedFile& file : shipped_suite()) {
    if (file.path == path) return std::string(file.text);
  }
  return tl::unexpected(std::string("there is no such file"));
}

bool is_yaml(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml");
}

}  // namespace

conformance::SuiteFiles shipped_suite_files() {
  conformance::SuiteFiles files;
  for (const ShippedFile& file : shipped_suite()) {
    if (file.path.ends_with("/suite.yaml")) {
      files.head = file.path;
    } else if (is_yaml(file.path)) {
      files.cases.emplace_back(file.path);
    }
  }
  files.sources = scenario::real_sources();
  files.sources.read_file = shipped_text;
  files.sources.read_include = [](const std::string& folder, const std::string& name) {
    return shipped_text(folder + "/" + name);
  };
  return files;
}

tl::expected<conformance::SuiteFiles, std::string> suite_files_in(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) {
    return tl::unexpected(fmt::format("{} is not a folder", folder));
  }
  conformance::SuiteFiles files;
  files.sources = scenario::real_sources();
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string path = at->path().string();
    if (!at->is_regular_file(error) || !is_yaml(path)) continue;
    if (at->path().filename() == kHead) {
      files.head = path;
    } else if (files.cases.size() < kMaxCases) {
      files.cases.push_back(path);
    } else {
      return tl::unexpected(fmt::format("{} has more than {} cases", folder, kMaxCases));
    }
  }
  if (error) return tl::unexpected(fmt::format("{}: {}", folder, error.message()));
  if (files.cases.empty()) return tl::unexpected(fmt::format("{} has no case (*.yaml)", folder));
  std::sort(files.cases.begin(), files.cases.end());
  return files;
}

}  // namespace sim::cli
