// What devices and the network server do by rule: counters, repetitions, data rates, windows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "sim/lorawan/airtime.h"
#include "sim/network/adr.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/csv.h"
#include "tests/fidelity/simulation.h"
#include "tests/fidelity/statistics.h"

namespace fidelity {

namespace {

using namespace sim;
using namespace std::chrono_literals;
using engine::SimTime;

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
  run(
      plan_of_text(text).field, [](const world::World&, const world::Happening&) {}, &keeper);
  return keeper;
}

Measured airtimes(Effort) {
  int vectors = 0;
  int right = 0;
  for (const Row& row : read_csv("airtime_vectors.csv")) {
    const auto whole = [&row](const std::string& column) {
      return static_cast<std::uint32_t>(row.number(column));
    };
    const lorawan::DataRate rate =
        row.text("modulation") == "FSK"
            ? lorawan::fsk(whole("bitrate"))
            : lorawan::lora(static_cast<std::uint8_t>(whole("sf")), whole("bw_hz"));
    lorawan::FrameShape shape;
    shape.phy_payload_bytes = whole("payload_len");
    shape.preamble_symbols = static_cast<int>(whole("preamble"));
    shape.explicit_header = row.text("explicit_header") != "0";
    shape.crc = row.text("crc") == "1";
    shape.low_data_rate = row.text("ldro") == "1";
    if (!row.text("cr").empty()) shape.coding_rate = row.text("cr").back() - '0';
    ++vectors;
    if (lorawan::airtime(rate, shape).count() == std::stoll(row.text("airtime_us"))) ++right;
  }
  return {fmt::format("{} of {}", right, vectors), right == vectors && vectors > 50};
}

Measured repetitions(Effort effort) {
  const int devices = effort == Effort::full ? 400 : 100;
  const Keeper keeper = kept(fmt::format(
      "name: Repetitions\nduration: 10min\nnetwork: {{ downlink_loss: 100% }}\n"
      "radio: {{ reception: ideal }}\n"
      "gateways: [{{ id: gw-1, at: [52, 5] }}]\n"
      "devices: [{{ id: 'dev-{{n}}', count: {}, at: [52, 5], every: 10min, confirmed: true, "
      "duty_cycle: off }}]\n",
      devices));
  std::unordered_map<std::uint32_t, std::vector<fleet::Transmission>> by_device;
  for (const auto& frame : keeper.frames) by_device[frame.device].push_back(frame);
  std::vector<double> waits;
  bool steps_right = true;
  std::size_t most = 0;
  const int rates[] = {5, 5, 4, 4, 3, 3, 2, 2};
  for (const auto& [device, frames] : by_device) {
    most = std::max(most, frames.size());
    for (std::size_t i = 0; i < frames.size() && i < 8; ++i) {
      steps_right = steps_right && frames[i].data_rate_index == rates[i];
      if (i == 0) continue;
      waits.push_back(
          std::chrono::duration<double>(frames[i].start - frames[i - 1].end - 2s).count());
    }
  }
  const double distance = uniform_distance(waits, 1, 3);
  return {fmt::format("at most {} tries, distance {:.3f} (allowed {:.3f}), steps {}", most,
                      distance, allowed_distance(waits.size()), steps_right ? "right" : "wrong"),
          most == 8 && steps_right && distance < allowed_distance(waits.size())};
}

Measured channels(Effort) {
  const Keeper keeper = kept(
      "name: Channels\nduration: 24h\nradio: { reception: ideal, interference: none }\n"
      "gateways: [{ id: gw-1, at: [52, 5] }]\n"
      "devices: [{ id: 'dev-{n}', count: 500, at: [52, 5], every: 10min }]\n");
  std::map<std::uint32_t, double> shares;
  const auto total = static_cast<double>(keeper.frames.size());
  for (const auto& frame : keeper.frames) shares[frame.channel.frequency_hz] += 1 / total;
  double worst = 0;
  for (const auto& [frequency, share] : shares) {
    worst = std::max(worst, std::abs(share - 1.0 / 8));
  }
  return {fmt::format("{} channels, at most {:.2f} points off over {:.0f} frames", shares.size(),
                      worst * 100, total),
          shares.size() == 8 && worst <= 0.005 && total > 10'000};
}

Measured windows(Effort) {
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

Measured counters(Effort) {
  std::unordered_map<std::uint32_t, std::uint32_t> last;
  int gaps = 0;
  int uplinks = 0;
  std::vector<int> runs;
  std::unordered_map<std::uint32_t, int> missing;
  const auto plan = plan_of_text(
      "name: Counters\nduration: 24h\nradio: { path_loss: oulu-ground }\n"
      "gateways: [{ id: gw-1, at: [52, 5], backhaul: { loss: 3% } }]\n"
      "devices: [{ id: 'dev-{n}', count: 100, around: { at: [52, 5], within: 500m }, "
      "every: 10min }]\n");
  run(plan.field, [&](const world::World&, const world::Happening& happening) {
    if (const auto* lost = std::get_if<world::FrameLost>(&happening)) ++missing[lost->device];
    const auto* published = std::get_if<world::UplinkPublished>(&happening);
    if (published == nullptr) return;
    const network::Uplink& uplink = *published->uplink;
    ++uplinks;
    const auto before = last.find(uplink.device);
    const int absent = std::exchange(missing[uplink.device], 0);
    if (absent > 0) runs.push_back(absent);
    if (before != last.end() &&
        uplink.f_cnt != before->second + 1 + static_cast<std::uint32_t>(absent)) {
      ++gaps;
    }
    last[uplink.device] = uplink.f_cnt;
  });
  const auto singles = static_cast<double>(std::count(runs.begin(), runs.end(), 1));
  const double share = singles / static_cast<double>(runs.size());
  return {fmt::format("{} gaps in {}, {:.0f}% of losses single", gaps, uplinks, share * 100),
          gaps == 0 && share >= 0.85};
}

Measured adr(Effort) {
  int right = 0;
  int vectors = 0;
  for (const Row& row : read_csv("adr_ttn_v2.csv")) {
    const auto& plan =
        *lorawan::find_channel_plan(row.text("region") == "EU_863_870" ? "EU868" : "US915");
    const auto rate = [&](const std::string& column) {
      return *lorawan::uplink_data_rate_index(plan, *lorawan::parse_data_rate(row.text(column)));
    };
    const auto power = [&](const std::string& column) {
      return static_cast<int>(row.number(column));
    };
    const network::AdrSettings got = network::adapted(plan, {rate("data_rate"), power("tx_power")},
                                                      row.number("max_snr"), row.number("margin"));
    ++vectors;
    if (got == network::AdrSettings{rate("want_data_rate"), power("want_tx_power")}) ++right;
  }
  return {fmt::format("{} of {}", right, vectors), right == vectors && vectors == 10};
}

}  // namespace

void add_device_checks(std::vector<Check>& checks) {
  checks.push_back({"airtime", "every vector to the microsecond", airtimes});
  checks.push_back({"repetitions", "8 tries, U(1,3) s after RX2, slower at 3, 5, 7", repetitions});
  checks.push_back({"use of channels", "even within half a point", channels});
  checks.push_back({"receive windows", "1, 2, 5 or 6 s exactly", windows});
  checks.push_back({"counters and losses", "no gap, 85% of losses single", counters});
  checks.push_back({"adaptive data rate", "10 of 10 vectors", adr});
}

}  // namespace fidelity
