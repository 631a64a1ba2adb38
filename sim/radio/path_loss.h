// How much of a signal is lost on its way, from the distance alone.
//
// A log-distance law: the loss at 1 km, and 10 times the exponent in dB for each decade beyond. The
// seam is an interface because tests want links of an exact strength. Called by LinkBudget.
// Thread rule: immutable. Source: path_loss_presets() names one for each.
#pragma once

#include <span>
#include <string_view>

namespace sim::radio {

class PathLoss {
 public:
  virtual ~PathLoss() = default;
  /// The mean loss in dB over `distance_m` metres (at least 1 is taken).
  [[nodiscard]] virtual double mean_db(double distance_m) const = 0;
  /// The standard deviation in dB of the loss between places at the same distance.
  [[nodiscard]] virtual double shadowing_sigma_db() const = 0;
};

/// loss = at_1km + 10 * exponent * log10(d / 1 km)
struct LogDistance {
  double at_1km_db = 128.95;
  double exponent = 2.32;
  double shadowing_sigma_db = 7.8;
};

/// A law that somebody published.
struct PathLossPreset {
  std::string_view name;
  std::string_view title;
  LogDistance law;
};

/// All of them, the default first.
std::span<const PathLossPreset> path_loss_presets();

/// How much less is lost than the law says because the antennas are higher than 10 m (the
/// gateway's) and 1 m (the device's), in dB; negative where they are lower. A height of 0 is not
/// known, and changes nothing. Source: Hata's formula for medium cities (1980) at 868 MHz.
double height_gain_db(double gateway_height_m, double device_height_m);

class LogDistancePathLoss final : public PathLoss {
 public:
  explicit LogDistancePathLoss(const LogDistance& law) : law_(law) {}
  [[nodiscard]] double mean_db(double distance_m) const override;
  [[nodiscard]] double shadowing_sigma_db() const override { return law_.shadowing_sigma_db; }

 private:
  LogDistance law_;
};

}  // namespace sim::radio
