#include "sim/engine/random.h"

#include <cmath>
#include <numbers>

namespace sim::engine {

namespace {

constexpr std::uint32_t kMultiplierA = 0xD2511F53;
constexpr std::uint32_t kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kWeylA = 0x9E3779B9;
constexpr std::uint32_t kWeylB = 0xBB67AE85;

std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 27;
  x *= 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{kMultiplierA} * counter[0];
    const std::uint64_t b = std::uint64_t{kMultiplierB} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += kWeylA;
    key[1] += kWeylB;
  }
  return counter;
}

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
  const double u = 1.0 - uniform();  // in (0, 1]: the logarithm is finite
  const double v = uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::uint64_t mixed_subject(std::uint64_t a, std::uint64_t b) {
  return mixed(a + 0x9E3779B97F4A7C15 * (b + 1));
}

std::uint64_t hashed(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3;
  }
  return mixed(hash);
}

}  // namespace sim::engine
