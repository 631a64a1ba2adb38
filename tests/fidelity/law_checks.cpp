// The law and the hardware over a day: duty cycle, dwell time, budgets of joins, demodulators, half
// duplex. Nothing may ever be violated.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "tests/fidelity/check.h"
#include "tests/fidelity/simulation.h"

namespace sim::fidelity {

namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

/// Time on the air over the last hour of one sender in one part of the band.
class RollingHour {
 public:
  /// Adds a frame and returns the time on the air in the hour that ends with it.
  SimDuration add(SimTime start, SimTime end) {
    frames_.push_back({start, end});
    const SimTime from = end - 1h;
    while (frames_.front().end <= from) frames_.pop_front();
    SimDuration sum{0};
    for (const Frame& one : frames_) sum += one.end - std::max(one.start, from);
    return sum;
  }

 private:
  struct Frame {
    SimTime start, end;
  };
  std::deque<Frame> frames_;
};

/// Looks at everything that is sent and received, and counts what should not be.
class Inspector final : public world::AirWatcher {
 public:
  explicit Inspector(const world::FieldPlan& field)
      : field_(field), busy_(field.gateways.size()), sending_(field.gateways.size()) {}

  void device_sent(const fleet::Transmission& frame, bool join) override {
    ++frames;
    const SimDuration airtime = frame.end - frame.start;
    check_band(frame.device, frame.channel.frequency_hz, frame.start, frame.end);
    if (field_.channels->uplink_dwell && airtime > 400ms) ++dwell;
    if (!join) return;
    ++joins;
    SimDuration& used = join_time_[frame.device];
    if (frame.start < field_.start + 1h + first_of(frame.device)) used += airtime;
    if (used > 36s) ++join_budget;
  }

  void gateway_received(std::uint32_t gateway, const fleet::Transmission& frame) override {
    ++receptions;
    for (const auto& [start, end] : sending_[gateway]) {
      if (start < frame.end && frame.start < end) ++half_duplex;
    }
    if (frame.data_rate.bandwidth_hz != 125'000) return;
    auto& busy = busy_[gateway];
    std::erase_if(busy, [&](const auto& one) { return one.second + 10s < frame.start; });
    busy.emplace_back(frame.start, frame.end);
    // How many were followed when this one began, and it with them.
    const auto together = std::count_if(busy.begin(), busy.end(), [&](const auto& one) {
      return one.first <= frame.start && one.second > frame.start;
    });
    if (together > 8) ++demodulators;
  }

  void gateway_sent(std::uint32_t gateway, const network::Window& window) override {
    ++downlinks;
    const SimTime end = window.start + window.airtime;
    auto& sending = sending_[gateway];
    std::erase_if(sending, [&](const auto& one) { return one.second + 1min < window.start; });
    sending.emplace_back(window.start, end);
    check_band(0x8000'0000U | gateway, window.tx.frequency_hz, window.start, end);
  }

  std::uint64_t frames = 0, joins = 0, receptions = 0, downlinks = 0;
  std::uint64_t duty = 0, dwell = 0, join_budget = 0, demodulators = 0, half_duplex = 0;

  [[nodiscard]] std::uint64_t violations() const {
    return duty + dwell + join_budget + demodulators + half_duplex;
  }

 private:
  void check_band(std::uint32_t sender, std::uint32_t frequency_hz, SimTime start, SimTime end) {
    const lorawan::SubBand* band = lorawan::sub_band_of(*field_.channels, frequency_hz);
    if (band == nullptr || band->duty_cycle >= 1) return;
    const std::uint64_t key = (std::uint64_t{sender} << 8U) |
                              static_cast<std::uint64_t>(band - field_.channels->sub_bands.data());
    const SimDuration allowed(static_cast<SimDuration::rep>(band->duty_cycle * 3.6e12));
    if (hours_[key].add(start, end) > allowed) ++duty;
  }

  [[nodiscard]] SimDuration first_of(std::uint32_t device) const {
    return field_.devices[device].sends.first;
  }

  const world::FieldPlan& field_;
  std::unordered_map<std::uint64_t, RollingHour> hours_;
  std::unordered_map<std::uint32_t, SimDuration> join_time_;
  std::vector<std::vector<std::pair<SimTime, SimTime>>> busy_;
  std::vector<std::vector<std::pair<SimTime, SimTime>>> sending_;
};

std::string day(std::string_view region, int devices, std::string_view duration,
                std::string_view slow) {
  return fmt::format(R"(name: A day
region: {0}
duration: {2}
network: {{ downlink_loss: 10% }}
gateways: [{{ id: "gw-{{n}}", count: 16, grid: {{ at: [52, 5], rows: 4, columns: 4, spacing: 2km }} }}]
devices:
  - {{ id: "join-{{n}}", count: {1}, around: {{ gateway: gw-6, within: 6km }}, every: 10min,
      jitter: 10%, activation: otaa, adr: true, data_rate: {3} }}
  - {{ id: "sure-{{n}}", count: {1}, around: {{ gateway: gw-7, within: 6km }}, every: 10min,
      jitter: 10%, confirmed: true, payload: {{ random: 11 }} }}
  - {{ id: "busy-{{n}}", count: {1}, around: {{ gateway: gw-10, within: 6km }}, every: 1min,
      traffic: poisson, data_rate: {3} }}
  - {{ id: "far-{{n}}", count: {1}, around: {{ gateway: gw-11, within: 30km }}, every: 10min,
      activation: otaa, transmissions: 3, indoor: true }}
)",
                     region, devices / 4, duration, slow);
}

Measured law(const Effort& effort) {
  const bool full = !effort.brief;
  std::string text;
  std::uint64_t violations = 0;
  bool any = true;
  struct Case {
    std::string_view region;
    std::string_view slow;
    int share;  // of the devices, one in so many
  };
  for (const Case& one : {Case{"EU868", "SF12BW125", 1}, Case{"US915", "SF10BW125", 10}}) {
    const int devices = (full ? 10'000 : 400) / one.share;
    const scenario::Plan plan =
        plan_of_text(day(one.region, devices, full ? "24h" : "3h", one.slow));
    Inspector inspector(plan.field);
    simulate(
        plan.field, [](const world::World&, const world::Happening&) {}, &inspector);
    violations += inspector.violations();
    any = any && inspector.frames > 0 && inspector.joins > 0 && inspector.downlinks > 0;
    text += fmt::format("{}+{} frames, {} down: {} {} {} {} {}; ", inspector.frames,
                        inspector.joins, inspector.downlinks, inspector.duty, inspector.dwell,
                        inspector.join_budget, inspector.demodulators, inspector.half_duplex);
  }
  return {text.substr(0, text.size() - 2), violations == 0 && any};
}

}  // namespace

Checks law_checks() {
  return {{11, "law.day", "0 of duty, dwell, joins, demodulators, half duplex",
           "ETSI EN 300 220, FCC 15.247, LoRaWAN L2 1.0.4, SX1301", law}};
}

}  // namespace sim::fidelity
