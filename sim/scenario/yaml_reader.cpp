#include "sim/scenario/yaml_reader.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <sstream>

#include "sim/scenario/fit_text.h"
#include "sim/scenario/tree_builder.h"

namespace sim::scenario {

NodePtr parse_yaml(const SourceText& source, Problems& problems, std::size_t offset) {
  if (!is_fit_to_read(source, problems)) return nullptr;
  TreeBuilder builder(source, offset, problems);
  try {
    std::istringstream stream(source.text().substr(offset));
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) return std::make_shared<Node>();
    const NodePtr root = builder.root();
    TreeBuilder rest(source, offset, problems);
    if (parser.HandleNextDocument(rest)) {
      const Spot spot = rest.root() ? rest.root()->spot : Spot{&source, 0, 0, 1};
      problems.add(spot, "a second document begins here; a scenario is one document");
    }
    return root ? root : std::make_shared<Node>();
  } catch (const TreeBuilder::Stop&) {
    return nullptr;
  } catch (const YAML::Exception& error) {
    problems.add(builder.spot_of(error.mark), fmt::format("this is not YAML: {}", error.msg));
    return nullptr;
  }
}

}  // namespace sim::scenario
