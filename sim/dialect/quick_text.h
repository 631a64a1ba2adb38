// Numbers, times and Base64 as JsonWriter writes them, through a pointer and by tables.
//
// The same text as go_text and append_rfc3339 give, several times as fast for the values that
// uplinks are full of: counters, dBm in whole numbers, SNR in quarters or tenths, times of one day.
// Every function returns where it ended; the caller has seen to the room that is named with it.
// Called by uplink_writer_v2 and go_text. Thread rule: pure, but for Dates. Source: json_writer.h.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "sim/engine/sim_time.h"

namespace sim::dialect {

namespace detail {

struct Pairs {
  std::array<char, 200> text{};
  constexpr Pairs() {
    for (std::size_t i = 0; i < 100; ++i) {
      text[2 * i] = static_cast<char>('0' + i / 10);
      text[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
  }
};
inline constexpr Pairs kPairs;

/// Two digits.
inline char* put_pair(char* at, std::uint32_t below_100) {
  std::memcpy(at, &kPairs.text[2 * static_cast<std::size_t>(below_100)], 2);
  return at + 2;
}

}  // namespace detail

inline char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// A constant text, whose length the compiler knows.
template <std::size_t kSize>
char* put(char* at, const char (&text)[kSize]) {
  std::memcpy(at, text, kSize - 1);
  return at + kSize - 1;
}

/// A whole number: up to 10 bytes.
inline char* put_whole(char* at, std::uint32_t number) {
  using detail::put_pair;
  if (number < 100) {
    if (number >= 10) return put_pair(at, number);
    *at = static_cast<char>('0' + number);
    return at + 1;
  }
  char digits[10];
  char* first = digits + sizeof digits;
  while (number >= 100) {
    first -= 2;
    put_pair(first, number % 100);
    number /= 100;
  }
  if (number >= 10) {
    first -= 2;
    put_pair(first, number);
  } else {
    *--first = static_cast<char>('0' + number);
  }
  const auto size = static_cast<std::size_t>(digits + sizeof digits - first);
  std::memcpy(at, first, size);
  return at + size;
}

/// A number that has at most three decimals and few digits: up to 16 bytes. nullptr for any other
/// number, and for the negative zero.
char* put_short_decimal(char* at, float number);
char* put_short_decimal(char* at, double number);

/// Padded Base64: 4 bytes for each 3 or fewer.
char* put_base64(char* at, std::span<const std::uint8_t> bytes);

/// 16 hexadecimal digits in upper case.
char* put_hex16(char* at, std::uint64_t value);

/// Moments as JsonWriter::time writes them, without quotes. Keeps the text of the days that it
/// met last.
class Dates {
 public:
  /// Up to 40 bytes.
  char* put(char* at, engine::SimTime moment);

 private:
  struct Day {
    std::int64_t number = -1;
    std::array<char, 12> text{};  // "2026-01-01T"
    std::uint8_t size = 0;
  };
  static void fill(Day& day, std::int64_t number);

  std::array<Day, 8> days_;
};

}  // namespace sim::dialect
