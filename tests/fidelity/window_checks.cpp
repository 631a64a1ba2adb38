// When the network answers, and how it adapts data rates.
#include <fmt/format.h>

#include <map>

#include "sim/network/adr.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/fixtures.h"
#include "tests/fidelity/simulation.h"

namespace sim::fidelity {

namespace {

using namespace std::chrono_literals;

/// Keeps all frames of devices and all windows of gateways.
struct Keeper final : world::AirWatcher {
  std::vector<fleet::Transmission> frames;
  std::vector<std::pair<network::Window, bool>> windows;

  void device_sent(const fleet::Transmission& frame, bool) override { frames.push_back(frame); }
  void gateway_received(std::uint32_t, const fleet::Transmission&) override {}
  void gateway_sent(std::uint32_t, const network::Window& window) override {
    windows.emplace_back(window, false);
  }
};

Keeper kept(const std::string& text) {
  Keeper keeper;
  simulate(
      plan_of_text(text).field, [](const world::World&, const world::Happening&) {}, &keeper);
  return keeper;
}

Measured windows(const Effort&) {
  // After a confirmed uplink: 1 or 2 s after the end of the frame, to the nanosecond.
  const Keeper keeper = kept(
      "name: Windows\nduration: 2h\n"
      "gateways: [{ id: gw-1, at: [52, 5] }]\n"
      "devices:\n"
      "  - { id: fast, at: [52.001, 5], every: 10min, confirmed: true }\n"
      "  - { id: slow, at: [52.001, 5], every: 10min, confirmed: true, data_rate: SF12BW125 }\n"
      "  - { id: new, at: [52.001, 5], every: 10min, activation: otaa }\n");
  int wrong = 0;
  std::map<std::string, int> kinds;
  for (const auto& [window, _] : keeper.windows) {
    bool found = false;
    for (const auto& frame : keeper.frames) {
      const auto after = window.start - frame.end;
      for (const auto& [delay, name] :
           {std::pair(1s, "1 s"), {2s, "2 s"}, {5s, "5 s"}, {6s, "6 s"}}) {
        if (after != delay) continue;
        found = true;
        ++kinds[name];
      }
    }
    if (!found) ++wrong;
  }
  std::string text;
  for (const auto& [name, count] : kinds) text += fmt::format("{} after {}, ", count, name);
  return {fmt::format("{}{} wrong", text, wrong),
          wrong == 0 && kinds["1 s"] > 0 && kinds["2 s"] > 0 && kinds["5 s"] > 0};
}

Measured adr(const Effort&) {
  int right = 0;
  int vectors = 0;
  for (const Row& row : csv_rows("radio/adr_ttn_v2.csv")) {
    const auto& plan = *lorawan::find_channel_plan(row.at(0) == "EU_863_870" ? "EU868" : "US915");
    const auto rate = [&](std::size_t column) {
      return *lorawan::uplink_data_rate_index(plan, *lorawan::parse_data_rate(row.at(column)));
    };
    const network::AdrSettings wanted{rate(5), std::stoi(row.at(6))};
    ++vectors;
    if (network::adapted(plan, {rate(1), std::stoi(row.at(2))}, std::stod(row.at(3)),
                         std::stod(row.at(4))) == wanted) {
      ++right;
    }
  }
  return {fmt::format("{} of {}", right, vectors), right == vectors && vectors == 10};
}

}  // namespace

Checks window_checks() {
  return {
      {10, "windows.exact", "1, 2, 5 or 6 s after the frame, exactly", "LoRaWAN L2 1.0.4", windows},
      {12, "adr.vectors", "10 of 10", "TTN v2's network server", adr},
  };
}

}  // namespace sim::fidelity
