// How often which value came, and how far two such pictures lie apart.
//
// Values lie on a line and are shared out between the two bins next to them, so that a value that
// moves a little moves the picture a little, wherever the bins end. Memory depends on the range of
// the values, not on their number. Called by features and comparison. Thread rule: values.
// Source: the statistics of Kolmogorov and Smirnov, and total variation, of two samples.
#pragma once

#include <map>

namespace sim::likeness {

class Distribution {
 public:
  /// At most so many bins; what would need more is left out of the picture.
  static constexpr std::size_t kMostBins = 20'000;

  /// `position` counts bins.
  void add(double position);

  [[nodiscard]] double total() const { return total_; }
  [[nodiscard]] const std::map<long, double>& bins() const { return bins_; }

 private:
  void add(long bin, double weight);

  std::map<long, double> bins_;
  double total_ = 0;
};

/// The largest difference of the cumulative shares, 0 to 1; for values that have an order. Of two
/// empty ones 0, of one empty one 1.
double kolmogorov_smirnov(const Distribution& a, const Distribution& b);

/// Half the sum of the differences of the shares, 0 to 1; for values without an order.
double total_variation(const Distribution& a, const Distribution& b);

}  // namespace sim::likeness
