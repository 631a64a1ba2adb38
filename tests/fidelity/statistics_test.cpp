// The statistics against values worked out by hand or printed in tables.
#include "tests/fidelity/statistics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/engine/random.h"

namespace sim::fidelity {
namespace {

std::vector<double> uniform_sample(std::size_t n, double from, double to) {
  engine::Random random(7, engine::Purpose::jitter, 1);
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(random.uniform(from, to));
  return values;
}

double unit_cdf(double x) {
  return std::fmin(std::fmax(x, 0), 1);
}

TEST(Statistics, MomentsAreThoseOfASample) {
  const std::vector<double> values = {2, 4, 4, 4, 5, 5, 7, 9};
  EXPECT_DOUBLE_EQ(moments(values).mean, 5);
  EXPECT_NEAR(moments(values).deviation, std::sqrt(32.0 / 7), 1e-12);
}

TEST(Statistics, QuantilesLieBetweenNeighbours) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(median(values), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 4);
  EXPECT_DOUBLE_EQ(quantile(values, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(median({8}), 8);
}

TEST(Statistics, CorrelationTellsSameOppositeAndNeither) {
  const std::vector<double> up = {1, 2, 3, 4};
  const std::vector<double> down = {8, 6, 4, 2};
  const std::vector<double> even = {1, -1, -1, 1};
  EXPECT_NEAR(correlation(up, up), 1, 1e-12);
  EXPECT_NEAR(correlation(up, down), -1, 1e-12);
  EXPECT_NEAR(correlation(up, even), 0, 1e-12);
}

TEST(Statistics, KolmogorovsDistanceLooksAtBothSidesOfAStep) {
  EXPECT_DOUBLE_EQ(ks_distance({0.5}, unit_cdf), 0.5);
  EXPECT_DOUBLE_EQ(ks_distance({0.9, 0.95}, unit_cdf), 0.9);
  EXPECT_DOUBLE_EQ(ks_distance({0.125, 0.375, 0.625, 0.875}, unit_cdf), 0.125);
}

// The table's critical distances for large samples: 1.36 and 1.63 over the root of n.
TEST(Statistics, KolmogorovsTestHasItsTabledValues) {
  EXPECT_NEAR(ks_p_value(1.358 / 100, 10'000), 0.05, 0.001);
  EXPECT_NEAR(ks_p_value(1.628 / 100, 10'000), 0.01, 0.001);
  EXPECT_DOUBLE_EQ(ks_p_value(0, 100), 1);
  EXPECT_LT(ks_p_value(1, 100), 1e-12);
}

TEST(Statistics, KolmogorovsTestTellsADistributionFromAnother) {
  const auto same = uniform_sample(2'000, 0, 1);
  EXPECT_GT(ks_p_value(ks_distance(same, unit_cdf), same.size()), 0.01);
  const auto other = uniform_sample(2'000, 0, 0.9);
  EXPECT_LT(ks_p_value(ks_distance(other, unit_cdf), other.size()), 1e-6);
}

// 9.488 is the tabled 5% point at four degrees of freedom; this sample lies at 10.
TEST(Statistics, ChiSquareHasItsTabledValues) {
  const std::vector<double> even(5, 0.2);
  const std::vector<std::size_t> counts = {30, 20, 20, 20, 10};
  EXPECT_NEAR(chi_square_p_value(counts, even), 0.0404, 0.0001);
  const std::vector<std::size_t> alike(5, 20);
  EXPECT_DOUBLE_EQ(chi_square_p_value(alike, even), 1);
}

TEST(Statistics, TotalVariationGoesFromNoneToOne) {
  const std::vector<double> a = {0.5, 0.5, 0};
  const std::vector<double> b = {0, 0.5, 0.5};
  const std::vector<double> c = {0, 0, 1};
  EXPECT_DOUBLE_EQ(total_variation(a, a), 0);
  EXPECT_DOUBLE_EQ(total_variation(a, b), 0.5);
  EXPECT_DOUBLE_EQ(total_variation(a, c), 1);
  const std::vector<std::size_t> counts = {1, 3};
  EXPECT_EQ(shares_of(counts), (std::vector<double>{0.25, 0.75}));
}

}  // namespace
}  // namespace sim::fidelity
