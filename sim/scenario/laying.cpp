#include "sim/scenario/laying.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "sim/scenario/yaml_reader.h"

namespace sim::scenario {

namespace {

bool is_value_name(std::string_view text) {
  return text.size() >= 2 && text[0] == '$' && text[1] >= 'a' && text[1] <= 'z' &&
         std::all_of(text.begin() + 1, text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

/// Copies the tree on the way to each replacement, since aliases share nodes.
class NamedValues {
 public:
  NamedValues(const Node& values, Problems& problems) : problems_(problems) {
    for (const Entry& entry : values.entries) named_.emplace(entry.key, entry.value);
  }

  NodePtr with_values(const NodePtr& node) {
    const auto known = done_.find(node.get());
    if (known != done_.end()) return known->second;
    NodePtr result = node;
    if (node->is_scalar() && !node->quoted && is_value_name(node->text)) {
      result = value_of(*node, node);
    } else if (node->is_list() || node->is_map()) {
      result = copy_with_values(node);
    }
    done_.emplace(node.get(), result);
    kept_.push_back(node);
    return result;
  }

 private:
  NodePtr value_of(const Node& use, const NodePtr& fallback) {
    const auto found = named_.find(std::string_view(use.text).substr(1));
    if (found == named_.end()) {
      std::vector<std::string_view> known;
      for (const auto& [name, value] : named_) known.push_back(name);
      problems_.add(use, fmt::format("there is no value '{}' under 'values'", use.text.substr(1)),
                    suggestion(std::string_view(use.text).substr(1), known));
      return fallback;
    }
    weight_ += found->second->weight;
    if (weight_ <= kMaxNodes) return found->second;
    problems_.add(use, "the values that are put in are too large");
    return fallback;
  }

  NodePtr copy_with_values(const NodePtr& node) {
    NodePtr copy;
    const auto copied = [&]() -> Node& {
      if (!copy) copy = std::make_shared<Node>(*node);
      return *copy;
    };
    for (std::size_t i = 0; i < node->items.size(); ++i) {
      NodePtr item = with_values(node->items[i]);
      if (item != node->items[i]) copied().items[i] = std::move(item);
    }
    for (std::size_t i = 0; i < node->entries.size(); ++i) {
      NodePtr value = with_values(node->entries[i].value);
      if (value != node->entries[i].value) copied().entries[i].value = std::move(value);
    }
    return copy ? copy : node;
  }

  Problems& problems_;
  std::map<std::string, NodePtr, std::less<>> named_;
  std::unordered_map<const Node*, NodePtr> done_;
  std::vector<NodePtr> kept_;  // what done_ knows must not be made anew elsewhere
  std::size_t weight_ = 0;
};

}  // namespace

NodePtr laid_over(const NodePtr& below, const NodePtr& above) {
  if (!below || below->kind == Node::Kind::null) return above ? above : below;
  if (!above) return below;
  if (!below->is_map() || !above->is_map()) return above;
  auto whole = std::make_shared<Node>(*above);
  std::vector<Entry> entries;
  for (const Entry& entry : below->entries) {
    const auto over = std::find_if(above->entries.begin(), above->entries.end(),
                                   [&](const Entry& one) { return one.key == entry.key; });
    if (over == above->entries.end()) {
      entries.push_back(entry);
    } else {
      entries.push_back({over->key, over->key_spot, laid_over(entry.value, over->value)});
    }
  }
  for (const Entry& entry : above->entries) {
    if (below->find(entry.key) == nullptr) entries.push_back(entry);
  }
  whole->entries = std::move(entries);
  whole->weight = below->weight + above->weight;
  whole->height = std::max(below->height, above->height);
  return whole;
}

void put_named_values(Node& root, Problems& problems) {
  const Node* values = root.find("values");
  if (values == nullptr) return;
  if (!values->is_map()) {
    problems.add(*values, fmt::format("expected values by name, found {}", described(*values)),
                 "write values: { dry: { moisture: 5 } }");
    return;
  }
  NamedValues named(*values, problems);
  for (Entry& entry : root.entries) {
    if (entry.key != "values") entry.value = named.with_values(entry.value);
  }
}

}  // namespace sim::scenario
