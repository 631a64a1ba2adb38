// Numbers, times and Base64 as JsonWriter writes them, through a pointer and by tables.
//
// The same text as go_text and append_rfc3339 give, several times as fast for the values that
// uplinks are full of: counters, dBm in whole numbers, SNR in quarters or tenths, times of one day.
// Every function returns where it ended; the caller has seen to the room that is named with it.
// Called by uplink_writer_v2 and go_text. Thread rule: pure, but for Dates. Source: json_writer.h.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
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

inline constexpr std::array<std::uint32_t, 10> kPowersOfTen{
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000, 1'000'000'000};

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
  if (number < 10) {
    *at = static_cast<char>('0' + number);
    return at + 1;
  }
  // Digits by the number of bits: 1233 / 4096 is a little more than the logarithm of 2.
  std::uint32_t digits = static_cast<std::uint32_t>(std::bit_width(number)) * 1233U >> 12U;
  digits += number >= detail::kPowersOfTen[digits] ? 1U : 0U;
  char* const end = at + digits;
  char* last = end;
  while (number >= 100) {
    last -= 2;
    detail::put_pair(last, number % 100);
    number /= 100;
  }
  if (number >= 10) {
    detail::put_pair(last - 2, number);
  } else {
    last[-1] = static_cast<char>('0' + number);
  }
  return end;
}

/// A text that is copied with slack, so that its length costs nothing: it is followed by at least
/// kSlack bytes of the same string, and the place where it goes has as much room.
inline constexpr std::size_t kSlack = 64;
inline char* put_with_slack(char* at, const char* text, std::size_t size) {
  std::memcpy(at, text, kSlack);
  if (size > kSlack) std::memcpy(at + kSlack, text + kSlack, size - kSlack);
  return at + size;
}

/// The texts of strengths as gateways report them: whole dBm, SNR in quarters or tenths of a dB.
class Strengths {
 public:
  Strengths();

  /// Up to 8 bytes; nullptr for a number that has no text here.
  char* put(char* at, float number) const {
    if (!(number > -160 && number < 160)) return nullptr;
    // Steps of a twentieth hold both quarters and tenths: no branch that nobody can foresee.
    const bool small = number > -kMostParts && number < kMostParts;
    const Text& text =
        small ? parts_[step(number * 20 + 20 * kMostParts)] : whole_[step(number + kMostWhole)];
    if (std::bit_cast<std::uint32_t>(text.number) != std::bit_cast<std::uint32_t>(number)) {
      return nullptr;
    }
    std::memcpy(at, text.digits.data(), text.digits.size());
    return at + text.size;
  }

 private:
  static constexpr int kMostParts = 40;
  static constexpr int kMostWhole = 160;
  struct Text {
    float number = 0;
    std::array<char, 7> digits{};
    std::uint8_t size = 0;
  };
  static std::size_t step(float place) { return static_cast<std::size_t>(place + 0.5F); }
  static Text text_of(float number);

  std::array<Text, 40 * kMostParts + 2> parts_;
  std::array<Text, 2 * kMostWhole + 2> whole_;
};

/// A number that has at most three decimals and few digits: up to 16 bytes. nullptr for any other
/// number, and for the negative zero.
char* put_short_decimal(char* at, float number);
char* put_short_decimal(char* at, double number);

/// Padded Base64: 4 bytes for each 3 or fewer.
char* put_base64(char* at, std::span<const std::uint8_t> bytes);

/// 16 hexadecimal digits in upper case.
char* put_hex16(char* at, std::uint64_t value);

/// Moments as JsonWriter::time writes them, without quotes. Keeps the text of the seconds that it
/// met last: the copies of a frame come within one or two.
class Dates {
 public:
  /// Up to 40 bytes; so much room, whatever it takes.
  char* put(char* at, engine::SimTime moment);

 private:
  /// The text of a second without its fraction: "2026-01-01T00:00:14".
  struct Second {
    std::int64_t number = -1;
    std::array<char, 24> text{};
    std::uint8_t size = 0;
  };
  void fill(Second& second, std::int64_t number);
  char* put_new(char* at, engine::SimTime moment);

  std::array<Second, 8> seconds_;
  engine::SimTime last_;  // gateways with GPS say the same of one frame
  std::size_t last_size_ = 0;
  std::array<char, 32> last_text_{};
  std::int64_t day_ = -1;
  std::string day_text_;  // "2026-01-01T"
};

}  // namespace sim::dialect
