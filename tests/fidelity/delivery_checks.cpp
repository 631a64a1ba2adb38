// Group 6: how far frames reach, against the closed forms of the published laws of path loss.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/radio/link_budget.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/fixtures.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

constexpr std::size_t kRates = 6;  // SF7 to SF12
constexpr double kEirpDbm = 14;
constexpr double kFloorDb[kRates] = {-7.5, -10, -12.5, -15, -17.5, -20};
constexpr double kNoise125Dbm = -174 + 50.96910013008056 + 6;  // 125 kHz, noise figure 6 dB
constexpr const char* kClosedForm =
    "fixtures/radio/delivery_by_distance.csv: closed forms of five published laws";

using Shares = std::array<double, kRates>;

/// A law's column of the published table.
struct Published {
  double gain_dbi = 0;
  std::vector<std::pair<double, Shares>> by_distance;
};

Published published(std::string_view model) {
  Published table;
  for (const Row& row : csv_rows("radio/delivery_by_distance.csv")) {
    if (row.at(0) != model) continue;
    table.gain_dbi = std::stod(row.at(1));
    auto& [distance, shares] = table.by_distance.emplace_back();
    distance = std::stod(row.at(2));
    for (std::size_t i = 0; i < kRates; ++i) shares[i] = std::stod(row.at(3 + i));
  }
  return table;
}

/// One gateway, and devices at an exact distance from it, each in a shadow of its own.
class Field {
 public:
  Field(const radio::LogDistance& law, double gain_dbi)
      : law_(law),
        gateways_{gateway(gain_dbi)},
        budget_(1, law_, gateways_, {}, radio::ideal_radio()) {}

  /// The share of `devices` that are heard, by data rate, from `first` to before `last`.
  Shares heard(double distance_m, std::uint32_t devices, std::size_t first = 0,
               std::size_t last = kRates) {
    std::array<std::size_t, kRates> counts{};
    const fleet::Position place = fleet::moved(gateways_[0].at, distance_m, 1);
    for (std::uint32_t i = 0; i < devices; ++i, ++next_) {
      for (const radio::Link& link : budget_.links(next_, place, kEirpDbm)) {
        fleet::Transmission frame;
        frame.device = next_;
        frame.number = next_;
        frame.eirp_dbm = kEirpDbm;
        for (std::size_t rate = first; rate < last; ++rate) {
          frame.data_rate = lorawan::lora(static_cast<std::uint8_t>(7 + rate), 125'000);
          if (budget_.receive(frame, link)) ++counts[rate];
        }
      }
    }
    Shares shares{};
    for (std::size_t i = 0; i < kRates; ++i) {
      shares[i] = static_cast<double>(counts[i]) / static_cast<double>(devices);
    }
    return shares;
  }

 private:
  /// Of no known height, which changes nothing in the law.
  static fleet::Gateway gateway(double gain_dbi) {
    fleet::Gateway made;
    made.at = {52, 5, 0};
    made.antenna_gain_dbi = gain_dbi;
    return made;
  }

  radio::LogDistancePathLoss law_;
  std::vector<fleet::Gateway> gateways_;
  radio::LinkBudget budget_;
  std::uint32_t next_ = 0;
};

double largest_loss_db(double gain_dbi, std::size_t rate) {
  return kEirpDbm + gain_dbi - kNoise125Dbm - kFloorDb[rate];
}

/// Where half of the places are in reach.
double range_m(const radio::LogDistance& law, double gain_dbi, std::size_t rate) {
  const double beyond = largest_loss_db(gain_dbi, rate) - law.at_1km_db;
  return 1000 * std::pow(10, beyond / (10 * law.exponent));
}

/// The closed form itself, for the lines of the figure.
double closed_form(const radio::LogDistance& law, double gain_dbi, std::size_t rate,
                   double distance_m) {
  const double mean = radio::LogDistancePathLoss(law).mean_db(distance_m);
  const double deviations = (largest_loss_db(gain_dbi, rate) - mean) / law.shadowing_sigma_db;
  return 0.5 * std::erfc(-deviations / std::sqrt(2.0));
}

Figure delivery_figure(const radio::PathLossPreset& preset, const Published& table,
                       const std::vector<std::pair<double, Shares>>& measured) {
  Chart chart(
      {"distance, m", 50, 30'000, {50, 100, 200, 500, 1000, 2000, 5000, 10'000, 30'000}, true},
      {"share of frames heard", 0, 1, {0, 0.2, 0.4, 0.6, 0.8, 1}},
      fmt::format("Delivery ratio by distance, {}", preset.name));
  for (std::size_t rate = 0; rate < kRates; ++rate) {
    Points line;
    for (const double metres : spread(50, 30'000, 120, true)) {
      line.emplace_back(metres, closed_form(preset.law, table.gain_dbi, rate, metres));
    }
    Points dots;
    for (const auto& [metres, shares] : measured) dots.emplace_back(metres, shares[rate]);
    chart.line(line, static_cast<int>(rate)).dots(dots, static_cast<int>(rate));
  }
  chart.label(range_m(preset.law, table.gain_dbi, 0), 0.5, "SF7", Side::left)
      .label(range_m(preset.law, table.gain_dbi, 5), 0.5, "SF12", Side::right);
  return {fmt::format("Delivery by distance: {}", preset.title),
          fmt::format("Lines: closed form, SF7 to SF12. Dots: simulated "
                      "share of places. 14 dBm, gain {} dBi, the data sheet's floors, no "
                      "interference.",
                      table.gain_dbi),
          chart.svg()};
}

double largest_error(const Shares& a, const Shares& b) {
  double error = 0;
  for (std::size_t i = 0; i < kRates; ++i) error = std::max(error, std::abs(a[i] - b[i]));
  return error;
}

Measured by_distance(std::string_view name, const Effort& effort) {
  const auto presets = radio::path_loss_presets();
  const auto preset = std::find_if(presets.begin(), presets.end(),
                                   [name](const auto& p) { return p.name == name; });
  if (preset == presets.end()) return {"no law of that name", false};
  const Published table = published(name);
  Field field(preset->law, table.gain_dbi);
  const auto devices = static_cast<std::uint32_t>(effort.samples(20'000, 10'000));
  std::vector<std::pair<double, Shares>> measured;
  double error = 0;
  for (const auto& [distance, shares] : table.by_distance) {
    const bool flat = shares.front() > 0.9999 || shares.back() < 0.0001;
    measured.emplace_back(distance, field.heard(distance, flat ? devices / 8 : devices));
    error = std::max(error, largest_error(measured.back().second, shares));
  }
  return {fmt::format("largest difference {:.4f} over {} distances", error, measured.size()),
          error <= 0.02 && !measured.empty(),
          {delivery_figure(*preset, table, measured)}};
}

Measured oulu_ground(const Effort& effort) {
  return by_distance("oulu-ground", effort);
}
Measured oulu_water(const Effort& effort) {
  return by_distance("oulu-water", effort);
}
Measured urban_hata(const Effort& effort) {
  return by_distance("urban-hata", effort);
}
Measured ns3(const Effort& effort) {
  return by_distance("ns-3", effort);
}
Measured lorasim(const Effort& effort) {
  return by_distance("lorasim", effort);
}

/// Where half of the frames are heard: the shares a little nearer and farther lie on a straight
/// line over the logarithm of the distance, once each is turned into standard deviations.
double median_range_m(Field& field, std::size_t rate, double expected_m, std::uint32_t devices) {
  constexpr double kStep = 1.25;
  const auto deviations = [&](double metres) {
    return engine::normal_quantile(
        std::clamp(field.heard(metres, devices, rate, rate + 1)[rate], 1e-6, 1 - 1e-6));
  };
  const double near = deviations(expected_m / kStep);
  const double far = deviations(expected_m * kStep);
  const double place = near / (near - far);  // 0 near, 1 far
  return expected_m / kStep * std::pow(kStep * kStep, place);
}

Measured median_ranges(const Effort& effort) {
  const auto devices = static_cast<std::uint32_t>(effort.samples(40'000, 16'000));
  double worst = 0;
  std::string worst_at;
  for (const radio::PathLossPreset& preset : radio::path_loss_presets()) {
    const double gain = published(preset.name).gain_dbi;
    for (std::size_t rate = 0; rate < kRates; rate += effort.samples(1, 5)) {
      Field field(preset.law, gain);
      const double expected = range_m(preset.law, gain, rate);
      const double error = median_range_m(field, rate, expected, devices) / expected - 1;
      if (std::abs(error) < std::abs(worst)) continue;
      worst = error;
      worst_at = fmt::format("{}, SF{}", preset.name, 7 + rate);
    }
  }
  return {fmt::format("largest difference {:+.1f}% ({})", worst * 100, worst_at),
          std::abs(worst) <= 0.03 && !worst_at.empty()};
}

}  // namespace

Checks delivery_checks() {
  constexpr const char* kTarget = "delivery by distance within 0.02, SF7 to SF12";
  return {
      {6, "delivery.oulu-ground", kTarget, kClosedForm, oulu_ground},
      {6, "delivery.oulu-water", kTarget, kClosedForm, oulu_water},
      {6, "delivery.urban-hata", kTarget, kClosedForm, urban_hata},
      {6, "delivery.ns-3", kTarget, kClosedForm, ns3},
      {6, "delivery.lorasim", kTarget, kClosedForm, lorasim},
      {6, "delivery.median-range", "median range +- 3%, each law", kClosedForm, median_ranges},
  };
}

}  // namespace sim::fidelity
