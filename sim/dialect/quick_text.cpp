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

/// Three digits of each number below 1000, and how many of them are left without zeros at the end.
struct Triples {
  struct Triple {
    std::array<char, 3> digits;
    std::uint8_t significant;
  };
  std::array<Triple, 1000> of{};
  constexpr Triples() {
    for (std::size_t i = 0; i < of.size(); ++i) {
      of[i].digits = {static_cast<char>('0' + i / 100), static_cast<char>('0' + i / 10 % 10),
                      static_cast<char>('0' + i % 10)};
      of[i].significant = i % 10 != 0 ? 3 : i % 100 != 0 ? 2 : 1;
    }
  }
};
constexpr Triples kTriples;

char* put_triple(char* at, std::uint32_t number) {
  std::memcpy(at, &kTriples.of[number], 4);
  return at + 3;
}

/// The fraction of a second, without zeros at its end; nothing for a whole one.
char* put_fraction(char* at, std::uint32_t nanoseconds) {
  if (nanoseconds == 0) return at;
  *at++ = '.';
  const std::uint32_t micro = nanoseconds / 1000;
  const std::uint32_t parts[] = {micro / 1000, micro % 1000, nanoseconds % 1000};
  const std::size_t last = parts[2] != 0 ? 2 : parts[1] != 0 ? 1 : 0;
  for (std::size_t i = 0; i < last; ++i) at = put_triple(at, parts[i]);
  put_triple(at, parts[last]);
  return at + kTriples.of[parts[last]].significant;
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

Strengths::Text Strengths::text_of(float number) {
  Text one;
  one.number = number;
  char text[16];
  const char* end = put_short_decimal(text, number);
  one.size = static_cast<std::uint8_t>(end - text);
  std::copy_n(text, one.size, one.digits.begin());
  return one;
}

Strengths::Strengths() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const int steps = static_cast<int>(i) - 20 * kMostParts;
    parts_[i] = text_of(static_cast<float>(steps / 20.0));
  }
  for (std::size_t i = 0; i < whole_.size(); ++i) {
    whole_[i] = text_of(static_cast<float>(static_cast<int>(i) - kMostWhole));
  }
}

void Dates::fill(Second& second, std::int64_t number) {
  constexpr std::int64_t kDay = 86'400;
  if (number / kDay != day_) {
    day_ = number / kDay;
    day_text_.clear();
    append_rfc3339(engine::SimTime(engine::SimDuration(day_ * kDay * kSecond)), day_text_);
    day_text_.resize(day_text_.find('T') + 1);
  }
  const auto of_day = static_cast<std::uint32_t>(number % kDay);
  char* at = dialect::put(second.text.data(), day_text_);
  at = put_pair(at, of_day / 3600);
  *at++ = ':';
  at = put_pair(at, of_day / 60 % 60);
  *at++ = ':';
  at = put_pair(at, of_day % 60);
  second.number = number;
  second.size = static_cast<std::uint8_t>(at - second.text.data());
}

char* Dates::put(char* at, engine::SimTime moment) {
  if (moment == last_ && last_size_ > 0) {
    std::memcpy(at, last_text_.data(), last_text_.size());
    return at + last_size_;
  }
  char* const end = put_new(at, moment);
  last_ = moment;
  last_size_ = static_cast<std::size_t>(end - at);
  std::memcpy(last_text_.data(), at, last_text_.size());
  return end;
}

char* Dates::put_new(char* at, engine::SimTime moment) {
  const std::int64_t since_epoch = moment.time_since_epoch().count();
  if (since_epoch < 0) {  // no run begins there, but a clock may be set wrongly
    std::string text;
    append_rfc3339(moment, text);
    return dialect::put(at, text);
  }
  const std::int64_t number = since_epoch / kSecond;
  Second& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
  if (second.number != number) fill(second, number);
  std::memcpy(at, second.text.data(), second.text.size());
  at = put_fraction(at + second.size, static_cast<std::uint32_t>(since_epoch - number * kSecond));
  *at++ = 'Z';
  return at;
}

}  // namespace sim::dialect
