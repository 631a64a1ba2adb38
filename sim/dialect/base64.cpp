#include "sim/dialect/base64.h"

#include <fmt/format.h>

#include <array>

namespace sim::dialect {

namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kNone = 0xFF;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNone);
  for (std::uint8_t i = 0; i < 64; ++i) values[static_cast<unsigned char>(kAlphabet[i])] = i;
  return values;
}();

void append_group(std::uint32_t bits, std::size_t bytes, std::string& out) {
  out += kAlphabet[bits >> 18];
  out += kAlphabet[(bits >> 12) & 63];
  out += bytes > 1 ? kAlphabet[(bits >> 6) & 63] : '=';
  out += bytes > 2 ? kAlphabet[bits & 63] : '=';
}

std::string wrong_character(char c, std::size_t at) {
  if (c == '-' || c == '_') {
    return fmt::format("is in the URL-safe alphabet ('{}' at character {}); use '+' and '/'", c,
                       at);
  }
  if (c == '=') return fmt::format("has padding at character {}, where none belongs", at);
  return fmt::format("has a character at {} that is not of Base64", at);
}

/// What is read so far: bits that are not yet a byte, and how many digits and padding came.
struct Progress {
  lorawan::Bytes bytes;
  std::uint32_t bits = 0;
  std::size_t digits = 0;
  std::size_t padding = 0;

  void add(std::uint8_t digit) {
    bits = (bits << 6) | digit;
    if (++digits % 4 != 1) {
      const std::size_t left = 6 - 2 * ((digits - 1) % 4);  // bits that begin the next byte
      bytes.push_back(static_cast<std::uint8_t>(bits >> left));
      bits &= (1u << left) - 1;
    }
  }
};

}  // namespace

void append_base64(std::span<const std::uint8_t> bytes, std::string& out) {
  while (bytes.size() >= 3) {
    append_group((std::uint32_t{bytes[0]} << 16) | (std::uint32_t{bytes[1]} << 8) | bytes[2], 3,
                 out);
    bytes = bytes.subspan(3);
  }
  if (bytes.empty()) return;
  const std::uint32_t second = bytes.size() > 1 ? std::uint32_t{bytes[1]} << 8 : 0;
  append_group((std::uint32_t{bytes[0]} << 16) | second, bytes.size(), out);
}

tl::expected<lorawan::Bytes, std::string> read_base64(std::string_view text) {
  Progress progress;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\r' || c == '\n') continue;
    if (c == '=' && progress.digits % 4 >= 2 && progress.digits % 4 + progress.padding < 4) {
      ++progress.padding;
      continue;
    }
    const std::uint8_t digit = kValues[static_cast<unsigned char>(c)];
    if (digit == kNone || progress.padding > 0) {
      return tl::unexpected(progress.padding > 0
                                ? fmt::format("goes on after its padding, at character {}", at)
                                : wrong_character(c, at));
    }
    progress.add(digit);
  }
  const std::size_t rest = progress.digits % 4;
  if (rest == 1) return tl::unexpected(std::string("ends in the middle of a byte"));
  if (rest != 0 && rest + progress.padding != 4) {
    return tl::unexpected(std::string(
        "has no full padding; its length must be a multiple of 4, with '=' at the end"));
  }
  return std::move(progress.bytes);
}

}  // namespace sim::dialect
