// Group 12: counters, retries, and how losses come.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/lorawan/airtime.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/field_run.h"
#include "tests/fidelity/statistics.h"

namespace sim::fidelity {

namespace {

using namespace std::chrono_literals;

constexpr const char* kStacks = "LoRaMac-node and LMIC";

/// Devices whose confirmed frames gateways hear and nobody acknowledges, in a region without a
/// duty cycle that would put retries off.
FieldRun unacknowledged(std::size_t devices, std::uint64_t seed) {
  world::FieldPlan plan = field_around_gateway("AU915", devices, 5, 50);
  plan.seed = seed;
  // A gateway that sends an acknowledgement is deaf meanwhile: the others hear.
  const fleet::Gateway first = plan.gateways.front();
  plan.gateways.insert(plan.gateways.end(), 11, first);
  for (fleet::Device& device : plan.devices) {
    device.confirmed = true;
    device.downlink_loss = 1;
  }
  return run(plan);
}

Measured counter_steps(const Effort& effort) {
  // Far enough away that many frames are lost.
  const FieldRun result = run(field_around_gateway("EU868", effort.samples(400, 100), 5, 2'900));
  std::size_t frames = 0;
  std::size_t lost = 0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < result.frames.size(); ++i) {
    const Frame& frame = result.frames[i];
    ++frames;
    if (!frame.heard) ++lost;
    const bool first = i == 0 || result.frames[i - 1].device != frame.device;
    const std::uint32_t expected = first ? 0 : result.frames[i - 1].f_cnt + 1;
    if (frame.f_cnt != expected) ++wrong;
  }
  return {fmt::format("{} of {} frames otherwise ({} not heard)", wrong, frames, lost),
          wrong == 0 && lost > 0 && lost < frames};
}

Measured tries(const Effort& effort) {
  const FieldRun result = unacknowledged(effort.samples(400, 100), 1);
  std::map<std::pair<std::uint32_t, std::uint32_t>, int> tries_of;
  for (const Frame& frame : result.frames) ++tries_of[{frame.device, frame.f_cnt}];
  int most = 0;
  for (const auto& [frame, count] : tries_of) most = std::max(most, count);
  const auto eight = std::count_if(tries_of.begin(), tries_of.end(),
                                   [](const auto& entry) { return entry.second == 8; });
  return {fmt::format("most {}; 8 for {} of {} frames", most, eight, tries_of.size()),
          most == 8 && eight == static_cast<std::ptrdiff_t>(tries_of.size())};
}

/// Seconds between the close of the second window and the next try.
std::vector<double> waits(std::uint64_t seed, std::size_t devices) {
  const FieldRun result = unacknowledged(devices, seed);
  const lorawan::ChannelPlan& channels = *lorawan::find_channel_plan("AU915");
  std::vector<double> seconds;
  for (std::size_t i = 1; i < result.frames.size(); ++i) {
    const Frame& before = result.frames[i - 1];
    const Frame& frame = result.frames[i];
    if (frame.attempt != before.attempt + 1 || !frame.ended || !before.ended) continue;
    const auto length = lorawan::airtime(channels.data_rates[frame.data_rate_index].rate,
                                         lorawan::data_frame(4, lorawan::Direction::up));
    const engine::SimDuration wait = *frame.ended - length - *before.ended - 2s;
    seconds.push_back(std::chrono::duration<double>(wait).count());
  }
  return seconds;
}

Measured spacing(const Effort& effort) {
  const auto uniform = [](double s) { return std::clamp((s - 1) / 2, 0.0, 1.0); };
  // Of three seeds the middle one counts: one in a hundred has p < 0.01 by chance alone.
  std::vector<double> p_values;
  std::vector<double> all;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto sample = waits(seed, effort.samples(200, 50));
    p_values.push_back(ks_p_value(ks_distance(sample, uniform), sample.size()));
    all.insert(all.end(), sample.begin(), sample.end());
  }
  const auto [least, most] = std::minmax_element(all.begin(), all.end());
  return {fmt::format("p = {:.2f}; {:.3f} to {:.3f} s, {} waits", median(p_values), *least, *most,
                      all.size()),
          median(p_values) > 0.01 && *least > 0.999 && *most < 3.001};
}

Measured slower_tries(const Effort& effort) {
  const FieldRun result = unacknowledged(effort.samples(100, 40), 1);
  constexpr int kRates[] = {5, 5, 4, 4, 3, 3, 2, 2};
  const auto wrong = std::count_if(result.frames.begin(), result.frames.end(), [&](const auto& f) {
    return !f.heard || f.attempt > 8 || f.data_rate_index != kRates[f.attempt - 1];
  });
  return {fmt::format("{} of {} frames otherwise", wrong, result.frames.size()),
          wrong == 0 && !result.frames.empty()};
}

Measured retry_flags(const Effort& effort) {
  const FieldRun result = unacknowledged(effort.samples(100, 40), 1);
  const auto wrong = std::count_if(result.frames.begin(), result.frames.end(), [](const auto& f) {
    const bool repeated = f.attempt > 1;
    return f.is_retry != repeated || f.is_retry_as_deployed != (repeated || f.f_cnt == 0);
  });
  return {fmt::format("{} of {} uplinks otherwise", wrong, result.frames.size()),
          wrong == 0 && !result.frames.empty()};
}

/// Lost frames in a row, on links that lose few.
Measured lonely_losses(const Effort& effort) {
  world::FieldPlan plan = field_around_gateway("EU868", effort.samples(400, 100), 5, 1'400);
  plan.duration = 12h;
  const FieldRun result = run(plan);
  std::map<std::size_t, std::size_t> runs;
  std::size_t lost = 0;
  std::size_t length = 0;
  for (std::size_t i = 0; i < result.frames.size(); ++i) {
    const bool new_device = i > 0 && result.frames[i - 1].device != result.frames[i].device;
    if ((result.frames[i].heard || new_device) && length > 0) ++runs[std::exchange(length, 0)];
    if (result.frames[i].heard) continue;
    ++length;
    ++lost;
  }
  std::size_t gaps = 0;
  for (const auto& [frames, count] : runs) gaps += count;
  const double singles = gaps == 0 ? 0 : static_cast<double>(runs[1]) / static_cast<double>(gaps);
  const double loss = static_cast<double>(lost) / static_cast<double>(result.frames.size());
  return {fmt::format("{:.0f}% of {} gaps, at {:.1f}% loss", singles * 100, gaps, loss * 100),
          singles >= 0.85 && gaps >= 50 && loss < 0.07};
}

}  // namespace

Checks retry_checks() {
  return {
      {12, "counters.step", "+1 for each new frame, heard or not", "LoRaWAN L2 1.0.4, 4.3.1.5",
       counter_steps},
      {12, "counters.gaps", "at least 85% of gaps are one frame, on links that lose few",
       "production uplinks of TTN v2: 47 of 51 gaps", lonely_losses},
      {12, "retries.count", "8 tries of a confirmed frame that nobody acknowledges", kStacks,
       tries},
      {12, "retries.spacing", "RX2 + U(1, 3) s, Kolmogorov-Smirnov p > 0.01", kStacks, spacing},
      {12, "retries.data-rate", "one step slower before tries 3, 5 and 7", kStacks, slower_tries},
      {12, "retries.flag", "is_retry for repeated frames; as deployed, for counter 0 too",
       "TTN v2 server's source", retry_flags},
  };
}

}  // namespace sim::fidelity
