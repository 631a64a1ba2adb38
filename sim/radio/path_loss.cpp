#include "sim/radio/path_loss.h"

#include <algorithm>
#include <cmath>

namespace sim::radio {

std::span<const PathLossPreset> path_loss_presets() {
  static constexpr PathLossPreset kPresets[] = {
      {"oulu-ground", "Oulu, cars on the ground (Petäjäjärvi et al. 2015)", {128.95, 2.32, 7.8}},
      {"oulu-water", "Oulu, boats on the water (Petäjäjärvi et al. 2015)", {126.43, 1.76, 8.0}},
      {"urban-hata", "a city, by Okumura and Hata", {127.5, 3.52, 7}},
      // 7.7 dB at 1 m
      {"ns-3", "the default of ns-3's LoRaWAN module", {7.7 + 3 * 37.6, 3.76, 4}},
      // 127.41 dB at 40 m; log10(1000 / 40) is 1.39794
      {"lorasim", "LoRaSim (Bor et al. 2016)", {127.41 + 20.8 * 1.3979400086720377, 2.08, 3.57}},
  };
  return kPresets;
}

double height_gain_db(double gateway_height_m, double device_height_m) {
  constexpr double kPerDecade = 13.82;    // of the base station's height
  constexpr double kDevicePerM = 2.53;    // 1.1 log10(868) - 0.7
  constexpr double kHighestDeviceM = 10;  // for which the formula holds
  double gain = 0;
  if (gateway_height_m > 0) {
    gain += kPerDecade * std::log10(std::clamp(gateway_height_m, 1.0, 200.0) / 10);
  }
  if (device_height_m > 0) gain += kDevicePerM * (std::min(device_height_m, kHighestDeviceM) - 1);
  return gain;
}

double LogDistancePathLoss::mean_db(double distance_m) const {
  return law_.at_1km_db + 10 * law_.exponent * std::log10(std::max(distance_m, 1.0) / 1000.0);
}

}  // namespace sim::radio
