// Builds the tree of nodes from the YAML library's events, within bounds.
//
// Events instead of the library's own tree: an event has its place, an alias is told as an alias,
// and reading can stop at the very node that goes too deep. Called by parse_yaml() alone.
// Thread rule: one thread. Source: yaml-cpp's EventHandler.
#pragma once

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

class TreeBuilder final : public YAML::EventHandler {
 public:
  /// Thrown through the library to stop at a node; `problems` has been told.
  struct Stop {};

  /// Places on the first line are moved by `offset` bytes.
  TreeBuilder(const SourceText& source, std::size_t offset, Problems& problems)
      : source_(source), offset_(offset), problems_(problems) {}

  [[nodiscard]] NodePtr root() const { return root_; }
  [[nodiscard]] Spot spot_of(const YAML::Mark& mark) const;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  /// A list or mapping that is not at its end.
  struct Open {
    NodePtr node;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    std::string key;
    Spot key_spot;
    std::unordered_set<std::string> keys;
  };

  [[noreturn]] void stop(const Spot& spot, std::string message, std::string hint = {});
  void refuse_tag(const YAML::Mark& mark, const std::string& tag);
  NodePtr make(Node::Kind kind, const YAML::Mark& mark);
  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor);
  void close();
  void attach(const NodePtr& node, const Spot& spot);
  void take_key(Open& parent, const Node& node, const Spot& spot);
  void take_entry(Open& parent, const NodePtr& node);

  const SourceText& source_;
  std::size_t offset_;
  Problems& problems_;
  NodePtr root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, NodePtr> anchors_;
  std::size_t nodes_ = 0;
};

}  // namespace sim::scenario
