// Shadows of places near and far, and of several gateways.
#include "sim/radio/shadowing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace sim::radio {
namespace {

constexpr int kPlaces = 4'000;

/// Places some kilometres apart, so that each is a case of its own.
fleet::Position place(int number) {
  return fleet::moved({52, 5, 0}, 300.0 * number, 0.7 + number);
}

/// The correlation of two quantities over many places.
double correlation(const std::function<double(int)>& a, const std::function<double(int)>& b) {
  double sum_a = 0, sum_b = 0, squares_a = 0, squares_b = 0, products = 0;
  for (int i = 0; i < kPlaces; ++i) {
    const double x = a(i);
    const double y = b(i);
    sum_a += x, sum_b += y, squares_a += x * x, squares_b += y * y, products += x * y;
  }
  const double n = kPlaces;
  const double covariance = products / n - sum_a / n * sum_b / n;
  return covariance / std::sqrt((squares_a / n - std::pow(sum_a / n, 2)) *
                                (squares_b / n - std::pow(sum_b / n, 2)));
}

TEST(ShadowField, IsStandardNormalEverywhere) {
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kPlaces; ++i) {
    const double value = shadow_field(1, 7, place(i));
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kPlaces, 0, 0.05);
  EXPECT_NEAR(squares / kPlaces, 1, 0.08);
}

TEST(ShadowField, IsAlikeNearbyAndNotFarAway) {
  const auto moved_by = [](double metres) {
    return correlation(
        [](int i) { return shadow_field(1, 7, place(i)); },
        [metres](int i) { return shadow_field(1, 7, fleet::moved(place(i), metres, 1)); });
  };
  EXPECT_GT(moved_by(5), 0.97);
  EXPECT_GT(moved_by(55), 0.4);
  EXPECT_LT(moved_by(55), 0.8);
  EXPECT_NEAR(moved_by(250), 0, 0.06);
}

TEST(CorrelatedShadow, IsPartlyTheSameForAllGateways) {
  const auto of_gateway = [](std::uint32_t gateway) {
    return [gateway](int i) {
      return correlated_shadow(1, static_cast<std::uint32_t>(i), gateway, place(i));
    };
  };
  const double between = correlation(of_gateway(0), of_gateway(1));
  EXPECT_GE(between, 0.25);
  EXPECT_LE(between, 0.55);
}

TEST(CorrelatedShadow, OfTwoDevicesInOnePlaceDiffersByTheirOwnPart) {
  const auto of_device = [](std::uint32_t offset) {
    return [offset](int i) {
      return correlated_shadow(1, static_cast<std::uint32_t>(2 * i) + offset, 3, place(i));
    };
  };
  EXPECT_NEAR(correlation(of_device(0), of_device(1)), 0.65, 0.05);
}

TEST(CorrelatedShadow, IsTheSameAgain) {
  EXPECT_EQ(correlated_shadow(9, 1, 2, {52, 5, 0}), correlated_shadow(9, 1, 2, {52, 5, 0}));
  EXPECT_NE(correlated_shadow(9, 1, 2, {52, 5, 0}), correlated_shadow(8, 1, 2, {52, 5, 0}));
}

}  // namespace
}  // namespace sim::radio
