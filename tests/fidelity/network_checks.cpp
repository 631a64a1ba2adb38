// Whole networks: how many gateways hear an uplink, what their clocks say, when copies arrive.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "tests/fidelity/check.h"
#include "tests/fidelity/simulation.h"
#include "tests/fidelity/statistics.h"
#include "tests/fidelity/svg.h"

namespace sim::fidelity {

namespace {

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
  simulate(field, [&](const world::World&, const world::Happening& happening) {
    if (const auto* uplink = std::get_if<world::UplinkPublished>(&happening)) {
      counts.push_back(distinct_gateways(*uplink->uplink));
    }
    if (std::holds_alternative<world::FrameLost>(happening)) ++lost;
  });
  Coverage result;
  const auto total = static_cast<double>(counts.size());
  for (const double count : counts) result.shares[static_cast<int>(count)] += 1 / total;
  result.mean = moments(counts).mean;
  result.deviation = moments(counts).deviation;
  result.delivered = total / (total + lost);
  return result;
}

using Shares = std::map<int, double>;

double distance_of(const Shares& a, const Shares& b) {
  std::vector<double> first(32);
  std::vector<double> second(32);
  for (const auto& [count, share] : a) first.at(static_cast<std::size_t>(count)) = share;
  for (const auto& [count, share] : b) second.at(static_cast<std::size_t>(count)) = share;
  return total_variation(first, second);
}

Figure bars(const std::string& title, const Coverage& got, const Shares& reference,
            const std::string& caption) {
  Points simulated;
  Points published;
  for (const auto& [count, share] : got.shares) simulated.emplace_back(count, share);
  for (const auto& [count, share] : reference) published.emplace_back(count, share);
  Chart chart({"gateways that heard an uplink", 0, 12, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
              {"share of uplinks", 0, 0.6, {0, 0.2, 0.4, 0.6}}, title);
  chart.bars(simulated, 0.7, 2).dots(published, 0);
  return {title, caption, chart.svg()};
}

Measured rural(const Effort&) {
  // Captures of TTN v2's HTTP integration.
  const Shares reference = {{1, .529}, {2, .276}, {3, .065}, {4, .035},
                            {5, .047}, {6, .018}, {7, .029}};
  const Coverage got = coverage(plan_of_file("scenarios/rural.yaml").field);
  const double distance = distance_of(got.shares, reference);
  return {fmt::format("{:.3f}, mean {:.2f}", distance, got.mean) +
              fmt::format(", {:.0f}% heard", got.delivered * 100),
          distance <= 0.10,
          {bars("Gateways per uplink, rural", got, reference,
                "Bars: scenarios/rural.yaml. Dots: captures of TTN v2, mean 1.96.")}};
}

Measured city(const Effort&) {
  const Coverage got = coverage(plan_of_file("scenarios/city.yaml").field);
  // The measured distribution is published by its mean and deviation.
  Shares reference;
  double sum = 0;
  for (int i = 1; i <= 11; ++i) sum += reference[i] = std::exp(-std::pow((i - 5.81) / 1.95, 2) / 2);
  for (auto& [count, share] : reference) share /= sum;
  const bool passed = std::abs(got.mean - 5.81) <= 0.3 && std::abs(got.deviation - 1.95) <= 0.3 &&
                      std::abs(got.delivered - 0.994) <= 0.004;
  return {fmt::format("mean {:.2f}, sd {:.2f}, {:.1f}% heard", got.mean, got.deviation,
                      got.delivered * 100),
          passed,
          {bars("Gateways per uplink, city", got, reference,
                "Bars: scenarios/city.yaml. Dots: a normal law with the mean (5.81) and the "
                "deviation (1.95) measured at Saint-Eynard.")}};
}

std::string many_gateways(int gateways, std::string_view duration) {
  return fmt::format(
      "name: Clocks\nduration: {}\n"
      "gateways: [{{ id: 'gw-{{n}}', count: {}, around: {{ at: [52, 5], within: 300m }}, "
      "profile: mixed }}]\n"
      "devices: [{{ id: 'dev-{{n}}', count: 4, at: [52, 5], every: 60s, data_rate: SF9BW125 }}]\n",
      duration, gateways);
}

Measured time_fields(const Effort& effort) {
  double none = 0, whole = 0, fractional = 0;
  const int gateways = static_cast<int>(effort.samples(400, 150));
  const scenario::Plan plan = plan_of_text(many_gateways(gateways, "10min"));
  std::vector<double> delays;
  simulate(plan.field, [&](const world::World&, const world::Happening& happening) {
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
  const double mx = moments(x).mean;
  const double my = moments(y).mean;
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

Measured timestamps(const Effort& effort) {
  const int gateways = static_cast<int>(effort.samples(40, 16));
  const scenario::Plan plan = plan_of_text(many_gateways(gateways, "2h"));
  // Differences of the counters of neighbouring gateways, over time.
  std::map<std::uint32_t, std::pair<std::vector<double>, std::vector<double>>> pairs;
  simulate(plan.field, [&](const world::World&, const world::Happening& happening) {
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

Checks network_checks() {
  return {
      {9, "gateways.rural", "total variation at most 0.10", "captures of TTN v2's uplinks", rural},
      {9, "gateways.city", "5.81 +- 0.3, sd 1.95 +- 0.3, 99.4 +- 0.4% heard", "Saint-Eynard", city},
      {10, "clocks.time-and-latency", "57/33/10 +- 10%; median 17 to 115 ms, p95 <= 300",
       "TTN v2 in production", time_fields},
      {10, "clocks.timestamps", "drift about 0.4, <= 5 ppm; jitter about 4.3, <= 11 us",
       "254 pairs of uplinks in production", timestamps},
  };
}

}  // namespace sim::fidelity
