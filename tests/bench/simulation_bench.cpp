// What simulating an uplink costs, against what building its body with nlohmann::ordered_json
// costs.
//
// Both are measured in turns in one run, so that the noise of the machine meets both alike, and the
// median of the rounds counts. Built with -DLNSIM_BENCHMARKS=ON; no part of the tests.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/dialect/base64.h"
#include "sim/dialect/dialect.h"
#include "sim/dialect/json_writer.h"
#include "sim/world/world.h"

namespace {

using namespace sim;
using Clock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr std::uint32_t kFew = 1'000;
constexpr std::uint32_t kMany = 1'000'000;

/// Sites far from each other, each with three gateways that all hear its thousand devices; each
/// device sends once in ten minutes. So however many there are, each gateway is as busy.
world::FieldPlan field(std::uint32_t devices, engine::SimDuration duration) {
  constexpr std::uint32_t kDevicesOfASite = 1'000;
  constexpr std::uint32_t kSitesInARow = 60;
  constexpr double kDegreesApart = 3;
  world::FieldPlan plan;
  plan.duration = duration;
  plan.channels = lorawan::find_channel_plan("EU868");
  for (std::uint32_t first = 0; first < devices; first += kDevicesOfASite) {
    const std::uint32_t site = first / kDevicesOfASite;
    const fleet::Position middle{-60 + kDegreesApart * (site / kSitesInARow),
                                 -170 + kDegreesApart * (site % kSitesInARow), 0};
    for (const char* id : {"gw-a", "gw-b", "gw-c"}) {
      fleet::Gateway gateway;
      gateway.id = fmt::format("{}-{}", id, site);
      gateway.at = middle;
      plan.gateways.push_back(gateway);
    }
    for (std::uint32_t i = 0; i < std::min(kDevicesOfASite, devices - first); ++i) {
      fleet::Device device;
      device.id = fmt::format("device-{}", first + i);
      device.dev_eui.value = first + i;
      device.at = fleet::moved(middle, 250 + i % 100, i);
      device.sends = {std::chrono::microseconds((first + i) % 1'000 * 599'000 + site * 311),
                      std::chrono::minutes(10), 0.05};
      device.data_rate_index = 5;
      device.payload = payload::RandomBytes{12, 12};
      plan.devices.push_back(std::move(device));
    }
  }
  return plan;
}

struct Cost {
  double nanoseconds = 0;  ///< for each uplink
  std::uint64_t uplinks = 0;
  std::uint64_t receptions = 0;
};

Cost simulate(const world::FieldPlan& plan, std::vector<network::Uplink>* kept) {
  world::World world(plan);  // whose making is not what is measured
  Cost cost;
  const auto began = Clock::now();
  while (!world.done()) {
    for (const world::Happening& happening : world.step()) {
      const auto* published = std::get_if<world::UplinkPublished>(&happening);
      if (published == nullptr) continue;
      ++cost.uplinks;
      cost.receptions += published->uplink->receptions.size();
      if (kept != nullptr) kept->push_back(*published->uplink);
    }
  }
  cost.nanoseconds = std::chrono::duration<double, std::nano>(Clock::now() - began).count() /
                     static_cast<double>(cost.uplinks);
  return cost;
}

std::string time_text(engine::SimTime time) {
  std::string text;
  dialect::append_rfc3339(time, text);
  return text;
}

/// The body as many simulators make it.
std::string json_body(const world::FieldPlan& plan, const network::Uplink& uplink) {
  nlohmann::ordered_json json;
  json["app_id"] = "my-app";
  json["dev_id"] = plan.devices[uplink.device].id;
  json["hardware_serial"] = lorawan::to_string(plan.devices[uplink.device].dev_eui);
  json["port"] = uplink.f_port;
  json["counter"] = uplink.f_cnt;
  json["is_retry"] = uplink.is_retry;
  std::string raw;
  dialect::append_base64(uplink.payload, raw);
  json["payload_raw"] = raw;
  auto& metadata = json["metadata"];
  metadata["time"] = time_text(uplink.received_at);
  metadata["frequency"] = uplink.tx.frequency_hz / 1e6;
  metadata["modulation"] = "LORA";
  metadata["data_rate"] = lorawan::to_string(uplink.tx.data_rate);
  metadata["coding_rate"] = "4/5";
  for (const radio::Reception& reception : uplink.receptions) {
    nlohmann::ordered_json one;
    one["id"] = plan.gateways[reception.gateway].id;
    one["timestamp"] = reception.timestamp_us;
    if (reception.time) one["time"] = time_text(*reception.time);
    one["channel"] = reception.channel;
    one["rssi"] = reception.rssi_dbm;
    one["snr"] = reception.snr_db;
    one["rf_chain"] = reception.rf_chain;
    metadata["gateways"].push_back(std::move(one));
  }
  json["downlink_url"] = "http://127.0.0.1:8081/ttn/api/v2/down/my-app/my-process?key=secret";
  return json.dump();
}

/// Nanoseconds an uplink of making all bodies with `make`, which gives a body's length.
template <class Make>
double measure(const std::vector<network::Uplink>& uplinks, const Make& make) {
  std::size_t bytes = 0;
  const auto began = Clock::now();
  for (const network::Uplink& uplink : uplinks) bytes += make(uplink);
  const double taken = std::chrono::duration<double, std::nano>(Clock::now() - began).count();
  if (bytes == 0) fmt::print("nothing was written\n");  // keeps the work from being left out
  return taken / static_cast<double>(uplinks.size());
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Costs {
  std::vector<double> few, many, own, peer;
};

/// Measures all in turns.
Costs measure_all(const world::FieldPlan& few, const world::FieldPlan& many) {
  std::vector<network::Uplink> uplinks;
  simulate(few, &uplinks);
  const application::Application app{"my-app", "my-process", "secret", payload::NoFormat{}};
  const std::string url = "http://127.0.0.1:8081/ttn/api/v2/down/my-app/my-process?key=secret";
  const payload::Fields no_fields;
  const dialect::Dialect& dialect = *dialect::find_dialect("ttn-v2");
  std::string body;
  const auto own_body = [&](const network::Uplink& uplink) {
    body.clear();
    dialect.write_uplink({uplink, no_fields, few.devices[uplink.device], few.gateways, app, url},
                         body);
    return body.size();
  };
  const auto peer_body = [&](const network::Uplink& uplink) {
    return json_body(few, uplink).size();
  };
  Costs costs;
  for (int round = 0; round < kRounds; ++round) {
    costs.few.push_back(simulate(few, nullptr).nanoseconds);
    costs.own.push_back(measure(uplinks, own_body));
    costs.peer.push_back(measure(uplinks, peer_body));
    costs.many.push_back(simulate(many, nullptr).nanoseconds);
  }
  return costs;
}

}  // namespace

int main() {
  // About as many uplinks each.
  const world::FieldPlan few = field(kFew, std::chrono::hours(100));
  const world::FieldPlan many = field(kMany, std::chrono::minutes(10));
  const Cost of_few = simulate(few, nullptr);
  const Cost of_many = simulate(many, nullptr);
  const Costs costs = measure_all(few, many);
  const double reference = median(costs.peer);
  const auto told = [](std::string_view what, const Cost& cost) {
    fmt::print("{}: {} uplinks, {:.2f} receptions each\n", what, cost.uplinks,
               static_cast<double>(cost.receptions) / static_cast<double>(cost.uplinks));
  };
  told("1,000 devices, 3 gateways, 100 h", of_few);
  told("1,000,000 devices, 3,000 gateways, 10 min", of_many);
  fmt::print("{:<44}{:>8}{:>8}\n", "", "ns", "of peer");
  const auto line = [reference](std::string_view what, double value) {
    fmt::print("{:<44}{:>8.0f}{:>8.3f}\n", what, value, value / reference);
  };
  line("simulating an uplink of 1,000 devices", median(costs.few));
  line("simulating an uplink of 1,000,000 devices", median(costs.many));
  line("writing its body", median(costs.own));
  line("its body by nlohmann::ordered_json (the peer)", reference);
  fmt::print("1,000,000 devices cost {:.2f} times what 1,000 cost (at most 1.5)\n",
             median(costs.many) / median(costs.few));
  return 0;
}
