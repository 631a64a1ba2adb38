// Group 4: how the reported strength and the reported signal-to-noise ratio go together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/fidelity/check.h"
#include "tests/fidelity/receivers.h"
#include "tests/fidelity/statistics.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

constexpr const char* kGateways = "receptions of 35 gateways of public networks";

std::vector<fleet::Gateway> mixed_gateways() {
  std::vector<fleet::Gateway> gateways = gateways_of("outdoor", "station", 16);
  const auto indoor = gateways_of("indoor", "station", 24);
  // From the 17th on, so that each has luck of its own.
  gateways.insert(gateways.end(), indoor.begin() + 16, indoor.end());
  return gateways;
}

Figure strength_figure(const std::vector<radio::Reception>& receptions) {
  Points points;
  for (const auto& reception : receptions) {
    points.emplace_back(static_cast<double>(reception.rssi_dbm),
                        static_cast<double>(reception.snr_db));
  }
  Points law;
  for (const double power : spread(-142, -62, 200)) {
    const radio::Signal signal = radio::received_signal(power, kNoiseDbm, 9.4);
    law.emplace_back(signal.rssi_dbm, signal.snr_db);
  }
  Chart chart(
      {"RSSI, dBm (signal and noise)", -130, -60, {-130, -120, -110, -100, -90, -80, -70, -60}},
      {"SNR, dB", -25, 20, {-20, -15, -10, -5, 0, 5, 10, 15}}, "Density of reported RSSI and SNR");
  chart.density(points, 1, 1).line(law, 5, "law");
  return {"RSSI against SNR",
          "Simulated frames of SF12 at 24 gateways (16 outdoors, 8 indoors), powers spread evenly. "
          "The line is the law of one gateway with a noise of -117 dBm and a ceiling of 9.4 dB: "
          "RSSI = N + 10 lg(1 + S/N), 1/SNR = N/S + 1/ceiling.",
          chart.svg()};
}

Measured implied_noise(const Effort& effort) {
  Receivers receivers(mixed_gateways());
  const auto rate = lorawan::lora(12, 125'000);
  const auto receptions =
      receivers.sweep(rate, kNoiseDbm - 26, kNoiseDbm + 55, effort.samples(120'000, 36'000));
  std::vector<std::vector<double>> noises(receivers.size());
  for (const auto& reception : receptions) {
    if (reception.snr_db < 3) noises[reception.gateway].push_back(implied_noise_dbm(reception));
  }
  std::vector<double> means;
  std::vector<double> deviations;
  for (const auto& of_gateway : noises) {
    const Moments noise = moments(of_gateway);
    means.push_back(noise.mean);
    deviations.push_back(noise.deviation);
  }
  const auto [lowest, highest] = std::minmax_element(means.begin(), means.end());
  const auto [least, most] = std::minmax_element(deviations.begin(), deviations.end());
  return {fmt::format("means {:.1f} to {:.1f} dBm, sd {:.1f} to {:.1f} dB", *lowest, *highest,
                      *least, *most),
          *lowest >= -122 && *highest <= -110 && *least >= 1 && *most <= 3,
          {strength_figure(receptions)}};
}

Measured saturation(std::string_view profile, double target_db, const Effort& effort) {
  constexpr std::size_t kGatewayCount = 24;
  Receivers receivers(gateways_of(profile, "station", kGatewayCount));
  std::vector<double> snrs;
  for (const auto& reception :
       receivers.sweep(lorawan::lora(7, 125'000), -88, -50, effort.samples(48'000, 12'000))) {
    if (reception.rssi_dbm > -90) snrs.push_back(static_cast<double>(reception.snr_db));
  }
  const Moments snr = moments(snrs);
  const double highest = *std::max_element(snrs.begin(), snrs.end());
  return {fmt::format("{:.1f} dB, sd {:.2f}, max {:.4g}", snr.mean, snr.deviation, highest),
          std::abs(snr.mean - target_db) <= 0.7 && snr.deviation >= 0.8 && snr.deviation <= 1.5 &&
              highest <= 15};
}

Measured outdoor_saturation(const Effort& effort) {
  return saturation("outdoor", 9.4, effort);
}

Measured indoor_saturation(const Effort& effort) {
  return saturation("indoor", 12.6, effort);
}

}  // namespace

Checks noise_checks() {
  return {
      {4, "noise.implied", "by gateway: mean -122 to -110 dBm, sd 2 +- 1 dB (SNR < 3)", kGateways,
       implied_noise},
      {4, "saturation.outdoor", "RSSI > -90: SNR 9.4 +- 0.7 dB, sd 0.8 to 1.5, max <= 15",
       kGateways, outdoor_saturation},
      {4, "saturation.indoor", "RSSI > -90: SNR 12.6 +- 0.7 dB, sd 0.8 to 1.5, max <= 15",
       kGateways, indoor_saturation},
  };
}

}  // namespace sim::fidelity
