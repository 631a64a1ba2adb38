// The real files and the real environment, behind the seam that tests replace.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "sim/scenario/fit_text.h"
#include "sim/scenario/load.h"

namespace sim::scenario {

namespace {

namespace fs = std::filesystem;

using Text = tl::expected<std::string, std::string>;

tl::unexpected<std::string> refused(std::string reason) {
  return tl::unexpected(std::move(reason));
}

/// A FIFO would block, a device would never end: regular files only.
Text read_regular_file(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return refused("there is no such file");
  if (error) return tl::unexpected(fmt::format("cannot be read: {}", error.message()));
  if (!fs::is_regular_file(status)) return refused("this is not a file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return refused("cannot be opened for reading");
  std::string text(kMaxFileBytes + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return refused("cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > kMaxFileBytes) return refused("the file is larger than 4 MiB");
  return text;
}

/// Whether `path` lies below `folder`, both without links.
bool lies_below(const fs::path& path, const fs::path& folder) {
  const auto end = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end.first == folder.end();
}

Text read_include(const std::string& folder, const std::string& name) {
  std::error_code error;
  const fs::path root = fs::canonical(folder, error);
  if (error) return tl::unexpected(fmt::format("the folder cannot be read: {}", error.message()));
  const fs::path path = fs::canonical(root / name, error);
  if (error == std::errc::no_such_file_or_directory) {
    return tl::unexpected(fmt::format("there is no file '{}'", name));
  }
  if (error) return tl::unexpected(fmt::format("'{}' cannot be read: {}", name, error.message()));
  if (!lies_below(path, root)) {
    return tl::unexpected(fmt::format("'{}' is a link that leaves the scenario's folder", name));
  }
  auto text = read_regular_file(path);
  if (!text) return tl::unexpected(fmt::format("'{}': {}", name, text.error()));
  return text;
}

std::optional<std::string> environment_value(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): one thread yet
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace

Sources real_sources() {
  return {[](const std::string& path) { return read_regular_file(path); }, read_include,
          environment_value};
}

}  // namespace sim::scenario
