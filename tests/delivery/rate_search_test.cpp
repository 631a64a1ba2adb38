// The search for the highest rate, against servers whose limit is known.
#include "sim/delivery/rate_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "sim/engine/random.h"

namespace sim::delivery {
namespace {

/// Searches with a server that says whether a rate holds; the rates that were tried.
std::vector<double> search(RateSearch& search, const std::function<bool(double)>& holds) {
  std::vector<double> tried;
  while (const auto rate = search.next()) {
    tried.push_back(*rate);
    search.tell(holds(*rate));
    if (tried.size() > 500) break;
  }
  return tried;
}

TEST(RateSearch, FindsTheLimitWithinItsPrecision) {
  for (const double limit : {3.0, 99.0, 100.0, 101.0, 5'432.1, 80'000.0}) {
    RateSearch one({});
    const auto tried = search(one, [limit](double rate) { return rate <= limit; });
    ASSERT_TRUE(one.found()) << limit;
    EXPECT_LE(*one.found(), limit);
    EXPECT_GE(*one.found(), limit / 1.0501) << limit;
    EXPECT_GT(*one.failed(), limit);
    EXPECT_LE(*one.failed(), *one.found() * 1.0501);
    EXPECT_EQ(one.times_held(), 3U);
    EXPECT_LT(tried.size(), 25U) << limit;
  }
}

TEST(RateSearch, DoublesFirst) {
  RateSearch one({});
  const auto tried = search(one, [](double rate) { return rate <= 350; });
  ASSERT_GT(tried.size(), 3U);
  EXPECT_EQ(std::vector(tried.begin(), tried.begin() + 3), (std::vector<double>{100, 200, 400}));
}

TEST(RateSearch, EndsWhereNothingFails) {
  RateSearch one({.highest = 10'000});
  search(one, [](double) { return true; });
  EXPECT_EQ(one.found(), 10'000);
  EXPECT_FALSE(one.failed());
  EXPECT_EQ(one.times_held(), 3U);
}

TEST(RateSearch, EndsWhereNothingHolds) {
  RateSearch one({});
  const auto tried = search(one, [](double) { return false; });
  EXPECT_FALSE(one.found());
  EXPECT_EQ(tried.back(), 1);
  EXPECT_LT(tried.size(), 10U);
}

TEST(RateSearch, TakesLuckForLuck) {
  // Holds up to 1000, and above that now and then up to 2000.
  engine::Random random(7, engine::Purpose::load, 1);
  for (int round = 0; round < 200; ++round) {
    RateSearch one({});
    search(one, [&random](double rate) {
      return rate <= 1'000 || (rate <= 2'000 && random.uniform() < 0.3);
    });
    ASSERT_TRUE(one.found());
    EXPECT_LE(*one.found(), 2'000);
    EXPECT_GE(*one.found(), 900);
  }
}

TEST(RateSearch, AlwaysEnds) {
  engine::Random random(8, engine::Purpose::load, 2);
  for (int round = 0; round < 200; ++round) {
    RateSearch one({});
    const double chance = random.uniform();
    EXPECT_LE(search(one, [&](double) { return random.uniform() < chance; }).size(), 500U);
  }
}

}  // namespace
}  // namespace sim::delivery
