#include <fmt/format.h>

#include "sim/scenario/gateway_parts.h"
#include "sim/scenario/place.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxGateways = 10'000;
constexpr double kDefaultHeightM = 10;

std::optional<double> read_height_m(const Node& node, Problems& problems) {
  return read_distance_m(node, problems);
}

void read_gateway(const Node& node, Draft& draft, Problems& problems) {
  std::vector<std::string_view> keys{"id", "at", "height"};
  keys.insert(keys.end(), std::begin(kTraitKeys), std::end(kTraitKeys));
  const Section section(node, "a gateway", keys, problems);
  if (!section.is_map()) {
    draft.gateway_names_known = false;
    return;
  }
  fleet::Gateway gateway;
  if (const Node* id = section.require("id")) {
    if (const auto name = read_identifier(*id, problems)) {
      const auto [first, is_new] = draft.gateway_spots.emplace(*name, id->spot);
      if (!is_new) {
        problems.add(*id, fmt::format("the gateway '{}' stands here twice, first in {}:{}", *name,
                                      first->second.source->name(), first->second.line));
      }
      gateway.id = *name;
    }
  }
  if (const Node* at = section.require("at")) {
    if (const auto position = read_position(*at, problems)) gateway.at = *position;
  }
  gateway.at.height_m = kDefaultHeightM;
  section.take("height", gateway.at.height_m, read_height_m);
  world::FieldPlan& field = draft.plan.field;
  give_traits(read_traits(section, problems), field, field.gateways.size(), gateway);
  if (gateway.id.empty()) draft.gateway_names_known = false;
  field.gateways.push_back(std::move(gateway));
}

}  // namespace

std::optional<std::uint32_t> find_gateway(const Draft& draft, const Node& node,
                                          Problems& problems) {
  if (!is_scalar(node, "the id of a gateway", problems)) return std::nullopt;
  const auto& gateways = draft.plan.field.gateways;
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    if (gateways[i].id == node.text) return static_cast<std::uint32_t>(i);
    known.push_back(gateways[i].id);
  }
  if (draft.gateway_names_known) {
    problems.add(node, fmt::format("there is no gateway {}", described(node)),
                 suggestion(node.text, known));
  }
  return std::nullopt;
}

void read_gateways(Draft& draft, Problems& problems) {
  if (draft.gateways.size() > kMaxGateways) {
    problems.add(*draft.gateways[kMaxGateways],
                 fmt::format("there are more than {} gateways", kMaxGateways));
    draft.gateway_names_known = false;
    return;
  }
  for (const NodePtr& node : draft.gateways) read_gateway(*node, draft, problems);
}

}  // namespace sim::scenario
