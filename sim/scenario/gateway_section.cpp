#include <fmt/format.h>

#include "sim/engine/random.h"
#include "sim/scenario/gateway_parts.h"
#include "sim/scenario/naming.h"
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

/// Where the gateways of one entry stand, and what they are called.
struct GatewayGroup {
  Placement placement;
  Named named;
  const Node* id = nullptr;
  std::string pattern;  ///< empty after a problem
};

GatewayGroup read_group(const Section& section, Draft& draft, Problems& problems) {
  GatewayGroup group;
  if (const Entry* place = section.one_of(placement_keys(), true)) {
    const auto placement = read_placement(*place, 0, draft, problems);
    if (!placement && brings_count(*place)) draft.gateway_names_known = false;
    group.placement = placement.value_or(Placement());
  }
  group.named = group.placement.read_count(section, kMaxGateways, problems);
  group.id = section.require("id");
  if (group.id == nullptr) return group;
  group.pattern = read_name_pattern(*group.id, group.named, "gateways", problems).value_or("");
  if (draft.plan.field.gateways.size() + group.named.count > kMaxGateways) {
    problems.add(*group.id, fmt::format("there are more than {} gateways", kMaxGateways));
    group.pattern.clear();
  }
  return group;
}

/// Devices draw their places under their own index; gateways must not draw the same ones.
engine::Random placement_lot(const Draft& draft) {
  const std::uint64_t subject =
      engine::mixed_subject(engine::hashed("gateway"), draft.plan.field.gateways.size());
  return {draft.plan.field.seed, engine::Purpose::placement, subject};
}

/// Makes `count` gateways of an entry.
void expand(const Section& section, const GatewayGroup& group, Draft& draft, Problems& problems) {
  double height_m = kDefaultHeightM;
  section.take("height", height_m, read_height_m);
  const GatewayTraits traits = read_traits(section, problems);
  world::FieldPlan& field = draft.plan.field;
  const std::size_t before = problems.count();
  for (std::uint64_t number = 1; number <= group.named.count; ++number) {
    fleet::Gateway gateway;
    gateway.at = group.placement.place(placement_lot(draft), number, height_m);
    if (!group.pattern.empty()) {
      const auto [name, spot] = group.placement.name(group.pattern, number, group.id->spot);
      take_name(draft.gateway_spots, "gateway", name, spot, problems);
      gateway.id = name;
    }
    give_traits(traits, field, field.gateways.size(), gateway);
    field.gateways.push_back(std::move(gateway));
    // After a problem one of them is enough: the rest have it too.
    if (group.pattern.empty() || problems.count() > before) {
      if (group.pattern.empty() || number < group.named.count) draft.gateway_names_known = false;
      return;
    }
  }
}

void read_gateway(const Node& node, Draft& draft, Problems& problems) {
  std::vector<std::string_view> keys{"id",     "count", "at",     "around",
                                     "within", "grid",  "places", "height"};
  keys.insert(keys.end(), std::begin(kTraitKeys), std::end(kTraitKeys));
  const Section section(node, "a gateway", keys, problems);
  if (!section.is_map()) {
    draft.gateway_names_known = false;
    return;
  }
  const GatewayGroup group = read_group(section, draft, problems);
  expand(section, group, draft, problems);
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
                 draft.gateways_read ? suggestion(node.text, known)
                                     : std::string("name one that stands above this one"));
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
  draft.gateways_read = true;
}

}  // namespace sim::scenario
