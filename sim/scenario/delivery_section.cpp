#include <fmt/format.h>

#include "sim/scenario/delivery_rule_value.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxRules = 1'000;

}  // namespace

void read_deliveries(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("deliveries");
  if (node == nullptr) return;
  const auto& items = items_of(*node, "a list of rules for deliveries", problems);
  if (items.size() > kMaxRules) {
    problems.add(*node, fmt::format("there are more than {} rules", kMaxRules));
    return;
  }
  WhenReader conditions(draft, problems);
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto rule = read_delivery_rule(*items[i], draft, conditions, problems);
    if (!rule) continue;
    if (rule->name.empty()) rule->name = fmt::format("rule-{}", i + 1);
    draft.plan.delivery_rules.push_back(std::move(*rule));
  }
}

}  // namespace sim::scenario
