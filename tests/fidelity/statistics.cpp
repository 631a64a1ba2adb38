#include "tests/fidelity/statistics.h"

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cassert>
#include <cmath>
#include <numeric>

namespace sim::fidelity {

Moments moments(std::span<const double> values) {
  assert(values.size() >= 2);
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1))};
}

double quantile(std::vector<double> values, double p) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const double place = std::clamp(p, 0.0, 1.0) * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const double part = place - static_cast<double>(below);
  return values[below] * (1 - part) + values[above] * part;
}

double median(std::vector<double> values) {
  return quantile(std::move(values), 0.5);
}

double correlation(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  const Moments of_a = moments(a);
  const Moments of_b = moments(b);
  double products = 0;
  for (std::size_t i = 0; i < a.size(); ++i) products += (a[i] - of_a.mean) * (b[i] - of_b.mean);
  return products / static_cast<double>(a.size() - 1) / (of_a.deviation * of_b.deviation);
}

double ks_distance(std::vector<double> sample, const std::function<double(double)>& cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double expected = cdf(sample[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, expected - below / n, (below + 1) / n - expected});
  }
  return distance;
}

double ks_p_value(double distance, std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double scaled = (root + 0.12 + 0.11 / root) * distance;
  if (scaled < 0.2) return 1;  // where the series converges too slowly, and its sum is 1
  double sum = 0;
  double sign = 2;
  for (int k = 1; k <= 100; ++k, sign = -sign) {
    const double term = std::exp(-2.0 * k * k * scaled * scaled);
    sum += sign * term;
    if (term < 1e-12) break;
  }
  return std::clamp(sum, 0.0, 1.0);
}

double chi_square_p_value(std::span<const std::size_t> counts, std::span<const double> shares) {
  assert(counts.size() == shares.size() && counts.size() >= 2);
  const auto all =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  double statistic = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = all * shares[i];
    statistic += std::pow(static_cast<double>(counts[i]) - expected, 2) / expected;
  }
  const boost::math::chi_squared distribution(static_cast<double>(counts.size() - 1));
  return boost::math::cdf(boost::math::complement(distribution, statistic));
}

double total_variation(std::span<const double> a, std::span<const double> b) {
  assert(a.size() == b.size());
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / 2;
}

std::vector<double> shares_of(std::span<const std::size_t> counts) {
  const auto all =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
  std::vector<double> shares;
  for (const std::size_t count : counts) shares.push_back(static_cast<double>(count) / all);
  return shares;
}

}  // namespace sim::fidelity
