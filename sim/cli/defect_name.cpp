#include "sim/cli/defect_name.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "sim/endpoint/defects.h"
#include "sim/scenario/diagnostic.h"

namespace sim::cli {

std::string unknown_defect(const std::string& name) {
  std::vector<std::string_view> known;
  for (const endpoint::NamedDefect& one : endpoint::defects()) known.push_back(one.name);
  const std::string_view near = scenario::nearest_word(name, known);
  return fmt::format("unknown defect '{}', {}", name,
                     near.empty() ? std::string("see 'lnsim list defects'")
                                  : fmt::format("did you mean '{}'?", near));
}

}  // namespace sim::cli
