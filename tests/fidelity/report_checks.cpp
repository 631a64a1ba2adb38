// Group 2: the steps in which gateways report strength and signal-to-noise ratio.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/fidelity/check.h"
#include "tests/fidelity/receivers.h"
#include "tests/fidelity/statistics.h"

namespace sim::fidelity {

namespace {

constexpr const char* kForms = "packet forwarder 4 (\"%.1f\" of quarters, \"%.0f\" of dBm)";

/// The tenths that each forwarder writes; 25 and 75 stand for quarters.
struct Lattice {
  std::string_view forwarder;
  std::array<long, 4> hundredths;
};

constexpr Lattice kLattices[] = {
    {"udp", {0, 20, 50, 80}}, {"station", {0, 25, 50, 75}}, {"kerlink", {0, 0, 0, 0}}};

std::vector<radio::Reception> reports_of(std::string_view forwarder, std::size_t frames) {
  Receivers receivers(gateways_of("outdoor", forwarder, 8));
  return receivers.sweep(lorawan::lora(12, 125'000), kNoiseDbm - 24, kNoiseDbm + 60, frames);
}

Measured whole_rssi(const Effort& effort) {
  std::size_t all = 0;
  std::size_t wrong = 0;
  float lowest = 0;
  for (const Lattice& lattice : kLattices) {
    for (const auto& reception : reports_of(lattice.forwarder, effort.samples(40'000, 8'000))) {
      ++all;
      lowest = std::min(lowest, reception.rssi_dbm);
      if (reception.rssi_dbm != std::round(reception.rssi_dbm)) ++wrong;
    }
  }
  return {fmt::format("{} of {} not whole, lowest {} dBm", wrong, all, lowest),
          wrong == 0 && lowest >= -127 && all > 0};
}

bool lies_on(const Lattice& lattice, float snr) {
  const double hundreds = std::abs(static_cast<double>(snr)) * 100;
  const long nearest = std::lround(hundreds);
  if (std::abs(hundreds - static_cast<double>(nearest)) > 1e-3) return false;
  const long rest = nearest % 100;
  return std::find(lattice.hundredths.begin(), lattice.hundredths.end(), rest) !=
         lattice.hundredths.end();
}

Measured lattices(const Effort& effort) {
  std::size_t all = 0;
  std::size_t wrong = 0;
  for (const Lattice& lattice : kLattices) {
    for (const auto& reception : reports_of(lattice.forwarder, effort.samples(40'000, 8'000))) {
      ++all;
      if (!lies_on(lattice, reception.snr_db)) ++wrong;
    }
  }
  return {fmt::format("{} of {} off the lattice", wrong, all), wrong == 0 && all > 0};
}

/// How often each quarter of a dB comes up over the eight whole dB from -5 to 3.
std::array<std::size_t, 4> quarters(std::uint64_t seed) {
  Receivers receivers(gateways_of("outdoor", "station", 8), seed);
  std::array<std::size_t, 4> counts{};
  const auto rate = lorawan::lora(12, 125'000);
  // As many as in the published sample lie within.
  for (const auto& reception : receivers.sweep(rate, kNoiseDbm - 12, kNoiseDbm + 12, 22'000)) {
    if (reception.snr_db < -5 || reception.snr_db >= 3) continue;
    ++counts[static_cast<std::size_t>(std::lround((reception.snr_db + 8) * 4)) % 4];
  }
  return counts;
}

Measured even_quarters(const Effort& /*effort*/) {
  const std::vector<double> even(4, 0.25);
  // Of three seeds the middle one counts: one in a hundred has p < 0.01 by chance alone.
  std::vector<double> p_values;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    p_values.push_back(chi_square_p_value(quarters(seed), even));
  }
  const auto counts = quarters(1);
  return {fmt::format("p = {:.2f}; {} {} {} {}", median(p_values), counts[0], counts[1], counts[2],
                      counts[3]),
          median(p_values) > 0.01};
}

Measured fsk(const Effort& effort) {
  std::size_t all = 0;
  std::size_t wrong = 0;
  for (const Lattice& lattice : kLattices) {
    Receivers receivers(gateways_of("outdoor", lattice.forwarder, 4));
    const std::size_t frames = effort.samples(4'000, 1'000);
    for (const auto& reception :
         receivers.sweep(lorawan::fsk(50'000), kNoiseDbm, kNoiseDbm + 60, frames)) {
      ++all;
      if (reception.snr_db != 0 || reception.rssi_dbm != std::round(reception.rssi_dbm)) ++wrong;
    }
  }
  return {fmt::format("{} of {} otherwise", wrong, all), wrong == 0 && all > 0};
}

}  // namespace

Checks report_checks() {
  return {
      {2, "report.rssi", "whole dBm, never below -127", kForms, whole_rssi},
      {2, "report.lattice", "udp .0 .2 .5 .8, station quarters, kerlink whole dB", kForms,
       lattices},
      {2, "report.quarters", "station: uniform for -5 <= SNR < 3, chi-square p > 0.01",
       "8110 receptions of real gateways: 2042, 2026, 2033, 2009", even_quarters},
      {2, "report.fsk", "SNR 0, whole dBm", "packet forwarder 4 (FSK frames carry no lsnr)", fsk},
  };
}

}  // namespace sim::fidelity
