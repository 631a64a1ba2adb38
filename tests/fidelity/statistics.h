// The statistics that the checks are made of: moments, quantiles, and tests of a distribution.
//
// They are apart from the checks so that they have tests of their own: a check that cannot fail
// says nothing. Called by the files of checks. Thread rule: pure functions. Source: the asymptotic
// Kolmogorov distribution with Stephens' correction for small samples; chi-square by Boost.Math.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace sim::fidelity {

struct Moments {
  double mean = 0;
  double deviation = 0;  ///< of the sample, with n - 1
};

/// Of at least two values.
Moments moments(std::span<const double> values);

/// The value below which the share `p` lies (0 to 1), between neighbours by the straight line;
/// `values` must not be empty.
double quantile(std::vector<double> values, double p);
double median(std::vector<double> values);

/// Pearson's correlation of pairs.
double correlation(std::span<const double> a, std::span<const double> b);

/// The largest distance between the sample's distribution and `cdf`.
double ks_distance(std::vector<double> sample, const std::function<double(double)>& cdf);

/// How likely `n` values of that distribution are to lie that far from it, or farther.
double ks_p_value(double distance, std::size_t n);

/// How likely counts are to differ that much from `shares` (which sum to 1), or more.
double chi_square_p_value(std::span<const std::size_t> counts, std::span<const double> shares);

/// Half the sum of the differences of two distributions over the same classes: 0 alike, 1 apart.
double total_variation(std::span<const double> a, std::span<const double> b);

/// The counts as shares of their sum.
std::vector<double> shares_of(std::span<const std::size_t> counts);

}  // namespace sim::fidelity
