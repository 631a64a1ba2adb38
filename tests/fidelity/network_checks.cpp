// Whole networks: how many gateways hear an uplink, what their clocks say, when copies arrive.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tests/fidelity/check.h"
#include "tests/fidelity/simulation.h"
#include "tests/fidelity/statistics.h"

namespace fidelity {

namespace {

using namespace sim;

/// How many gateways heard each uplink of a scenario, as shares; and which share was heard at all.
struct Coverage {
  std::map<int, double> shares;
  double mean = 0;
  double deviation = 0;
  double delivered = 0;
};

int distinct_gateways(const network::Uplink& uplink) {
  std::vector<std::uint32_t> gateways;
  for (const radio::Reception& reception : uplink.receptions) {
    gateways.push_back(reception.gateway);
  }
  std::sort(gateways.begin(), gateways.end());
  return static_cast<int>(std::unique(gateways.begin(), gateways.end()) - gateways.begin());
}

Coverage coverage(const world::FieldPlan& field) {
  std::vector<double> counts;
  double lost = 0;
  run(field, [&](const world::World&, const world::Happening& happening) {
    if (const auto* uplink = std::get_if<world::UplinkPublished>(&happening)) {
      counts.push_back(distinct_gateways(*uplink->uplink));
    }
    if (std::holds_alternative<world::FrameLost>(happening)) ++lost;
  });
  Coverage result;
  const auto total = static_cast<double>(counts.size());
  for (const double count : counts) result.shares[static_cast<int>(count)] += 1 / total;
  result.mean = mean(counts);
  result.deviation = deviation(counts);
  result.delivered = total / (total + lost);
  return result;
}

Plot bars(const std::string& title, const Coverage& got, const std::map<int, double>& reference,
          const std::string& source) {
  Plot plot{title,   "gateways that heard an uplink",
            "share", source,
            false,   {{"reference", {}, {}, true}, {"simulated", {}, {}, false}}};
  for (const auto& [count, share] : reference) {
    plot.series[0].x.push_back(count);
    plot.series[0].y.push_back(share);
  }
  for (const auto& [count, share] : got.shares) {
    plot.series[1].x.push_back(count);
    plot.series[1].y.push_back(share);
  }
  return plot;
}

Measured rural(Effort) {
  // Captures of TTN v2's HTTP integration.
  const std::map<int, double> reference = {{1, .529}, {2, .276}, {3, .065}, {4, .035},
                                           {5, .047}, {6, .018}, {7, .029}};
  const Coverage got = coverage(plan_of_file("scenarios/rural.yaml").field);
  const double distance = total_variation(got.shares, reference);
  return {fmt::format("{:.3f}, mean {:.2f}", distance, got.mean) + fmt::format(", {:.0f}% heard", got.delivered * 100),
          distance <= 0.10,
          {bars("Gateways per uplink, rural", got, reference, "captures of TTN v2, mean 1.96")}};
}

Measured city(Effort) {
  const Coverage got = coverage(plan_of_file("scenarios/city.yaml").field);
  // The measured distribution is published by its mean and deviation.
  std::map<int, double> reference;
  double sum = 0;
  for (int i = 1; i <= 11; ++i) sum += reference[i] = std::exp(-std::pow((i - 5.81) / 1.95, 2) / 2);
  for (auto& [count, share] : reference) share /= sum;
  const bool passed = std::abs(got.mean - 5.81) <= 0.3 && std::abs(got.deviation - 1.95) <= 0.3 &&
                      std::abs(got.delivered - 0.994) <= 0.004;
  return {fmt::format("mean {:.2f}, sd {:.2f}, {:.1f}% heard", got.mean, got.deviation,
                      got.delivered * 100),
          passed,
          {bars("Gateways per uplink, city", got, reference,
                "SaintEynard: mean 5.81, sd 1.95, drawn as a normal law")}};
}

std::string many_gateways(int gateways, std::string_view duration) {
  return fmt::format(
      "name: Clocks\nduration: {}\n"
      "gateways: [{{ id: 'gw-{{n}}', count: {}, around: {{ at: [52, 5], within: 300m }}, "
      "profile: mixed }}]\n"
      "devices: [{{ id: 'dev-{{n}}', count: 4, at: [52, 5], every: 60s, data_rate: SF9BW125 }}]\n",
      duration, gateways);
}

Measured time_fields(Effort effort) {
  double none = 0, whole = 0, fractional = 0;
  std::vector<double> medians;
  const int gateways = effort == Effort::full ? 400 : 150;
  const scenario::Plan plan = plan_of_text(many_gateways(gateways, "10min"));
  std::vector<double> delays;
  run(plan.field, [&](const world::World&, const world::Happening& happening) {
    const auto* published = std::get_if<world::UplinkPublished>(&happening);
    if (published == nullptr) return;
    for (const radio::Reception& one : published->uplink->receptions) {
      if (!one.time) {
        ++none;
        continue;
      }
      const bool is_whole =
          one.time->time_since_epoch() % std::chrono::seconds(1) == std::chrono::seconds(0);
      ++(is_whole ? whole : fractional);
      if (is_whole) continue;
      delays.push_back(std::chrono::duration<double, std::milli>(one.arrived - *one.time).count());
    }
  });
  const double total = none + whole + fractional;
  const double middle = median(delays);
  const double late = quantile(delays, 0.95);
  const auto within = [](double share, double target) { return std::abs(share - target) <= 0.10; };
  return {fmt::format("{:.0f}/{:.0f}/{:.0f}%; median {:.0f} ms, p95 {:.0f} ms", none / total * 100,
                      whole / total * 100, fractional / total * 100, middle, late),
          within(none / total, .57) && within(whole / total, .33) &&
              within(fractional / total, .10) && middle >= 17 && middle <= 115 && late <= 300};
}

/// Slope and residual of a line through the points.
struct Fit {
  double slope = 0;
  double residual = 0;
};

Fit fit(const std::vector<double>& x, const std::vector<double>& y) {
  const double mx = mean(x);
  const double my = mean(y);
  double xy = 0;
  double xx = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) * (x[i] - mx);
  }
  Fit result{xy / xx, 0};
  for (std::size_t i = 0; i < x.size(); ++i) {
    result.residual += std::pow(y[i] - my - result.slope * (x[i] - mx), 2);
  }
  result.residual = std::sqrt(result.residual / static_cast<double>(x.size()));
  return result;
}

Measured timestamps(Effort effort) {
  const int gateways = effort == Effort::full ? 40 : 16;
  const scenario::Plan plan = plan_of_text(many_gateways(gateways, "2h"));
  // Differences of the counters of neighbouring gateways, over time.
  std::map<std::uint32_t, std::pair<std::vector<double>, std::vector<double>>> pairs;
  run(plan.field, [&](const world::World&, const world::Happening& happening) {
    const auto* published = std::get_if<world::UplinkPublished>(&happening);
    if (published == nullptr) return;
    std::map<std::uint32_t, std::uint32_t> stamps;
    for (const auto& one : published->uplink->receptions) {
      stamps.emplace(one.gateway, one.timestamp_us);
    }
    const double at =
        std::chrono::duration<double>(published->uplink->received_at - plan.field.start).count();
    for (const auto& [gateway, stamp] : stamps) {
      const auto next = stamps.find(gateway + 1);
      if (next == stamps.end()) continue;
      auto& [x, y] = pairs[gateway];
      // Modulo 2^32, around the first difference.
      const auto difference = static_cast<std::int32_t>(next->second - stamp);
      double value = difference;
      if (!y.empty())
        value = y.front() + static_cast<std::int32_t>(
                                static_cast<std::uint32_t>(difference) -
                                static_cast<std::uint32_t>(static_cast<std::int64_t>(y.front())));
      x.push_back(at);
      y.push_back(value);
    }
  });
  std::vector<double> drifts, residuals;
  for (const auto& [gateway, points] : pairs) {
    if (points.first.size() < 20) continue;
    const Fit line = fit(points.first, points.second);
    drifts.push_back(std::abs(line.slope));  // microseconds a second are ppm
    residuals.push_back(line.residual);
  }
  const double largest = *std::max_element(drifts.begin(), drifts.end());
  const double worst = *std::max_element(residuals.begin(), residuals.end());
  return {fmt::format("drift {:.2f}, max {:.2f} ppm; jitter {:.1f}, max {:.1f} us", median(drifts),
                      largest, median(residuals), worst),
          largest <= 5 && median(drifts) >= 0.2 && median(drifts) <= 0.8 && worst <= 11 &&
              median(residuals) >= 2.5 && median(residuals) <= 6.5};
}

}  // namespace

void add_network_checks(std::vector<Check>& checks) {
  checks.push_back({"gateways per uplink, rural", "total variation at most 0.10", rural});
  checks.push_back(
      {"gateways per uplink, city", "5.81 +- 0.3, sd 1.95 +- 0.3, 99.4 +- 0.4%", city});
  checks.push_back(
      {"time fields and latency", "57/33/10 +- 10%; 17 to 115 ms, p95 <= 300", time_fields});
  checks.push_back(
      {"concentrator timestamps", "drift ~0.4, <= 5 ppm; jitter ~4.3, <= 11 us", timestamps});
}

}  // namespace fidelity
