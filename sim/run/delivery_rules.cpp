#include "sim/run/delivery_rules.h"

#include "sim/check/expectation.h"
#include "sim/engine/random.h"

namespace sim::run {

DeliveryRules::DeliveryRules(const std::vector<scenario::DeliveryRule>& rules, std::uint64_t seed)
    : rules_(rules), seed_(seed), taken_(rules.size()) {}

const scenario::DeliveryRule* DeliveryRules::take(std::uint64_t uplink, std::string_view device,
                                                  const check::UplinkFacts& facts,
                                                  engine::SimTime at) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!chooses(i, uplink, device, facts, at)) continue;
    ++taken_[i];
    return &rules_[i];
  }
  return nullptr;
}

bool DeliveryRules::chooses(std::size_t rule, std::uint64_t uplink, std::string_view device,
                            const check::UplinkFacts& facts, engine::SimTime at) const {
  const scenario::DeliveryRule& one = rules_[rule];
  if ((one.from && at < *one.from) || (one.to && at >= *one.to)) return false;
  if (one.first != 0 && taken_[rule] >= one.first) return false;
  if (!check::matches_glob(one.devices, device)) return false;
  if (one.when && !one.when->holds(facts)) return false;
  if (one.share >= 1) return true;
  engine::Random lot(seed_, engine::Purpose::fault, uplink);
  return lot.uniform() < one.share;
}

}  // namespace sim::run
