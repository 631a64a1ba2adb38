#include "sim/radio/interference.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace sim::radio {

namespace {

constexpr double kFskCaptureDb = 6;  // no figure is published; as LoRa's with itself
constexpr double kUnrelatedDb = -200;
constexpr std::uint32_t kFskBandwidthHz = 125'000;
constexpr double kPreambleSymbols = 8;
constexpr double kNeededPreambleSymbols = 5;

using LoRaMatrix = std::array<std::array<double, 6>, 6>;

/// The matrix with FSK beside LoRa; FSK has a channel of its own, so they hardly ever meet.
IsolationMatrix with_fsk(const LoRaMatrix& lora) {
  IsolationMatrix matrix{};
  for (std::size_t wanted = 0; wanted < kKinds; ++wanted) {
    for (std::size_t other = 0; other < kKinds; ++other) {
      const bool both_lora = wanted < lora.size() && other < lora.size();
      const double fsk = wanted == other ? kFskCaptureDb : kUnrelatedDb;
      matrix[wanted][other] = both_lora ? lora[wanted][other] : fsk;
    }
  }
  return matrix;
}

constexpr LoRaMatrix kGoursaud = {{{6, -16, -18, -19, -19, -20},
                                   {-24, 6, -20, -22, -22, -22},
                                   {-27, -27, 6, -23, -25, -25},
                                   {-30, -30, -30, 6, -26, -28},
                                   {-33, -33, -33, -33, 6, -29},
                                   {-36, -36, -36, -36, -36, 6}}};
constexpr LoRaMatrix kCroce = {{{1, -8, -9, -9, -9, -9},
                                {-11, 1, -11, -12, -13, -13},
                                {-15, -13, 1, -13, -14, -15},
                                {-19, -18, -17, 1, -17, -18},
                                {-22, -22, -21, -20, 1, -20},
                                {-25, -25, -25, -24, -23, 1}}};

/// Each spreading factor is alone with itself.
constexpr LoRaMatrix kOrthogonal = {{{6, -200, -200, -200, -200, -200},
                                     {-200, 6, -200, -200, -200, -200},
                                     {-200, -200, 6, -200, -200, -200},
                                     {-200, -200, -200, 6, -200, -200},
                                     {-200, -200, -200, -200, 6, -200},
                                     {-200, -200, -200, -200, -200, 6}}};

std::uint32_t bandwidth_of(const lorawan::DataRate& rate) {
  return rate.modulation == lorawan::Modulation::lora ? rate.bandwidth_hz : kFskBandwidthHz;
}

/// From when on a disturbance counts.
engine::SimTime vulnerable_from(const InterferenceModel& model, const OnAir& wanted) {
  if (!model.late_preamble_is_enough || wanted.rate.modulation != lorawan::Modulation::lora) {
    return wanted.start;
  }
  const double symbol_ns =
      std::ldexp(1.0, wanted.rate.spreading_factor) * 1e9 / wanted.rate.bandwidth_hz;
  return wanted.start + engine::SimDuration(static_cast<engine::SimDuration::rep>(
                            (kPreambleSymbols - kNeededPreambleSymbols) * symbol_ns));
}

// In watts and seconds as ns-3 has it: at a ratio of exactly the isolation the rounding decides.
double watts(double dbm) {
  return std::pow(10.0, dbm / 10) / 1000;
}
double seconds(engine::SimDuration length) {
  return std::chrono::duration<double>(length).count();
}

}  // namespace

std::size_t kind_of(const lorawan::DataRate& rate) {
  if (rate.modulation == lorawan::Modulation::fsk) return kKinds - 1;
  return static_cast<std::size_t>(std::clamp<int>(rate.spreading_factor, 7, 12) - 7);
}

std::span<const InterferenceModel> interference_models() {
  static const InterferenceModel kModels[] = {
      {"croce", with_fsk(kCroce), false, false, false},
      {"goursaud", with_fsk(kGoursaud), false, false, false},
      {"lorasim", with_fsk(kOrthogonal), false, true, true},
      {"aloha", with_fsk(kOrthogonal), true, true, false},
  };
  return kModels;
}

bool share_spectrum(const OnAir& a, const OnAir& b) {
  const std::uint32_t apart = a.frequency_hz > b.frequency_hz ? a.frequency_hz - b.frequency_hz
                                                              : b.frequency_hz - a.frequency_hz;
  return apart < (bandwidth_of(a.rate) + bandwidth_of(b.rate)) / 2;
}

Destroyer destroyer_of(const InterferenceModel& model, const OnAir& wanted,
                       std::span<const OnAir> others) {
  std::array<double, kKinds> energy{};
  bool any = false;
  const engine::SimTime from = vulnerable_from(model, wanted);
  for (const OnAir& other : others) {
    if (other.end <= from || other.start >= wanted.end || other.frame == wanted.frame) continue;
    if (!share_spectrum(wanted, other)) continue;
    const engine::SimDuration overlap =
        std::min(other.end, wanted.end) - std::max(other.start, wanted.start);
    const engine::SimDuration counted =
        model.any_overlap_counts_whole ? wanted.end - wanted.start : overlap;
    energy[kind_of(other.rate)] += watts(static_cast<double>(other.power_dbm)) * seconds(counted);
    any = true;
  }
  if (!any) return {};
  const std::size_t own = kind_of(wanted.rate);
  if (model.any_overlap_destroys && energy[own] > 0) return {true, own};
  const double wanted_energy =
      watts(static_cast<double>(wanted.power_dbm)) * seconds(wanted.end - wanted.start);
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    if (energy[kind] <= 0) continue;
    const double ratio_db = 10 * std::log10(wanted_energy / energy[kind]);
    if (ratio_db < model.isolation_db[own][kind]) return {true, kind};
  }
  return {};
}

}  // namespace sim::radio
