// Group 13: the regions' tables. tests/lorawan/regions_test.cpp holds every value; this check
// counts the regions and holds what simulations depend on most.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "sim/lorawan/channel_plan.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/fixtures.h"

namespace sim::fidelity {

namespace {

/// How many of the comparisons of a region failed, and of how many.
struct Comparison {
  std::size_t values = 0;
  std::size_t wrong = 0;

  void expect(bool same) {
    ++values;
    if (!same) ++wrong;
  }
};

void compare_rates(const lorawan::ChannelPlan& plan, const YAML::Node& figures, Comparison& sum) {
  for (const auto& entry : figures["data_rates"]) {
    const auto index = entry.first.as<std::size_t>();
    const bool there = index < plan.data_rates.size();
    sum.expect(there && lorawan::to_string(plan.data_rates[index].rate) ==
                            entry.second["rate"].as<std::string>());
    sum.expect(there && plan.data_rates[index].max_payload ==
                            entry.second["max_app_payload_N"].as<std::size_t>());
  }
}

void compare_bands(const lorawan::ChannelPlan& plan, const YAML::Node& figures, Comparison& sum) {
  const YAML::Node bands = figures["sub_bands"];
  sum.expect(plan.sub_bands.size() == bands.size());
  for (std::size_t i = 0; i < std::min(plan.sub_bands.size(), bands.size()); ++i) {
    sum.expect(plan.sub_bands[i].min_hz == bands[i]["min"].as<std::uint32_t>());
    sum.expect(plan.sub_bands[i].max_hz == bands[i]["max"].as<std::uint32_t>());
    sum.expect(plan.sub_bands[i].duty_cycle == bands[i]["duty_cycle"].as<double>());
  }
}

Measured tables(const Effort& /*effort*/) {
  Comparison sum;
  for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
    const YAML::Node figures =
        YAML::LoadFile(fixture_path(fmt::format("lorawan/regions/{}.yaml", plan->name)));
    compare_rates(*plan, figures, sum);
    compare_bands(*plan, figures, sum);
    const YAML::Node rx2 = figures["rx2_default"];
    sum.expect(plan->rx2_default.frequency_hz == rx2["freq"].as<std::uint32_t>());
    sum.expect(plan->rx2_default.data_rate == rx2["dr"].as<unsigned>());
  }
  return {fmt::format("{} regions, {} of {} values otherwise", lorawan::channel_plans().size(),
                      sum.wrong, sum.values),
          sum.wrong == 0 && lorawan::channel_plans().size() == 13};
}

}  // namespace

Checks region_checks() {
  return {{13, "regions.tables", "data rates, payloads, duty cycles, RX2 of 13 plans, exact",
           "fixtures/lorawan: The Things Stack's test data", tables}};
}

}  // namespace sim::fidelity
