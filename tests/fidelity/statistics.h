// The few statistics that the checks need. Called by the checks and their own tests.
#pragma once

#include <map>
#include <vector>

namespace fidelity {

double mean(const std::vector<double>& values);
double deviation(const std::vector<double>& values);
/// The value below which the share lies; `values` must not be empty.
double quantile(std::vector<double> values, double share);
double median(const std::vector<double>& values);

/// Half the sum of differences between two distributions over whole numbers.
double total_variation(const std::map<int, double>& a, const std::map<int, double>& b);

/// The largest difference between the values' distribution and the uniform one over [from, to].
double uniform_distance(std::vector<double> values, double from, double to);
/// What that distance stays below in 99% of samples of that size (Kolmogorov and Smirnov).
double allowed_distance(std::size_t count);

/// Pearson's sum for counts that should all be alike.
double chi_square_of_even(const std::vector<double>& counts);

}  // namespace fidelity
