#include "sim/scenario/section.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim::scenario {

Section::Section(const Node& node, std::string_view what,
                 const std::vector<std::string_view>& known, Problems& problems)
    : node_(node), what_(what), problems_(problems) {
  if (!node.is_map()) {
    problems.add(node, fmt::format("expected {} as a mapping, found {}", what, described(node)));
    return;
  }
  for (const Entry& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    Spot spot = entry.key_spot;
    problems.add(spot, fmt::format("unknown key '{}' in {}", entry.key, what),
                 suggestion(entry.key, known));
  }
}

const Node* Section::require(std::string_view key) const {
  const Node* found = find(key);
  if (found == nullptr && is_map()) {
    Spot spot = node_.spot;
    spot.length = 1;
    problems_.add(spot, fmt::format("'{}' is missing in {}", key, what_));
  }
  return found;
}

const Entry* Section::one_of(const std::vector<std::string_view>& keys, bool required) const {
  const Entry* found = nullptr;
  for (const Entry& entry : node_.entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) continue;
    if (found != nullptr) {
      problems_.add(entry.key_spot,
                    fmt::format("'{}' and '{}' do not go together", found->key, entry.key));
      return nullptr;
    }
    found = &entry;
  }
  if (found == nullptr && required && is_map()) {
    problems_.add(node_, fmt::format("{} has none of {}", what_, joined_with_or(keys)));
  }
  return found;
}

const std::vector<NodePtr>& items_of(const Node& node, std::string_view what, Problems& problems) {
  if (!node.is_list()) {
    problems.add(node, fmt::format("expected {}, found {}", what, described(node)));
  }
  return node.items;
}

}  // namespace sim::scenario
