#include "sim/engine/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace sim::engine {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::Lt;

std::vector<std::uint64_t> first_values(Random random, std::size_t count) {
  std::vector<std::uint64_t> values(count);
  for (std::uint64_t& value : values) value = random.next();
  return values;
}

// The known answers that the authors publish with their Random123 library.
TEST(Philox, GivesTheKnownAnswers) {
  EXPECT_THAT(philox4x32({0, 0, 0, 0}, {0, 0}),
              ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  EXPECT_THAT(
      philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
      ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(
      philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(Random, GivesTheSameValuesForTheSameStream) {
  EXPECT_EQ(first_values(Random(7, Purpose::jitter, 3), 9),
            first_values(Random(7, Purpose::jitter, 3), 9));
}

// Recorded runs and golden files hang on these: a change of them is a change of the format.
TEST(Random, KeepsItsValuesBetweenVersions) {
  EXPECT_THAT(first_values(Random(7, Purpose::jitter, 3), 3),
              ElementsAre(8995183127175372706u, 4504257560369735479u, 5379035530417319226u));
}

TEST(Random, GivesEachSeedPurposeAndSubjectAStreamOfItsOwn) {
  constexpr std::uint64_t kHigh = std::uint64_t{1} << 32;
  const std::vector<Random> streams = {
      Random(7, Purpose::jitter, 3),         Random(8, Purpose::jitter, 3),
      Random(7 + kHigh, Purpose::jitter, 3), Random(7, Purpose::fields, 3),
      Random(7, Purpose::jitter, 4),         Random(7, Purpose::jitter, 3 + kHigh),
  };
  std::set<std::uint64_t> values;
  for (const Random& stream : streams) {
    for (const std::uint64_t value : first_values(stream, 100)) values.insert(value);
  }
  EXPECT_EQ(values.size(), streams.size() * 100);
}

TEST(Random, StreamsOfNeighboursAreNotCorrelated) {
  Random a(1, Purpose::fading, 1);
  Random b(1, Purpose::fading, 2);
  constexpr int kDraws = 20'000;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
  EXPECT_NEAR(sum / kDraws * 12, 0.0, 0.03);
}

TEST(Random, UniformIsInZeroToOneWithItsMeanAndVariance) {
  Random random(1, Purpose::placement, 0);
  constexpr int kDraws = 50'000;
  std::vector<double> values;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    values.push_back(random.uniform());
    sum += values.back();
    squares += values.back() * values.back();
  }
  EXPECT_THAT(values, Each(::testing::AllOf(Ge(0.0), Lt(1.0))));
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
}

TEST(Random, UniformOfARangeStaysInIt) {
  Random random(1, Purpose::placement, 0);
  for (int i = 0; i < 1000; ++i) {
    const double value = random.uniform(-3, 5);
    EXPECT_GE(value, -3);
    EXPECT_LT(value, 5);
  }
  EXPECT_EQ(random.uniform(4, 4), 4);
}

TEST(Random, BelowReachesEachValueEquallyOften) {
  for (const std::uint64_t bound : {1u, 2u, 3u, 7u, 10u}) {
    Random random(5, Purpose::channel, bound);
    constexpr int kDrawsEach = 4000;
    std::vector<int> counts(bound);
    for (std::uint64_t i = 0; i < bound * kDrawsEach; ++i) ++counts.at(random.below(bound));
    for (const int count : counts) EXPECT_NEAR(count, kDrawsEach, 5 * std::sqrt(kDrawsEach));
  }
}

// With a bound of 3/4 of the range a plain remainder would give the lowest third twice as often.
TEST(Random, BelowIsUnbiasedForLargeBounds) {
  constexpr std::uint64_t kBound = std::uint64_t{3} << 62;
  Random random(5, Purpose::channel, 0);
  constexpr int kDraws = 30'000;
  int low = 0;
  for (int i = 0; i < kDraws; ++i) {
    const std::uint64_t value = random.below(kBound);
    ASSERT_LT(value, kBound);
    if (value < kBound / 3) ++low;
  }
  EXPECT_NEAR(static_cast<double>(low) / kDraws, 1.0 / 3, 0.015);
}

TEST(NormalQuantile, HoldsKnownValues) {
  EXPECT_EQ(normal_quantile(0.5), 0);
  EXPECT_NEAR(normal_quantile(0.75), 0.67448975019608174, 1e-15);
  EXPECT_NEAR(normal_quantile(0.975), 1.9599639845400545, 1e-14);
  EXPECT_NEAR(normal_quantile(0.001), -3.0902323061678135, 1e-14);
  EXPECT_NEAR(normal_quantile(0.999999), 4.7534243088228989, 1e-9);
  EXPECT_NEAR(normal_quantile(1e-10), -6.3613409024040561, 1e-13);
  EXPECT_NEAR(normal_quantile(1e-20), -9.2623400897984086, 1e-12);
}

TEST(NormalQuantile, TurnsBackWhatTheErrorFunctionSays) {
  for (double x = -7; x <= 7; x += 0.01) {
    const double probability = 0.5 * std::erfc(-x / std::sqrt(2.0));
    // Near 1 the probability itself has few digits left.
    EXPECT_NEAR(normal_quantile(probability), x, x < 4 ? 1e-9 : 1e-3) << x;
  }
}

TEST(Random, NormalHasMeanZeroAndDeviationOne) {
  Random random(9, Purpose::fading, 0);
  constexpr int kDraws = 50'000;
  double sum = 0;
  double squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.normal();
    ASSERT_TRUE(std::isfinite(value));
    sum += value;
    squares += value * value;
    if (std::abs(value) > 2) ++beyond_two;
  }
  EXPECT_NEAR(sum / kDraws, 0.0, 0.02);
  EXPECT_NEAR(std::sqrt(squares / kDraws), 1.0, 0.02);
  EXPECT_NEAR(static_cast<double>(beyond_two) / kDraws, 0.0455, 0.005);
}

TEST(MixedSubject, TellsOrderedPairsApart) {
  std::set<std::uint64_t> subjects;
  for (std::uint64_t a = 0; a < 100; ++a) {
    for (std::uint64_t b = 0; b < 100; ++b) subjects.insert(mixed_subject(a, b));
  }
  EXPECT_EQ(subjects.size(), 10'000u);
}

TEST(Hashed, TellsNamesApartAndIsStable) {
  EXPECT_EQ(hashed("valve-1"), hashed("valve-1"));
  EXPECT_NE(hashed("valve-1"), hashed("valve-2"));
  EXPECT_NE(hashed(""), hashed(std::string_view("\0", 1)));
}

TEST(QuickNormal, LiesWithinThreeThousandthsOfTheQuantile) {
  for (std::uint32_t bits = 0; bits < 65'536; ++bits) {
    const auto lot = static_cast<std::uint16_t>(bits);
    ASSERT_NEAR(quick_normal(lot), normal_quantile((bits + 0.5) / 65'536), 0.003) << bits;
    const std::uint32_t wide = (bits << 16U) | 0x8000U;
    ASSERT_NEAR(quick_normal(wide), normal_quantile((wide + 0.5) / 0x1p32), 0.003) << bits;
  }
}

TEST(NormalOf, HasMeanNoughtAndDeviationOneAndDependsOnEachPart) {
  double sum = 0;
  double squares = 0;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    const double value = normal_of(3, Purpose::shadowing, i);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / 40'000, 0, 0.02);
  EXPECT_NEAR(squares / 40'000, 1, 0.02);
  EXPECT_NE(normal_of(3, Purpose::shadowing, 1), normal_of(4, Purpose::shadowing, 1));
  EXPECT_NE(normal_of(3, Purpose::shadowing, 1), normal_of(3, Purpose::fading, 1));
}

}  // namespace
}  // namespace sim::engine
