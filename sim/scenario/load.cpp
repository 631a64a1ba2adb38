#include "sim/scenario/load.h"

#include <fmt/format.h>

#include <deque>
#include <memory>

#include "sim/scenario/draft.h"
#include "sim/scenario/overriding.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"
#include "sim/scenario/substitution.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxIncludes = 100;
/// Errors of overrides come after those of the files.
constexpr int kOverrideRank = 1'000'000;

const std::vector<std::string_view> kTopKeys = {
    "name",    "description", "seed",     "region",  "start",       "duration", "count",
    "dialect", "pace",        "settle",   "include", "application", "endpoint", "downlink_api",
    "radio",   "network",     "gateways", "devices", "timeline",    "expect"};

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

/// One call of load(): keeps the texts that errors point into.
class Loading {
 public:
  Loading(const std::string& path, const Sources& sources) : path_(path), sources_(sources) {
    draft_.plan.file = path;
  }

  tl::expected<Plan, std::vector<Diagnostic>> run(const std::vector<Override>& overrides) {
    const NodePtr root = read_scenario();
    if (root) {
      for (const Override& one : overrides) override_with(*root, one);
      substitute(*root, sources_.environment, problems_);
      read_sections(*root);
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    return std::move(draft_.plan);
  }

 private:
  const SourceText& keep(std::string name, std::string text, int rank) {
    return texts_.emplace_back(std::move(name), std::move(text), rank);
  }

  NodePtr read_scenario() {
    auto text = sources_.read_file(path_);
    if (!text) {
      problems_.add(Spot{&keep(path_, {}, 0), 0, 0, 1}, text.error());
      return nullptr;
    }
    const SourceText& source = keep(path_, std::move(*text), 0);
    NodePtr root = parse_yaml(source, problems_);
    if (!root || root->is_map()) return root;
    const Spot spot = root->kind == Node::Kind::null ? Spot{&source, 0, 0, 1} : root->spot;
    problems_.add(spot, fmt::format("expected a scenario as a mapping, found {}", described(*root)),
                  "begin with a line like 'name: My scenario'");
    return nullptr;
  }

  void override_with(Node& root, const Override& one) {
    const SourceText& source =
        keep(one.option, one.path + "=" + one.value, kOverrideRank + overrides_++);
    apply_override(root, source, one.path.size(), problems_);
  }

  void read_sections(const Node& node) {
    const Section root(node, "the scenario", kTopKeys, problems_);
    read_general(root, draft_, problems_);
    read_application(root, draft_, problems_);
    read_endpoint(root, draft_, problems_);
    read_downlink_api(root, draft_, problems_);
    read_radio(root, draft_, problems_);
    read_network(root, draft_, problems_);
    read_includes(root);
    take_lists(root);
    require_content(root);
    read_gateways(draft_, problems_);
    read_devices(draft_, problems_);
    read_timeline(root, draft_, problems_);
    read_expectations(root, draft_, problems_);
  }

  void take_lists(const Section& section) {
    if (const Node* gateways = section.find("gateways")) {
      const auto& items = items_of(*gateways, "a list of gateways", problems_);
      draft_.gateways.insert(draft_.gateways.end(), items.begin(), items.end());
    }
    if (const Node* devices = section.find("devices")) {
      const auto& items = items_of(*devices, "a list of devices", problems_);
      draft_.devices.insert(draft_.devices.end(), items.begin(), items.end());
    }
  }

  void require_content(const Section& root) {
    const bool included = root.find("include") != nullptr;
    if (draft_.gateways.empty()) draft_.gateway_names_known = false;
    if (draft_.devices.empty()) draft_.device_names_known = draft_.field_names_known = false;
    if (included && !problems_.empty()) return;  // they may be in what could not be read
    for (const auto& [key, list] :
         {std::pair("gateways", &draft_.gateways), std::pair("devices", &draft_.devices)}) {
      if (!list->empty()) continue;
      const Node* node = root.find(key);
      if (node != nullptr && !node->is_list()) continue;  // told already
      Spot spot = node != nullptr ? node->spot : root.node().spot;
      spot.length = 1;
      problems_.add(spot, fmt::format("the scenario has no {}", key));
    }
  }

  void read_includes(const Section& root) {
    const Node* node = root.find("include");
    if (node == nullptr) return;
    const auto& items = items_of(*node, "a list of files", problems_);
    if (items.size() > kMaxIncludes) {
      problems_.add(*node, fmt::format("there are more than {} files", kMaxIncludes));
      return;
    }
    for (const NodePtr& item : items) read_include(*item);
  }

  void read_include(const Node& node) {
    const auto name = read_text(node, problems_);
    if (!name) return;
    if (!stays_inside(*name)) {
      problems_.add(node, fmt::format("{} is not inside the scenario's folder", described(node)),
                    "name a file in that folder or below it");
      return;
    }
    auto text = sources_.read_include(folder_of(path_), *name);
    if (!text) return problems_.add(node, text.error());
    const std::string shown = path_.find('/') == std::string::npos
                                  ? *name
                                  : fmt::format("{}/{}", folder_of(path_), *name);
    const SourceText& source = keep(shown, std::move(*text), static_cast<int>(texts_.size()));
    const NodePtr root = parse_yaml(source, problems_);
    if (!root) return;
    substitute(*root, sources_.environment, problems_);
    included_.push_back(root);
    if (root->kind == Node::Kind::null) return;
    const Section section(*root, "an included file", {"gateways", "devices"}, problems_);
    take_lists(section);
  }

  std::string path_;
  const Sources& sources_;
  Problems problems_;
  std::deque<SourceText> texts_;  // whose elements stay where they are
  std::vector<NodePtr> included_;
  Draft draft_;
  int overrides_ = 0;
};

}  // namespace

tl::expected<Plan, std::vector<Diagnostic>> load(const std::string& path, const Sources& sources,
                                                 const std::vector<Override>& overrides) {
  return Loading(path, sources).run(overrides);
}

}  // namespace sim::scenario
