#include "sim/dialect/quick_text.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "sim/dialect/json_writer.h"

namespace sim::dialect {

namespace {

using detail::put_pair;

/// Up to how many thousandths a decimal is unique among the numbers of a type: those with six
/// digits are, for float32, and those with fifteen for float64.
constexpr double kMostOfFloat = 999'999;
constexpr double kMostOfDouble = 4e9;

/// Thousandths as a decimal without zeros at its end.
char* put_thousandths(char* at, std::uint32_t thousandths) {
  const std::uint32_t rest = thousandths % 1000;
  at = put_whole(at, thousandths / 1000);
  if (rest == 0) return at;
  at[0] = '.';
  at[1] = static_cast<char>('0' + rest / 100);
  put_pair(at + 2, rest % 100);
  if (rest % 10 != 0) return at + 4;
  return rest % 100 != 0 ? at + 3 : at + 2;
}

template <class Float>
char* put_decimal(char* at, Float number, double most) {
  if (number == 0 && !std::signbit(number)) {
    *at = '0';
    return at + 1;
  }
  const double scaled = static_cast<double>(number) * 1000;
  if (!(scaled > -most && scaled < most) || scaled == 0) return nullptr;
  const bool negative = scaled < 0;
  const double size = negative ? -scaled : scaled;
  const auto thousandths = static_cast<std::uint32_t>(size + 0.5);
  const auto back = static_cast<Float>(static_cast<double>(thousandths) / 1000);
  if (back != (negative ? -number : number)) return nullptr;
  if (negative) *at++ = '-';
  return put_thousandths(at, thousandths);
}

struct HexPairs {
  std::array<char, 512> text{};
  constexpr HexPairs() {
    constexpr char kDigits[] = "0123456789ABCDEF";
    for (std::size_t i = 0; i < 256; ++i) {
      text[2 * i] = kDigits[i / 16];
      text[2 * i + 1] = kDigits[i % 16];
    }
  }
};
constexpr HexPairs kHexPairs;

/// The two characters of each twelve bits.
struct Base64Pairs {
  std::array<char, 8192> text{};
  constexpr Base64Pairs() {
    constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < 4096; ++i) {
      text[2 * i] = kAlphabet[i / 64];
      text[2 * i + 1] = kAlphabet[i % 64];
    }
  }
};
constexpr Base64Pairs kBase64Pairs;

void put_twelve_bits(char* at, std::uint32_t bits) {
  std::memcpy(at, &kBase64Pairs.text[2 * static_cast<std::size_t>(bits)], 2);
}

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

/// The fraction of a second, without zeros at its end; nothing for a whole one.
char* put_fraction(char* at, std::uint32_t nanoseconds) {
  if (nanoseconds == 0) return at;
  *at++ = '.';
  const std::uint32_t micro = nanoseconds / 1000;
  const std::uint32_t nano = nanoseconds % 1000;
  put_pair(at, micro / 10'000);
  put_pair(at + 2, micro / 100 % 100);
  put_pair(at + 4, micro % 100);
  at += 6;
  if (nano != 0) {
    *at++ = static_cast<char>('0' + nano / 100);
    at = put_pair(at, nano % 100);
  }
  while (at[-1] == '0') --at;
  return at;
}

}  // namespace

char* put_short_decimal(char* at, float number) {
  return put_decimal(at, number, kMostOfFloat);
}

char* put_short_decimal(char* at, double number) {
  return put_decimal(at, number, kMostOfDouble);
}

char* put_base64(char* at, std::span<const std::uint8_t> bytes) {
  const std::uint8_t* from = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 3; left -= 3, from += 3, at += 4) {
    const std::uint32_t bits =
        (std::uint32_t{from[0]} << 16U) | (std::uint32_t{from[1]} << 8U) | from[2];
    put_twelve_bits(at, bits >> 12U);
    put_twelve_bits(at + 2, bits & 0xFFFU);
  }
  if (left == 0) return at;
  const std::uint32_t second = left > 1 ? std::uint32_t{from[1]} << 8U : 0;
  const std::uint32_t bits = (std::uint32_t{from[0]} << 16U) | second;
  put_twelve_bits(at, bits >> 12U);
  put_twelve_bits(at + 2, bits & 0xFFFU);
  if (left == 1) at[2] = '=';
  at[3] = '=';
  return at + 4;
}

char* put_hex16(char* at, std::uint64_t value) {
  for (unsigned shift = 64; shift > 0; at += 2) {
    shift -= 8;
    std::memcpy(at, &kHexPairs.text[2 * static_cast<std::size_t>((value >> shift) & 0xFFU)], 2);
  }
  return at;
}

void Dates::fill(Day& day, std::int64_t number) {
  std::string text;
  append_rfc3339(engine::SimTime(engine::SimDuration(number * kDay)), text);
  day.number = number;
  day.size = static_cast<std::uint8_t>(text.find('T') + 1);
  std::copy_n(text.begin(), day.size, day.text.begin());
}

char* Dates::put(char* at, engine::SimTime moment) {
  const std::int64_t since_epoch = moment.time_since_epoch().count();
  if (since_epoch < 0) {  // no run begins there, but a clock may be set wrongly
    std::string text;
    append_rfc3339(moment, text);
    return dialect::put(at, text);
  }
  const std::int64_t number = since_epoch / kDay;
  Day& day = days_[static_cast<std::size_t>(number) % days_.size()];
  if (day.number != number) fill(day, number);
  const auto of_day = static_cast<std::uint64_t>(since_epoch - number * kDay);
  const auto second = static_cast<std::uint32_t>(of_day / static_cast<std::uint64_t>(kSecond));
  const auto nanoseconds = static_cast<std::uint32_t>(of_day % static_cast<std::uint64_t>(kSecond));
  std::memcpy(at, day.text.data(), day.text.size());
  at = put_pair(at + day.size, second / 3600);
  *at++ = ':';
  at = put_pair(at, second / 60 % 60);
  *at++ = ':';
  at = put_pair(at, second % 60);
  at = put_fraction(at, nanoseconds);
  *at++ = 'Z';
  return at;
}

}  // namespace sim::dialect
