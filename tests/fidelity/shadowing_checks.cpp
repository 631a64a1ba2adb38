// Group 5: shadows, over places and over gateways.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "sim/radio/link_budget.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/statistics.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

constexpr const char* kCity = "walks through a city with five gateways";
constexpr double kApartM = 500;  // places that share no shadow

/// Devices on a grid, moved by some metres, and how much more than the mean their links lose.
class Shadows {
 public:
  explicit Shadows(const Effort& effort)
      : side_(effort.samples(100, 64)),
        law_(radio::LogDistance{}),
        gateways_(side_by_side()),
        budget_(1, law_, gateways_, engine::SimTime{}) {}

  /// In dB, over `gateway`. `set` makes devices of their own in the same places.
  std::vector<double> excess(std::uint32_t gateway, std::uint32_t set, double moved_m) const {
    std::vector<double> values;
    const auto per_set = static_cast<std::uint32_t>(side_ * side_);
    for (std::uint32_t i = 0; i < per_set; ++i) {
      const fleet::Position place = fleet::moved(place_of(i), moved_m, i);
      const radio::Link link = budget_.links(set * per_set + i, place, kEirpDbm).at(gateway);
      const double metres = fleet::distance_m(place, gateways_[gateway].at);
      values.push_back(link.loss_db - law_.mean_db(metres));
    }
    return values;
  }

 private:
  /// With the same aspect of every place, and no known height, which changes nothing in the law.
  static std::vector<fleet::Gateway> side_by_side() {
    std::vector<fleet::Gateway> gateways(2);
    gateways[0].at = {52, 5, 0};
    gateways[1].at = {52.001, 5, 0};
    return gateways;
  }

  static constexpr double kEirpDbm = 100;  // so that no link is left out for being hopeless

  [[nodiscard]] fleet::Position place_of(std::uint32_t i) const {
    const auto column = static_cast<double>(i % side_);
    const auto row = static_cast<double>(i / side_);
    const fleet::Position south = fleet::moved({52.02, 5.02, 0}, row * kApartM, 0);
    return fleet::moved(south, column * kApartM, std::numbers::pi / 2);
  }

  std::size_t side_;
  radio::LogDistancePathLoss law_;
  std::vector<fleet::Gateway> gateways_;
  radio::LinkBudget budget_;
};

Measured depth(const Effort& effort) {
  const Moments excess = moments(Shadows(effort).excess(0, 0, 0));
  const double sigma = radio::LogDistance{}.shadowing_sigma_db;
  return {fmt::format("mean {:+.2f}, sd {:.2f} dB", excess.mean, excess.deviation),
          std::abs(excess.mean) <= 0.5 && std::abs(excess.deviation / sigma - 1) <= 0.05};
}

Measured alone(const Effort& effort) {
  const Shadows shadows(effort);
  const double share = 1 - correlation(shadows.excess(0, 0, 0), shadows.excess(0, 1, 1));
  return {fmt::format("{:.0f}%", share * 100), share >= 0.30 && share <= 0.45};
}

Figure decay_figure(const Points& decay) {
  Points exponential;
  for (const double metres : spread(0, 300, 60)) {
    exponential.emplace_back(metres, decay.front().second * std::exp(-metres / 110));
  }
  Chart chart({"distance between the devices, m", 0, 300, {0, 50, 100, 150, 200, 250, 300}},
              {"correlation", -0.1, 1, {0, 0.2, 0.4, 0.6, 0.8, 1}},
              "Correlation of the shadows of two devices by their distance");
  chart.line(exponential, 1, "exp(-d / 110 m)").line(decay, 4).dots(decay, 4);
  return {"Shadows of devices near each other",
          "Correlation of the excess loss of two devices to one gateway. What is missing to 1 at "
          "no distance belongs to each link alone. The pale line is the exponential law of 110 m "
          "that ns-3 uses; measured decorrelation lies between 60 and 150 m.",
          chart.svg()};
}

/// Where the correlation falls to the e-th part of that of neighbours.
Measured decorrelation(const Effort& effort) {
  const Shadows shadows(effort);
  const auto here = shadows.excess(0, 0, 0);
  Points decay;
  double distance = 0;
  for (double metres = 0; metres <= 300; metres += 20) {
    const double value = correlation(here, shadows.excess(0, 1, metres));
    if (!decay.empty() && distance == 0) {
      const double threshold = decay.front().second / std::numbers::e;
      const auto [before_m, before] = decay.back();
      if (value <= threshold) {
        distance = before_m + (metres - before_m) * (before - threshold) / (before - value);
      }
    }
    decay.emplace_back(metres, value);
  }
  return {distance == 0 ? "farther than 300 m" : fmt::format("{:.0f} m", distance),
          distance >= 60 && distance <= 150,
          {decay_figure(decay)}};
}

Measured across_gateways(const Effort& effort) {
  const Shadows shadows(effort);
  const double shared = correlation(shadows.excess(0, 0, 0), shadows.excess(1, 0, 0));
  return {fmt::format("{:.2f}", shared), shared >= 0.25 && shared <= 0.55};
}

}  // namespace

Checks shadowing_checks() {
  return {
      {5, "shadowing.depth", "mean 0 +- 0.5 dB; sd as the law's, 7.8 dB +- 5%",
       "Petäjäjärvi et al. 2015", depth},
      {5, "shadowing.alone", "30 to 45% of the variance is a link's alone", kCity, alone},
      {5, "shadowing.decorrelation", "the rest decorrelates (1/e) over 60 to 150 m", kCity,
       decorrelation},
      {5, "shadowing.gateways", "correlation between gateways 0.25 to 0.55", kCity,
       across_gateways},
  };
}

}  // namespace sim::fidelity
