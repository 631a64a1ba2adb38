#include "sim/likeness/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/fixture/traffic.h"
#include "sim/scenario/load.h"

namespace sim::likeness {

std::vector<Distance> distances(const Features& recorded, const Features& generated) {
  const auto& a = recorded;
  const auto& b = generated;
  return {{"interval", "KS", kolmogorov_smirnov(a.interval, b.interval)},
          {"RSSI", "KS", kolmogorov_smirnov(a.rssi, b.rssi)},
          {"SNR", "KS", kolmogorov_smirnov(a.snr, b.snr)},
          {"data rate", "TV", total_variation(a.data_rate, b.data_rate)},
          {"gateways per uplink", "KS", kolmogorov_smirnov(a.gateways, b.gateways)},
          {"frequency", "TV", total_variation(a.frequency, b.frequency)},
          {"payload size", "KS", kolmogorov_smirnov(a.payload_size, b.payload_size)}};
}

std::string table_of(const std::vector<Distance>& distances) {
  std::string text;
  for (const Distance& one : distances) {
    if (!text.empty()) text += '\n';
    text += fmt::format("{:<20} {}  {:.3f}", one.feature, one.measure, one.value);
  }
  return text;
}

FeatureCounter generated(const scenario::Plan& plan) {
  FeatureCounter counter;
  fixture::Traffic traffic(plan);
  Seen seen;
  std::uint64_t count = 0;
  while (const network::Uplink* uplink = traffic.next()) {
    seen.device = uplink->device;
    seen.time = uplink->received_at;
    seen.f_cnt = uplink->f_cnt;
    seen.data_rate = uplink->tx.data_rate;
    seen.frequency_hz = uplink->tx.frequency_hz;
    seen.payload_size = uplink->payload.size();
    seen.gateways = uplink->receptions.size();
    seen.rssi_and_snr.clear();
    for (const radio::Reception& one : uplink->receptions) {
      seen.rssi_and_snr.emplace_back(one.rssi_dbm, one.snr_db);
    }
    counter.add(seen);
    if (++count == kMostCompared) break;
  }
  return counter;
}

tl::expected<scenario::Plan, std::string> plan_of(const ScenarioText& text) {
  using Text = tl::expected<std::string, std::string>;
  const scenario::Sources sources{[&text](const std::string&) { return Text(text.yaml); },
                                  [&text](const std::string&, const std::string& name) {
                                    const auto found = std::find_if(
                                        text.lists.begin(), text.lists.end(),
                                        [&name](const auto& list) { return list.first == name; });
                                    if (found == text.lists.end())
                                      return Text(tl::unexpected("there is no " + name));
                                    return Text(found->second);
                                  },
                                  [](const std::string&) { return std::optional<std::string>(); }};
  auto plan = scenario::load("learnt.yaml", sources);
  if (plan) return std::move(*plan);
  std::string errors;
  for (const auto& diagnostic : plan.error()) errors += scenario::to_text(diagnostic, false);
  return tl::unexpected(std::move(errors));
}

}  // namespace sim::likeness
