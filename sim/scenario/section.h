// One mapping of a scenario, with the keys that it may have.
//
// Says at once that something is no mapping, and which keys are not known; then hands out the
// values. Called by the readers of sections. Thread rule: one thread; the node must outlive it.
// Source: scenarios/README.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

class Section {
 public:
  /// `what` names it in messages: "a gateway".
  Section(const Node& node, std::string_view what, const std::vector<std::string_view>& known,
          Problems& problems);

  [[nodiscard]] bool is_map() const { return node_.is_map(); }
  [[nodiscard]] const Node& node() const { return node_; }
  /// The value of a key, or nullptr.
  [[nodiscard]] const Node* find(std::string_view key) const { return node_.find(key); }
  /// The value of a key; where there is none, nullptr and a problem.
  [[nodiscard]] const Node* require(std::string_view key) const;
  /// Which of several keys stands here: exactly one must, or at most one where none is `required`.
  [[nodiscard]] const Entry* one_of(const std::vector<std::string_view>& keys, bool required) const;

  /// Reads a key into `out`, where it is there and right. Returns whether it was.
  template <class Out, class Read, class... Arguments>
  bool take(std::string_view key, Out& out, Read read, Arguments&&... arguments) const {
    const Node* node = find(key);
    if (node == nullptr) return false;
    auto value = read(*node, std::forward<Arguments>(arguments)..., problems_);
    if (!value) return false;
    out = static_cast<Out>(std::move(*value));
    return true;
  }

 private:
  const Node& node_;
  std::string what_;
  Problems& problems_;
};

/// The items of a list; a problem where it is none. `what` is "a list of gateways".
const std::vector<NodePtr>& items_of(const Node& node, std::string_view what, Problems& problems);

}  // namespace sim::scenario
