#include "sim/scenario/tree_builder.h"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <algorithm>
#include <utility>

#include "sim/scenario/yaml_reader.h"

namespace sim::scenario {

namespace {

/// Anchors stand before the text that an error is about.
std::size_t length_of_properties(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && (text[at] == '&' || text[at] == '!')) {
    const std::size_t blank = text.find(' ', at);
    if (blank == std::string_view::npos) return at;
    const std::size_t next = text.find_first_not_of(' ', blank);
    if (next == std::string_view::npos) return at;
    at = next;
  }
  return at;
}

/// Finds out how a scalar stands in the text: its length, and whether letter by letter.
void locate_scalar(Node& node) {
  std::string_view rest = node.spot.source->line(node.spot.line);
  rest = rest.substr(std::min(rest.size(), static_cast<std::size_t>(node.spot.column) - 1));
  const std::size_t skipped = length_of_properties(rest);
  node.spot.column += static_cast<int>(skipped);
  rest.remove_prefix(skipped);
  const bool has_quotes = !rest.empty() && (rest.front() == '"' || rest.front() == '\'');
  const std::size_t quote = node.quoted && has_quotes ? 1 : 0;
  const bool stands = rest.substr(quote).starts_with(node.text);
  const bool closed =
      stands && (quote == 0 || rest.substr(quote + node.text.size()).starts_with(rest.front()));
  if (closed) {
    node.exact = true;
    node.text_offset = static_cast<int>(quote);
    node.spot.length = node.text.size() + 2 * quote;
  } else if (quote == 1) {
    const std::size_t end = rest.find(rest.front(), 1);
    node.spot.length = end == std::string_view::npos ? rest.size() : end + 1;
  }
}

}  // namespace

Spot TreeBuilder::spot_of(const YAML::Mark& mark) const {
  Spot spot;
  spot.source = &source_;
  spot.line = std::max(mark.line, 0) + 1;
  spot.column = std::max(mark.column, 0) + 1;
  if (spot.line == 1) spot.column += static_cast<int>(offset_);
  return spot;
}

void TreeBuilder::stop(const Spot& spot, std::string message, std::string hint) {
  problems_.add(spot, std::move(message), std::move(hint));
  throw Stop{};
}

void TreeBuilder::refuse_tag(const YAML::Mark& mark, const std::string& tag) {
  if (tag.empty() || tag == "?" || tag == "!") return;
  problems_.add(spot_of(mark), "tags are not part of the scenario language",
                "quote a value to make it text");
}

NodePtr TreeBuilder::make(Node::Kind kind, const YAML::Mark& mark) {
  const Spot spot = spot_of(mark);
  if (++nodes_ > kMaxNodes) {
    stop(spot, fmt::format("there are more than {} values", kMaxNodes));
  }
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->spot = spot;
  return node;
}

void TreeBuilder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const NodePtr node = make(Node::Kind::null, mark);
  if (anchor != 0) anchors_[anchor] = node;
  attach(node, node->spot);
}

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           const std::string& value) {
  refuse_tag(mark, tag);
  const NodePtr node = make(Node::Kind::scalar, mark);
  node->text = value;
  node->quoted = tag == "!";
  locate_scalar(*node);
  if (anchor != 0) anchors_[anchor] = node;
  attach(node, node->spot);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto found = anchors_.find(anchor);
  const Spot spot = spot_of(mark);
  // An anchor is known from the end of its node on: an alias within would have no end.
  if (found == anchors_.end()) stop(spot, "an alias stands within the value that it means");
  attach(found->second, spot);
}

void TreeBuilder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                                  YAML::anchor_t anchor, YAML::EmitterStyle::value /*style*/) {
  refuse_tag(mark, tag);
  open(Node::Kind::list, mark, anchor);
}

void TreeBuilder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                             YAML::EmitterStyle::value /*style*/) {
  refuse_tag(mark, tag);
  open(Node::Kind::map, mark, anchor);
}

void TreeBuilder::open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
  NodePtr node = make(kind, mark);
  if (open_.size() >= static_cast<std::size_t>(kMaxDepth)) {
    stop(node->spot, fmt::format("nested more than {} levels deep", kMaxDepth));
  }
  Open level;
  level.node = std::move(node);
  level.anchor = anchor;
  open_.push_back(std::move(level));
}

void TreeBuilder::close() {
  const Open level = std::move(open_.back());
  open_.pop_back();
  if (level.anchor != 0) anchors_[level.anchor] = level.node;
  attach(level.node, level.node->spot);
}

void TreeBuilder::attach(const NodePtr& node, const Spot& spot) {
  if (open_.empty()) {
    root_ = node;
    return;
  }
  Open& parent = open_.back();
  if (parent.node->is_map() && !parent.has_key) return take_key(parent, *node, spot);
  parent.node->weight += node->weight;
  parent.node->height = std::max(parent.node->height, node->height + 1);
  if (parent.node->weight > kMaxNodes) {
    stop(spot, fmt::format("the aliases stand for more than {} values", kMaxNodes));
  }
  if (static_cast<int>(open_.size()) + node->height > kMaxDepth + 1) {
    stop(spot, fmt::format("nested more than {} levels deep", kMaxDepth));
  }
  if (parent.node->is_map()) return take_entry(parent, node);
  parent.node->items.push_back(node);
}

void TreeBuilder::take_key(Open& parent, const Node& node, const Spot& spot) {
  parent.has_key = true;
  parent.key.clear();
  parent.key_spot = spot;
  if (!node.is_scalar()) {
    stop(spot, fmt::format("a key must be text, and this is {}", described(node)));
  }
  parent.key = node.text;
}

void TreeBuilder::take_entry(Open& parent, const NodePtr& node) {
  parent.has_key = false;
  if (parent.key == "<<") {
    problems_.add(parent.key_spot, "merge keys are not part of the scenario language",
                  "write the keys out, or use an alias for a whole value");
    return;
  }
  if (!parent.keys.insert(parent.key).second) {
    const auto first = std::find_if(parent.node->entries.begin(), parent.node->entries.end(),
                                    [&](const Entry& entry) { return entry.key == parent.key; });
    problems_.add(parent.key_spot, fmt::format("the key '{}' stands here twice, first in line {}",
                                               parent.key, first->key_spot.line));
    return;
  }
  // The library reports a missing value at whatever comes next; its key is where it is missing.
  if (node->kind == Node::Kind::null) node->spot = parent.key_spot;
  parent.node->entries.push_back({std::move(parent.key), parent.key_spot, node});
}

}  // namespace sim::scenario
