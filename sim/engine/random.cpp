#include "sim/engine/random.h"

#include <cmath>

namespace sim::engine {

namespace {

// Wichura's algorithm AS 241, PPND16: ratios of polynomials of degree 7, lowest power first.
using Coefficients = std::array<double, 8>;

constexpr Coefficients kMiddleAbove = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                       1.9715909503065514427e3, 1.3731693765509461125e4,
                                       4.5921953931549871457e4, 6.7265770927008700853e4,
                                       3.3430575583588128105e4, 2.5090809287301226727e3};
constexpr Coefficients kMiddleBelow = {1.0,
                                       4.2313330701600911252e1,
                                       6.8718700749205790830e2,
                                       5.3941960214247511077e3,
                                       2.1213794301586595867e4,
                                       3.9307895800092710610e4,
                                       2.8729085735721942674e4,
                                       5.2264952788528545610e3};
constexpr Coefficients kTailAbove = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                     5.76949722146069140550e0,  3.64784832476320460504e0,
                                     1.27045825245236838258e0,  2.41780725177450611770e-1,
                                     2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr Coefficients kTailBelow = {1.0,
                                     2.05319162663775882187e0,
                                     1.67638483018380384940e0,
                                     6.89767334985100004550e-1,
                                     1.48103976427480074590e-1,
                                     1.51986665636164571966e-2,
                                     5.47593808499534494600e-4,
                                     1.05075007164441684324e-9};
constexpr Coefficients kFarAbove = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                    1.78482653991729133580e0,  2.96560571828504891230e-1,
                                    2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                    2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr Coefficients kFarBelow = {1.0,
                                    5.99832206555887937690e-1,
                                    1.36929880922735805310e-1,
                                    1.48753612908506148525e-2,
                                    7.86869131145613259100e-4,
                                    1.84631831751005468180e-5,
                                    1.42151175831644588870e-7,
                                    2.04426310338993978564e-15};

/// Quantiles of the exponential law at i / 1024; the last is never used.
struct ExponentialTable {
  static constexpr std::uint32_t kCells = 1024;
  static constexpr std::uint32_t kTail = 16;
  std::array<double, kCells> at{};

  ExponentialTable() {
    for (std::uint32_t i = 0; i < kCells; ++i) at[i] = -std::log(1 - i / double{kCells});
  }
};

double polynomial(const Coefficients& c, double x) {
  double value = c[7];
  for (int i = 6; i >= 0; --i) value = value * x + c[static_cast<std::size_t>(i)];
  return value;
}

}  // namespace

std::uint64_t Random::next() {
  if (left_ == 0) {
    const auto words = philox4x32(
        {block_++, static_cast<std::uint32_t>(purpose_), static_cast<std::uint32_t>(subject_),
         static_cast<std::uint32_t>(subject_ >> 32)},
        key_);
    values_ = {(std::uint64_t{words[0]} << 32) | words[1],
               (std::uint64_t{words[2]} << 32) | words[3]};
    left_ = 2;
  }
  return values_[static_cast<std::size_t>(--left_)];
}

double Random::uniform() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}

double Random::uniform(double from, double to) {
  return from + (to - from) * uniform();
}

std::uint64_t Random::below(std::uint64_t bound) {
  // Lemire's method would need 128-bit products; the rejection zone below is just as exact.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t value = next();
    if (value >= threshold) return value % bound;
  }
}

double Random::normal() {
  // The middle of one of 2^53 slices, so that neither end is met.
  return normal_quantile((static_cast<double>(next() >> 11U) + 0.5) * 0x1p-53);
}

double normal_quantile(double probability) {
  const double q = probability - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kMiddleAbove, r) / polynomial(kMiddleBelow, r);
  }
  const double tail = q < 0 ? probability : 1 - probability;
  const double r = std::sqrt(-std::log(tail));
  const double value = r <= 5 ? polynomial(kTailAbove, r - 1.6) / polynomial(kTailBelow, r - 1.6)
                              : polynomial(kFarAbove, r - 5) / polynomial(kFarBelow, r - 5);
  return q < 0 ? -value : value;
}

namespace detail {

NormalTable::NormalTable() {
  for (std::uint32_t i = 1; i < kCells; ++i) at[i] = normal_quantile(i / double{kCells});
}

const NormalTable kNormalTable;

double far_normal(double exact) {
  return normal_quantile(exact);
}

}  // namespace detail

double quick_exponential(std::uint16_t bits) {
  static const ExponentialTable kTable;
  const std::uint32_t cell = bits >> 6U;
  if (cell >= ExponentialTable::kCells - ExponentialTable::kTail) {
    return -std::log(1 - (bits + 0.5) * 0x1p-16);
  }
  const double part = ((bits & 0x3FU) + 0.5) * 0x1p-6;
  return kTable.at[cell] + part * (kTable.at[cell + 1] - kTable.at[cell]);
}

std::uint64_t hashed(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3;
  }
  return detail::mixed(hash);
}

}  // namespace sim::engine
