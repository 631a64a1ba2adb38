#include "sim/scenario/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

/// Each file is bounded, and so are all of them together: a scenario can name very many.
constexpr std::size_t kMaxBytesOfAll = std::size_t{32} * 1024 * 1024;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string(".") : path.substr(0, slash);
}

/// Whether a name stays inside the folder as far as its text tells; links are seen to by Sources.
bool stays_inside(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != std::string_view::npos)
    return false;
  for (std::size_t at = 0; at <= name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    if (name.substr(at, end - at) == "..") return false;
    at = end + 1;
  }
  return true;
}

}  // namespace

Files::Files(std::string path, const Sources& sources)
    : path_(std::move(path)), folder_(folder_of(path_)), sources_(sources) {}

const SourceText& Files::keep(std::string name, std::string text, int rank) {
  return texts_.emplace_back(std::move(name), std::move(text), rank);
}

const SourceText* Files::read_scenario(Problems& problems) {
  auto text = sources_.read_file(path_);
  if (text) return &keep(path_, std::move(*text), 0);
  problems.add(Spot{&keep(path_, {}, 0), 0, 0, 1}, text.error());
  return nullptr;
}

const SourceText* Files::read(const Node& node, Problems& problems) {
  const auto name = read_text(node, problems);
  if (!name) return nullptr;
  if (!stays_inside(*name)) {
    problems.add(node, fmt::format("{} is not inside the scenario's folder", described(node)),
                 "name a file in that folder or below it");
    return nullptr;
  }
  auto found = named_.find(*name);
  if (found == named_.end()) found = named_.emplace(*name, read_new(*name)).first;
  if (found->second) return *found->second;
  problems.add(node, found->second.error());
  return nullptr;
}

tl::expected<const SourceText*, std::string> Files::read_new(const std::string& name) {
  auto text = sources_.read_include(folder_, name);
  if (!text) return tl::unexpected(text.error());
  bytes_ += text->size();
  if (bytes_ > kMaxBytesOfAll) {
    return tl::unexpected(fmt::format("the files that the scenario names are larger than {} MiB",
                                      kMaxBytesOfAll / 1024 / 1024));
  }
  const bool beside = path_.find('/') == std::string::npos;
  std::string shown = beside ? name : fmt::format("{}/{}", folder_, name);
  return &keep(std::move(shown), std::move(*text), static_cast<int>(texts_.size()));
}

}  // namespace sim::scenario
