// What making a fixture costs an uplink, against building the same bodies from ready values with
// nlohmann::ordered_json; and the writer of bodies alone against the same.
//
//   bench_generation SCENARIO ROUNDS
//
// All are measured in turns in one thread; each round is a line with the nanoseconds an uplink of
// the generation, the writer and the peer. tests/bench/generate_vs_json reads them. Built with
// -DLNSIM_BENCHMARKS=ON; no part of the tests.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/dialect/base64.h"
#include "sim/dialect/json_writer.h"
#include "sim/fixture/generation.h"
#include "sim/fixture/traffic.h"
#include "sim/scenario/load.h"

namespace {

using namespace sim;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBodies = 10'000;
constexpr int kRepeats = 10;
const char* const kUrl = "http://network.invalid/ttn/api/v2/down/my-app/my-process?key=secret";

/// The values of an uplink as a loop has them ready: texts are texts already.
struct Ready {
  struct Gateway {
    std::string id, time;
    std::uint32_t timestamp;
    int channel;
    double rssi, snr;
    int rf_chain;
  };
  std::string dev_id, serial, payload, time, data_rate;
  int port;
  std::uint32_t counter;
  bool is_retry;
  double frequency;
  std::vector<Gateway> gateways;
};

std::string time_text(engine::SimTime time) {
  std::string text;
  dialect::append_rfc3339(time, text);
  return text;
}

Ready ready(const scenario::Plan& plan, const network::Uplink& uplink) {
  Ready values;
  const fleet::Device& device = plan.field.devices[uplink.device];
  values.dev_id = device.id;
  values.serial = lorawan::to_string(device.dev_eui);
  dialect::append_base64(uplink.payload, values.payload);
  values.time = time_text(uplink.received_at);
  values.data_rate = lorawan::to_string(uplink.tx.data_rate);
  values.port = uplink.f_port;
  values.counter = uplink.f_cnt;
  values.is_retry = uplink.is_retry;
  values.frequency = uplink.tx.frequency_hz / 1e6;
  for (const radio::Reception& one : uplink.receptions) {
    values.gateways.push_back({plan.field.gateways[one.gateway].id,
                               one.time ? time_text(*one.time) : "", one.timestamp_us, one.channel,
                               static_cast<double>(one.rssi_dbm), static_cast<double>(one.snr_db),
                               one.rf_chain});
  }
  return values;
}

/// The body as many simulators make it.
std::string json_body(const Ready& values) {
  nlohmann::ordered_json json;
  json["app_id"] = "my-app";
  json["dev_id"] = values.dev_id;
  json["hardware_serial"] = values.serial;
  json["port"] = values.port;
  json["counter"] = values.counter;
  json["is_retry"] = values.is_retry;
  json["payload_raw"] = values.payload;
  auto& metadata = json["metadata"];
  metadata["time"] = values.time;
  metadata["frequency"] = values.frequency;
  metadata["modulation"] = "LORA";
  metadata["data_rate"] = values.data_rate;
  metadata["coding_rate"] = "4/5";
  for (const Ready::Gateway& one : values.gateways) {
    nlohmann::ordered_json gateway;
    gateway["id"] = one.id;
    gateway["timestamp"] = one.timestamp;
    if (!one.time.empty()) gateway["time"] = one.time;
    gateway["channel"] = one.channel;
    gateway["rssi"] = one.rssi;
    gateway["snr"] = one.snr;
    gateway["rf_chain"] = one.rf_chain;
    metadata["gateways"].push_back(std::move(gateway));
  }
  json["downlink_url"] = kUrl;
  return json.dump();
}

/// Nanoseconds for each of `count` runs of a task.
template <class Task>
double nanoseconds_each(std::size_t count, const Task& task) {
  const auto began = Clock::now();
  task();
  return std::chrono::duration<double, std::nano>(Clock::now() - began).count() /
         static_cast<double>(count);
}

double measure_generation(const scenario::Plan& plan) {
  fixture::GenerationSettings settings;
  settings.form.downlink_url = kUrl;
  const auto nowhere = fixture::open_nowhere(fixture::Digesting::no);
  const auto began = Clock::now();
  const fixture::Counts counts = fixture::generate(plan, settings, *nowhere);
  return std::chrono::duration<double, std::nano>(Clock::now() - began).count() /
         static_cast<double>(counts.uplinks);
}

double measure_writer(const scenario::Plan& plan, const std::vector<network::Uplink>& uplinks) {
  const auto writer = plan.dialect->make_writer({plan.field.gateways, plan.application, kUrl});
  const payload::Fields none;
  dialect::TextBuffer text;
  return nanoseconds_each(uplinks.size() * kRepeats, [&] {
    for (int i = 0; i < kRepeats; ++i) {
      for (const network::Uplink& uplink : uplinks) {
        if (text.size() > 300'000) text.clear();
        writer->write({uplink, none, plan.field.devices[uplink.device], plan.field.gateways,
                       plan.application, kUrl},
                      text);
      }
    }
  });
}

double measure_peer(const std::vector<Ready>& values) {
  std::size_t bytes = 0;
  const double taken = nanoseconds_each(values.size() * kRepeats, [&] {
    for (int i = 0; i < kRepeats; ++i) {
      for (const Ready& one : values) bytes += json_body(one).size();
    }
  });
  if (bytes == 0)
    fmt::print(stderr, "nothing was written\n");  // keeps the work from being left out
  return taken;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: bench_generation SCENARIO ROUNDS\n");
    return 2;
  }
  const auto plan = scenario::load(argv[1], scenario::real_sources());
  if (!plan) {
    fmt::print(stderr, "{}", scenario::to_text(plan.error().front(), false));
    return 2;
  }
  std::vector<network::Uplink> uplinks;
  std::vector<Ready> values;
  fixture::Traffic traffic(*plan);
  while (uplinks.size() < kBodies) {
    const network::Uplink* uplink = traffic.next();
    if (uplink == nullptr) break;
    uplinks.push_back(*uplink);
    values.push_back(ready(*plan, *uplink));
  }
  for (int round = 0; round < std::atoi(argv[2]); ++round) {
    const double generation = measure_generation(*plan);
    const double writer = measure_writer(*plan, uplinks);
    const double peer = measure_peer(values);
    fmt::print("{:.0f} {:.1f} {:.0f}\n", generation, writer, peer);
    std::fflush(stdout);
  }
  return 0;
}
