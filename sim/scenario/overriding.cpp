#include "sim/scenario/overriding.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/scenario/quantity.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::scenario {

namespace {

/// One step of a path: a key, or an index of a list.
struct Step {
  std::string key;
  std::optional<std::size_t> index;
  Spot spot;
};

/// "devices[0].every" as steps; empty after an error.
std::vector<Step> steps_of(const SourceText& source, std::string_view path, Problems& problems) {
  std::vector<Step> steps;
  std::size_t at = 0;
  const auto fail = [&](std::size_t where) {
    problems.add(Spot{&source, 1, static_cast<int>(where) + 1, 1},
                 fmt::format("'{}' is not a path", path), "write it like devices[0].every");
    return std::vector<Step>{};
  };
  while (at < path.size()) {
    Step step;
    step.spot = Spot{&source, 1, static_cast<int>(at) + 1, 1};
    if (path[at] == '[') {
      const std::size_t end = path.find(']', at);
      if (end == std::string_view::npos || steps.empty()) return fail(at);
      const auto index = parse_unsigned(path.substr(at + 1, end - at - 1));
      if (!index) return fail(at + 1);
      step.index = static_cast<std::size_t>(*index);
      step.spot.length = end - at + 1;
      at = end + 1;
    } else {
      const std::size_t end = std::min(path.find_first_of(".[", at), path.size());
      if (end == at) return fail(at);
      step.key = path.substr(at, end - at);
      step.spot.length = end - at;
      at = end;
    }
    steps.push_back(std::move(step));
    if (steps.size() > static_cast<std::size_t>(kMaxDepth)) return fail(at);
    if (at < path.size() && path[at] == '.' && ++at == path.size()) return fail(at - 1);
  }
  return steps;
}

NodePtr* child_by_index(Node& node, const Step& step, Problems& problems) {
  if (!node.is_list()) {
    problems.add(step.spot, "there is no list to take a value of");
    return nullptr;
  }
  if (*step.index >= node.items.size()) {
    problems.add(step.spot,
                 fmt::format("the list has {} values, counted from 0", node.items.size()));
    return nullptr;
  }
  return &node.items[*step.index];
}

NodePtr* child_by_key(Node& node, const Step& step, Problems& problems) {
  if (node.kind == Node::Kind::null) {
    node.kind = Node::Kind::map;
    node.spot = step.spot;
  }
  if (!node.is_map()) {
    problems.add(step.spot, fmt::format("'{}' is looked for in {}, which has no keys", step.key,
                                        described(node)));
    return nullptr;
  }
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [&](const Entry& entry) { return entry.key == step.key; });
  if (found != node.entries.end()) return &found->value;
  auto empty = std::make_shared<Node>();
  empty->spot = step.spot;
  node.entries.push_back({step.key, step.spot, std::move(empty)});
  return &node.entries.back().value;
}

}  // namespace

void apply_override(Node& root, const SourceText& source, std::size_t path_length,
                    Problems& problems) {
  const NodePtr value = parse_yaml(source, problems, path_length + 1);
  if (!value) return;
  if (value->kind == Node::Kind::null) {
    value->spot = Spot{&source, 1, 1, std::max<std::size_t>(path_length, 1)};
  }
  const std::string_view path = std::string_view(source.text()).substr(0, path_length);
  const std::vector<Step> steps = steps_of(source, path, problems);
  Node* node = &root;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    NodePtr* child = steps[i].index ? child_by_index(*node, steps[i], problems)
                                    : child_by_key(*node, steps[i], problems);
    if (child == nullptr) return;
    if (i + 1 == steps.size()) {
      *child = value;
    } else {
      // An alias elsewhere may share this node, and must keep its values.
      *child = std::make_shared<Node>(**child);
      node = child->get();
    }
  }
}

}  // namespace sim::scenario
