// Group 3: how weak a frame may be and still be heard.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fidelity/check.h"
#include "tests/fidelity/receivers.h"

namespace sim::fidelity {

namespace {

constexpr const char* kReceptions = "175,000 receptions of public networks, by spreading factor";
// What was never undercut, and the data sheet's floor; from SF7 to SF12.
constexpr float kHardFloorDb[] = {-11.8F, -12.8F, -16.0F, -18.2F, -21.8F, -24.8F};
constexpr float kDataSheetDb[] = {-7.5F, -10.0F, -12.5F, -15.0F, -17.5F, -20.0F};

/// A population at the edge of being heard: signals from 10 dB above the floor to 10 dB below.
std::vector<float> marginal_snrs(std::size_t index, std::string_view forwarder,
                                 const Effort& effort) {
  Receivers receivers(gateways_of("outdoor", forwarder, 8));
  const auto rate = lorawan::lora(static_cast<std::uint8_t>(7 + index), 125'000);
  const double floor_dbm = kNoiseDbm + static_cast<double>(kDataSheetDb[index]);
  std::vector<float> snrs;
  const std::size_t frames = effort.samples(40'000, 8'000);
  for (const auto& reception : receivers.sweep(rate, floor_dbm + 10, floor_dbm - 10, frames)) {
    snrs.push_back(reception.snr_db);
  }
  return snrs;
}

Measured hard_floor(const Effort& effort) {
  std::string text = "lowest";
  bool passed = true;
  for (std::size_t i = 0; i < std::size(kHardFloorDb); ++i) {
    float lowest = 0;
    for (const std::string_view forwarder : {"udp", "station"}) {
      const auto snrs = marginal_snrs(i, forwarder, effort);
      lowest = std::min(lowest, *std::min_element(snrs.begin(), snrs.end()));
    }
    passed = passed && lowest >= kHardFloorDb[i];
    text += fmt::format(" {:.4g}", lowest);
  }
  return {text, passed};
}

Measured soft_floor(const Effort& effort) {
  std::string text;
  bool passed = true;
  for (std::size_t i = 0; i < std::size(kDataSheetDb); ++i) {
    const auto snrs = marginal_snrs(i, "station", effort);
    const auto below =
        std::count_if(snrs.begin(), snrs.end(), [&](float snr) { return snr < kDataSheetDb[i]; });
    const double share = static_cast<double>(below) / static_cast<double>(snrs.size());
    passed = passed && share >= 0.03 && share <= 0.35;
    text += fmt::format("SF{} {:.0f}% ", 7 + i, share * 100);
  }
  text.pop_back();
  return {text, passed};
}

}  // namespace

Checks floor_checks() {
  return {
      {3, "floor.hard", "none below -11.8 -12.8 -16 -18.2 -21.8 -24.8 dB (SF7 to SF12)",
       kReceptions, hard_floor},
      {3, "floor.soft", "3 to 35% below the data sheet's floor, at the edge", kReceptions,
       soft_floor},
  };
}

}  // namespace sim::fidelity
