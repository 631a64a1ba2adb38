#include "sim/scenario/node.h"

#include <fmt/format.h>

#include <algorithm>

namespace sim::scenario {

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [key](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : found->value.get();
}

std::string described(const Node& node) {
  constexpr std::size_t kLongest = 60;
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a mapping";
    case Node::Kind::scalar:
      break;
  }
  if (node.text.size() <= kLongest) return fmt::format("'{}'", node.text);
  return fmt::format("'{}...'", node.text.substr(0, kLongest));
}

Spot spot_within(const Node& node, std::size_t offset, std::size_t length) {
  if (!node.exact || node.substituted) return node.spot;
  Spot spot = node.spot;
  spot.column += node.text_offset + static_cast<int>(std::min(offset, node.text.size()));
  spot.length = length;
  return spot;
}

}  // namespace sim::scenario
