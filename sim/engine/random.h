// Random numbers that are a function of (seed, purpose, subject, index), and of nothing else.
//
// Each purpose of each device has a stream of its own, so adding a device, or drawing once more
// for one purpose, changes no other value, and any number of threads gives the same bytes.
// The generator is Philox4x32-10; the distributions are ours because those of <random> differ
// between standard libraries. Called by whatever is drawn by lot: radio, payload, fleet, scenario.
// Thread rule: a Random is a value with a position; give each thread its own.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace sim::engine {

/// What a stream of random numbers is for. The numbers are part of the format: never reuse one.
enum class Purpose : std::uint32_t {
  placement = 1,
  first_send = 2,
  jitter = 3,
  fields = 4,
  payload_bytes = 5,
  channel = 6,
  shadowing = 7,
  fading = 8,
  gateway_clock = 9,
  backhaul = 10,
  downlink_loss = 11,
  retransmission = 12,
  fault = 13,
  channel_offset = 14,
  gateway_noise = 15,
  gateway_ceiling = 16,
  shadow_field = 17,
  building = 18,
  gateway_profile = 19,
  transmission = 20,
  join = 21,
  traffic = 22,
  device_clock = 23,
  ghost = 24,
  action = 25,
  call_fault = 26,
  redelivery = 27,
  load = 30,
  reply = 40,
};

namespace detail {

constexpr std::uint32_t kMultiplierA = 0xD2511F53;
constexpr std::uint32_t kMultiplierB = 0xCD9E8D57;
constexpr std::uint32_t kWeylA = 0x9E3779B9;
constexpr std::uint32_t kWeylB = 0xBB67AE85;

inline std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 27;
  x *= 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

}  // namespace detail

/// One block of Philox4x32-10: the counter's four words under the key's two.
inline std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                               std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{detail::kMultiplierA} * counter[0];
    const std::uint64_t b = std::uint64_t{detail::kMultiplierB} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += detail::kWeylA;
    key[1] += detail::kWeylB;
  }
  return counter;
}

/// Four words of 32 random bits for one purpose and subject: what the hot path takes instead of a
/// stream.
inline std::array<std::uint32_t, 4> random_words(std::uint64_t seed, Purpose purpose,
                                                 std::uint64_t subject) {
  return philox4x32({0, static_cast<std::uint32_t>(purpose), static_cast<std::uint32_t>(subject),
                     static_cast<std::uint32_t>(subject >> 32)},
                    {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
}

namespace detail {

/// Quantiles of the normal law at i / 1024; the ends are never used.
struct NormalTable {
  static constexpr std::uint32_t kCells = 1024;
  static constexpr std::uint32_t kTail = 8;  // cells at either end that are computed exactly
  NormalTable();
  std::array<double, kCells + 1> at{};
};
extern const NormalTable kNormalTable;

/// Of a part of a cell; `exact` is the probability itself.
double far_normal(double exact);
inline double quick_normal(std::uint32_t cell, double part, double exact) {
  if (cell - NormalTable::kTail >= NormalTable::kCells - 2 * NormalTable::kTail) {
    return far_normal(exact);
  }
  return kNormalTable.at[cell] + part * (kNormalTable.at[cell + 1] - kNormalTable.at[cell]);
}

}  // namespace detail

/// A normal value out of 16 or 32 random bits, by a table between whose entries it is linear: three
/// times as fast as normal_quantile(), within 0.003 of it. Not to be called before main().
inline double quick_normal(std::uint16_t bits) {
  return detail::quick_normal(bits >> 6U, ((bits & 0x3FU) + 0.5) * 0x1p-6, (bits + 0.5) * 0x1p-16);
}
inline double quick_normal(std::uint32_t bits) {
  return detail::quick_normal(bits >> 22U, (bits & 0x3F'FFFFU) * 0x1p-22, (bits + 0.5) * 0x1p-32);
}

/// An exponential value with mean 1 out of 16 random bits, by a table in the same way.
double quick_exponential(std::uint16_t bits);

/// A share of 32 random bits in [0, 1).
inline double share_of(std::uint32_t bits) {
  return static_cast<double>(bits) * 0x1p-32;
}

/// A stream of random numbers. `subject` says whose (a device's index, a gateway's, or a mix).
class Random {
 public:
  Random(std::uint64_t seed, Purpose purpose, std::uint64_t subject)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        purpose_(purpose),
        subject_(subject) {}

  /// 64 uniform bits.
  std::uint64_t next();

  /// Uniform in [0, 1), with 53 bits.
  double uniform();

  /// Uniform in [from, to).
  double uniform(double from, double to);

  /// Uniform in 0 .. bound-1, without bias; bound > 0.
  std::uint64_t below(std::uint64_t bound);

  /// Normal with mean 0 and standard deviation 1: one draw, through normal_quantile().
  double normal();

 private:
  std::array<std::uint32_t, 2> key_;
  Purpose purpose_;
  std::uint64_t subject_;
  std::uint32_t block_ = 0;
  std::array<std::uint64_t, 2> values_{};
  int left_ = 0;
};

/// The value that a standard normal quantity stays below with that probability, 0 < p < 1, good to
/// 16 digits. Source: Wichura, algorithm AS 241, Applied Statistics 37 (1988).
double normal_quantile(double probability);

/// A subject made of two numbers (a device and a gateway, say), well mixed.
inline std::uint64_t mixed_subject(std::uint64_t a, std::uint64_t b) {
  return detail::mixed(a + 0x9E3779B97F4A7C15 * (b + 1));
}

/// A normal value that belongs to a subject for the whole run: cheaper than a stream, and as well
/// mixed.
inline double normal_of(std::uint64_t seed, Purpose purpose, std::uint64_t subject) {
  const std::uint64_t own = mixed_subject(seed, static_cast<std::uint64_t>(purpose));
  return quick_normal(static_cast<std::uint32_t>(mixed_subject(own, subject) >> 32U));
}

/// A stable 64-bit hash of a name, for subjects that have no index (FNV-1a, mixed).
std::uint64_t hashed(std::string_view name);

}  // namespace sim::engine
