#include "tests/fidelity/statistics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace fidelity {

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
  const double middle = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double quantile(std::vector<double> values, double share) {
  const auto rank = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

double median(const std::vector<double>& values) {
  return quantile(values, 0.5);
}

double total_variation(const std::map<int, double>& a, const std::map<int, double>& b) {
  std::map<int, double> difference = a;
  for (const auto& [key, share] : b) difference[key] -= share;
  double sum = 0;
  for (const auto& [key, share] : difference) sum += std::abs(share);
  return sum / 2;
}

double uniform_distance(std::vector<double> values, double from, double to) {
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double expected = std::clamp((values[i] - from) / (to - from), 0.0, 1.0);
    largest = std::max({largest, std::abs(expected - static_cast<double>(i) / count),
                        std::abs(expected - static_cast<double>(i + 1) / count)});
  }
  return largest;
}

double allowed_distance(std::size_t count) {
  return 1.63 / std::sqrt(static_cast<double>(count));
}

double chi_square_of_even(const std::vector<double>& counts) {
  const double expected = mean(counts);
  double sum = 0;
  for (const double count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

}  // namespace fidelity
