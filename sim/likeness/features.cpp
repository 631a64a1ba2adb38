#include "sim/likeness/features.h"

#include <cmath>

namespace sim::likeness {

namespace {

/// A larger gap is a reset, as the network has it.
constexpr std::uint32_t kLargestGap = 16'384;
/// Intervals in bins of 2%.
const double kIntervalBin = std::log(1.02);

double place_of(const lorawan::DataRate& rate) {
  if (rate.modulation == lorawan::Modulation::fsk) return -1;
  return rate.spreading_factor * 1'000.0 + rate.bandwidth_hz / 1'000.0;
}

}  // namespace

std::optional<std::uint32_t> counter_step(std::uint32_t before, std::uint32_t now) {
  const std::uint32_t step = now - before;
  if (now <= before || step > kLargestGap) return std::nullopt;
  return step;
}

void FeatureCounter::add(const Seen& seen) {
  for (const auto& [rssi, snr] : seen.rssi_and_snr) {
    features_.rssi.add(rssi);
    features_.snr.add(snr * 2);  // half a dB
  }
  features_.gateways.add(static_cast<double>(seen.gateways));
  const auto found = last_.find(seen.device);
  if (found != last_.end() && found->second.f_cnt == seen.f_cnt) return;
  ++heard_;
  if (seen.data_rate) features_.data_rate.add(place_of(*seen.data_rate));
  if (seen.frequency_hz) features_.frequency.add(std::round(*seen.frequency_hz / 1e4));
  features_.payload_size.add(static_cast<double>(seen.payload_size));
  if (found != last_.end() && seen.time) {
    const double seconds = std::chrono::duration<double>(*seen.time - found->second.time).count();
    if (seconds > 0) features_.interval.add(std::log(seconds) / kIntervalBin);
    const auto step = counter_step(found->second.f_cnt, seen.f_cnt);
    if (step) lost_ += *step - 1;
  }
  if (seen.time) last_[seen.device] = {*seen.time, seen.f_cnt};
}

}  // namespace sim::likeness
