// A scenario's text as a tree of nodes, each with its place.
//
// A tree of our own keeps the YAML library out of every reader but one file, keeps the place of
// keys, and bounds what aliases can grow to. Made by parse_yaml(), changed by overrides and
// substitution, then only read. Thread rule: one thread, for one load(). Source: YAML 1.2.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/source_text.h"

namespace sim::scenario {

struct Node;
/// Aliases share a node; whoever changes one copies it first.
using NodePtr = std::shared_ptr<Node>;

struct Entry {
  std::string key;
  Spot key_spot;
  NodePtr value;
};

struct Node {
  enum class Kind : std::uint8_t { null, scalar, list, map };

  Kind kind = Kind::null;
  Spot spot;
  std::string text;          ///< of a scalar
  bool quoted = false;       ///< a quoted scalar is text, whatever it looks like
  bool substituted = false;  ///< the text is no longer what stands in the source
  bool undefined = false;    ///< its variable is not there, which is told already
  bool exact = false;        ///< the text stands in the source letter by letter, on one line
  int text_offset = 0;       ///< from the spot to the text's first letter: 1 for quotes
  std::size_t weight = 1;    ///< nodes in this tree, aliases counted as what they stand for
  int height = 1;            ///< levels in this tree
  std::vector<NodePtr> items;
  std::vector<Entry> entries;

  [[nodiscard]] bool is_map() const { return kind == Kind::map; }
  [[nodiscard]] bool is_list() const { return kind == Kind::list; }
  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] const Node* find(std::string_view key) const;
};

/// "a mapping", "a list", "nothing" or "'the text'", for messages.
std::string described(const Node& node);

/// The place of `length` bytes of a scalar's text from `offset`; the whole scalar where the text is
/// not what stands in the source.
Spot spot_within(const Node& node, std::size_t offset, std::size_t length = 1);

}  // namespace sim::scenario
