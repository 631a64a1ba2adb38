// How far frames reach, against the closed forms of the published models.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sim/radio/link_budget.h"
#include "sim/radio/shadowing.h"
#include "tests/fidelity/check.h"
#include "tests/fidelity/csv.h"
#include "tests/fidelity/statistics.h"

namespace fidelity {

namespace {

using namespace sim;

/// The share of `devices` heard at each spreading factor from that distance.
std::vector<double> shares_at(const radio::LinkBudget& budget, const fleet::Gateway& gateway,
                              double distance_m, std::uint32_t devices, std::uint32_t& device) {
  const fleet::Position place = fleet::moved(gateway.at, distance_m, 1);
  std::vector<double> heard(6, 0);
  for (std::uint32_t i = 0; i < devices; ++i, ++device) {
    for (const radio::Link& link : budget.links(device, place, 14)) {
      fleet::Transmission frame;
      frame.device = device;
      frame.number = device;
      for (std::uint8_t sf = 7; sf <= 12; ++sf) {
        frame.data_rate = lorawan::lora(sf, 125'000);
        if (budget.receive(frame, link)) heard[sf - 7U] += 1.0 / devices;
      }
    }
  }
  return heard;
}

Measured delivery(const radio::PathLossPreset& preset, Effort effort) {
  const radio::LogDistancePathLoss law(preset.law);
  std::vector<fleet::Gateway> gateways(1);
  gateways[0].at = {52, 5, 0};
  double worst = 0;
  std::uint32_t device = 0;
  Plot plot{fmt::format("Delivery by distance: {}", preset.title),
            "distance (m)",
            "share heard",
            "closed form with the data sheet's floors (lines), simulated (points)",
            true,
            {}};
  for (int sf = 7; sf <= 12; ++sf) {
    plot.series.push_back({fmt::format("SF{}", sf), {}, {}, true});
    plot.series.push_back({fmt::format("SF{} simulated", sf), {}, {}, false});
  }
  // The short form draws fewer places: its error is a little larger than the tolerance's.
  const std::uint32_t devices = effort == Effort::full ? 20'000 : 4'000;
  for (const Row& row : read_csv("delivery_by_distance.csv")) {
    if (row.text("model") != preset.name) continue;
    gateways[0].antenna_gain_dbi = row.number("gain_dbi");
    const radio::LinkBudget budget(1, law, gateways, engine::SimTime{}, radio::ideal_radio());
    const double distance = row.number("distance_m");
    const auto shares = shares_at(budget, gateways[0], distance, devices, device);
    for (std::size_t i = 0; i < 6; ++i) {
      const double expected = row.number(fmt::format("sf{}", i + 7));
      worst = std::max(worst, std::abs(shares[i] - expected));
      plot.series[2 * i].x.push_back(distance);
      plot.series[2 * i].y.push_back(expected);
      plot.series[2 * i + 1].x.push_back(distance);
      plot.series[2 * i + 1].y.push_back(shares[i]);
    }
  }
  const double allowed = effort == Effort::full ? 0.02 : 0.03;
  return {fmt::format("at most {:.4f} off", worst), worst <= allowed && device > 0, {plot}};
}

/// Where half of the places are heard, by bisection, against the distance at which the law's loss
/// is what the budget allows.
Measured median_range(Effort effort) {
  const radio::LogDistance oulu;
  const radio::LogDistancePathLoss law(oulu);
  std::vector<fleet::Gateway> gateways(1);
  gateways[0].at = {52, 5, 0};
  gateways[0].antenna_gain_dbi = 2;
  const radio::LinkBudget budget(1, law, gateways, engine::SimTime{}, radio::ideal_radio());
  const double published_km[] = {3.16, 4.05, 5.19, 6.65, 8.52, 10.92};
  const std::uint32_t devices = effort == Effort::full ? 20'000 : 5'000;
  double worst = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    double near = published_km[i] * 0.7;
    double far = published_km[i] * 1.4;
    for (int step = 0; step < 10; ++step) {
      const double middle = (near + far) / 2;
      std::uint32_t device = 0;
      const double share = shares_at(budget, gateways[0], middle * 1000, devices, device)[i];
      (share > 0.5 ? near : far) = middle;
    }
    worst = std::max(worst, std::abs(near / published_km[i] - 1));
  }
  return {fmt::format("at most {:.1f}% off", worst * 100), worst <= 0.03};
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double products = 0;
  for (std::size_t i = 0; i < a.size(); ++i) products += (a[i] - mean_a) * (b[i] - mean_b);
  return products / static_cast<double>(a.size()) / deviation(a) / deviation(b);
}

Measured shadows(Effort effort) {
  const std::uint32_t places = effort == Effort::full ? 20'000 : 4'000;
  std::vector<double> one, other, moved_far, same_place;
  for (std::uint32_t i = 0; i < places; ++i) {
    const fleet::Position at = fleet::moved({52, 5, 0}, 300.0 * i, 0.7 + i);
    one.push_back(radio::correlated_shadow(1, i, 0, at));
    other.push_back(radio::correlated_shadow(1, i, 1, at));
    same_place.push_back(radio::correlated_shadow(1, i + places, 0, at));
    moved_far.push_back(radio::correlated_shadow(1, i + 2 * places, 0, fleet::moved(at, 250, 1)));
  }
  const double gateways = correlation(one, other);
  const double alone = 1 - correlation(one, same_place);
  const double far = correlation(one, moved_far);
  return {fmt::format("{:.2f} across gateways, {:.0f}% uncorrelated, {:.2f} after 250 m", gateways,
                      alone * 100, far),
          gateways >= 0.25 && gateways <= 0.55 && alone >= 0.3 && alone <= 0.45 &&
              std::abs(far) < 0.08};
}

}  // namespace

void add_propagation_checks(std::vector<Check>& checks) {
  for (const radio::PathLossPreset& preset : radio::path_loss_presets()) {
    checks.push_back({fmt::format("delivery by distance, {}", preset.name),
                      "within 0.02 of the closed form",
                      [&preset](Effort effort) { return delivery(preset, effort); }});
  }
  checks.push_back({"median range", "within 3%", median_range});
  checks.push_back(
      {"shadowing", "0.25 to 0.55 across gateways, 30 to 45% uncorrelated, ~0 far", shadows});
}

}  // namespace fidelity
