#include "sim/likeness/distribution.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace sim::likeness {

namespace {

/// Calls `take` for each bin of either, in order, with both shares.
void each_bin(const Distribution& a, const Distribution& b,
              const std::function<void(double, double)>& take) {
  auto left = a.bins().begin();
  auto right = b.bins().begin();
  while (left != a.bins().end() || right != b.bins().end()) {
    const bool has_left = left != a.bins().end(), has_right = right != b.bins().end();
    const bool from_left = has_left && (!has_right || left->first <= right->first);
    const bool from_right = has_right && (!has_left || right->first <= left->first);
    take(from_left ? left->second / a.total() : 0, from_right ? right->second / b.total() : 0);
    if (from_left) ++left;
    if (from_right) ++right;
  }
}

/// What the distance is where one of them has nothing; nothing where both have something.
std::optional<double> distance_of_empty(const Distribution& a, const Distribution& b) {
  if (a.total() > 0 && b.total() > 0) return std::nullopt;
  return a.total() > 0 || b.total() > 0 ? 1 : 0;
}

}  // namespace

void Distribution::add(long bin, double weight) {
  if (weight <= 0) return;
  if (bins_.size() == kMostBins && !bins_.contains(bin)) return;
  bins_[bin] += weight;
  total_ += weight;
}

void Distribution::add(double position) {
  constexpr double kFarthest = 1e9;
  if (!std::isfinite(position) || std::abs(position) > kFarthest) return;
  const double below = std::floor(position);
  add(static_cast<long>(below), 1 - (position - below));
  add(static_cast<long>(below) + 1, position - below);
}

double kolmogorov_smirnov(const Distribution& a, const Distribution& b) {
  if (const auto distance = distance_of_empty(a, b)) return *distance;
  double sum_a = 0, sum_b = 0, most = 0;
  each_bin(a, b, [&](double share_a, double share_b) {
    sum_a += share_a;
    sum_b += share_b;
    most = std::max(most, std::abs(sum_a - sum_b));
  });
  return std::min(most, 1.0);
}

double total_variation(const Distribution& a, const Distribution& b) {
  if (const auto distance = distance_of_empty(a, b)) return *distance;
  double sum = 0;
  each_bin(a, b, [&](double share_a, double share_b) { sum += std::abs(share_a - share_b); });
  return std::min(sum / 2, 1.0);
}

}  // namespace sim::likeness
