// The texts behind one scenario: its own, and those of the files that it names (includes, lists of
// places, tracks).
//
// Every error points into a text, so all of them are kept while a scenario is loaded. A file that
// is named twice is read once. Names are relative to the folder of the scenario, also in an
// include, and must stay inside it. Made by load(); used by whoever reads a key that names a file.
// Thread rule: one thread, for one load(). Source: scenarios/README.md.
#pragma once

#include <deque>
#include <string>
#include <tl/expected.hpp>
#include <unordered_map>

#include "sim/scenario/load.h"
#include "sim/scenario/node.h"
#include "sim/scenario/problems.h"

namespace sim::scenario {

class Files {
 public:
  /// `path` is the scenario's own. `sources` must outlive it.
  Files(std::string path, const Sources& sources);

  /// Keeps a text that is there already.
  const SourceText& keep(std::string name, std::string text, int rank);
  /// The scenario itself; after a problem, nullptr.
  const SourceText* read_scenario(Problems& problems);
  /// The text of the file that `node` names; after a problem, nullptr.
  const SourceText* read(const Node& node, Problems& problems);

 private:
  tl::expected<const SourceText*, std::string> read_new(const std::string& name);

  std::string path_;
  std::string folder_;
  const Sources& sources_;
  std::deque<SourceText> texts_;  // whose elements stay where they are
  std::unordered_map<std::string, tl::expected<const SourceText*, std::string>> named_;
  std::size_t bytes_ = 0;  // of all named files
};

}  // namespace sim::scenario
