#include "sim/scenario/load.h"

#include <fmt/format.h>

#include <memory>

#include "sim/scenario/case_section.h"
#include "sim/scenario/draft.h"
#include "sim/scenario/files.h"
#include "sim/scenario/laying.h"
#include "sim/scenario/overriding.h"
#include "sim/scenario/sections.h"
#include "sim/scenario/substitution.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxIncludes = 100;
/// Errors of overrides come after those of the files.
constexpr int kOverrideRank = 1'000'000;

const std::vector<std::string_view> kTopKeys = {
    "name",     "description",  "seed",   "region",  "start",    "duration",
    "count",    "dialect",      "pace",   "settle",  "include",  "application",
    "endpoint", "downlink_api", "radio",  "network", "gateways", "devices",
    "timeline", "deliveries",   "expect", "values",  "case",     "load"};

/// One call of load(): keeps the texts that errors point into.
class Loading {
 public:
  Loading(const std::string& path, const Sources& sources)
      : sources_(sources), files_(path, sources) {
    draft_.plan.file = path;
    draft_.files = &files_;
  }

  tl::expected<Plan, std::vector<Diagnostic>> run(const std::vector<Override>& overrides,
                                                  const Layers& layers) {
    NodePtr root = read_scenario();
    if (root) root = laid_over(laid_over(layers.below, root), layers.above);
    if (root) {
      for (const Override& one : overrides) override_with(*root, one);
      put_named_values(*root, problems_);
      substitute(*root, sources_.environment, problems_);
      read_sections(*root, layers.without_field);
    }
    if (!problems_.empty()) return tl::unexpected(problems_.take());
    return std::move(draft_.plan);
  }

 private:
  NodePtr read_scenario() {
    const SourceText* source = files_.read_scenario(problems_);
    if (source == nullptr) return nullptr;
    NodePtr root = parse_yaml(*source, problems_);
    if (!root || root->is_map()) return root;
    const Spot spot = root->kind == Node::Kind::null ? Spot{source, 0, 0, 1} : root->spot;
    problems_.add(spot, fmt::format("expected a scenario as a mapping, found {}", described(*root)),
                  "begin with a line like 'name: My scenario'");
    return nullptr;
  }

  void override_with(Node& root, const Override& one) {
    const SourceText& source =
        files_.keep(one.option, one.path + "=" + one.value, kOverrideRank + overrides_++);
    apply_override(root, source, one.path.size(), problems_);
  }

  void read_sections(const Node& node, bool without_field) {
    const Section root(node, "the scenario", kTopKeys, problems_);
    if (const Node* head = root.find("case")) read_case_head(*head, problems_);
    read_general(root, draft_, problems_);
    read_load(root, draft_, problems_);
    read_application(root, draft_, problems_);
    read_endpoint(root, draft_, problems_);
    read_downlink_api(root, draft_, problems_);
    read_radio(root, draft_, problems_);
    read_network(root, draft_, problems_);
    read_includes(root);
    take_lists(root);
    if (draft_.gateways.empty()) draft_.gateway_names_known = false;
    if (draft_.devices.empty()) draft_.device_names_known = draft_.field_names_known = false;
    if (!without_field) require_content(root);
    read_gateways(draft_, problems_);
    read_devices(draft_, problems_);
    read_timeline(root, draft_, problems_);
    read_deliveries(root, draft_, problems_);
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
    const SourceText* source = files_.read(node, problems_);
    if (source == nullptr) return;
    const NodePtr root = parse_yaml(*source, problems_);
    if (!root) return;
    substitute(*root, sources_.environment, problems_);
    included_.push_back(root);
    if (root->kind == Node::Kind::null) return;
    const Section section(*root, "an included file", {"gateways", "devices"}, problems_);
    take_lists(section);
  }

  const Sources& sources_;
  Files files_;
  Problems problems_;
  std::vector<NodePtr> included_;
  Draft draft_;
  int overrides_ = 0;
};

}  // namespace

tl::expected<Plan, std::vector<Diagnostic>> load(const std::string& path, const Sources& sources,
                                                 const std::vector<Override>& overrides,
                                                 const Layers& layers) {
  return Loading(path, sources).run(overrides, layers);
}

}  // namespace sim::scenario
