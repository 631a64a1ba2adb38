#include "sim/dialect/go_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "sim/dialect/quick_text.h"

namespace sim::dialect {

namespace {

constexpr std::uint32_t kLineSeparator = 0x2028;
constexpr std::uint32_t kParagraphSeparator = 0x2029;

/// A character of UTF-8, or one byte that is none.
struct Rune {
  std::size_t length = 1;
  bool valid = false;
  std::uint32_t code = 0;
};

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Rune read_rune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (lead < 0x80) return {1, true, lead};
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  static constexpr std::array<std::uint32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};
  std::uint32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kSmallest[length] || code > 0x10FFFF || surrogate) return {};
  return {length, true, code};
}

void append_escape(std::uint32_t code, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 15];
}

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

/// Appends an ASCII character that cannot stand for itself.
void append_special(char c, std::string& out) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      append_escape(static_cast<unsigned char>(c), out);
  }
}

void append_rune(const Rune& rune, std::string_view text, std::string& out) {
  if (!rune.valid) {
    append_escape(0xFFFD, out);
  } else if (rune.code < 0x80) {
    append_special(text[0], out);
  } else if (rune.code == kLineSeparator || rune.code == kParagraphSeparator) {
    append_escape(rune.code, out);
  } else {
    out += text.substr(0, rune.length);
  }
}

/// A number in the form "-d.ddde-07", taken apart.
struct Decimal {
  bool negative = false;
  std::array<char, 20> digits{};
  int count = 0;
  int exponent = 0;  // of the first digit
};

template <class Float>
Decimal decimal_of(Float number) {
  char text[40];
  const char* const end =
      std::to_chars(text, text + sizeof text, number, std::chars_format::scientific).ptr;
  Decimal decimal;
  const char* at = text;
  for (; *at != 'e'; ++at) {
    if (*at == '-') {
      decimal.negative = true;
    } else if (*at != '.') {
      decimal.digits[static_cast<std::size_t>(decimal.count++)] = *at;
    }
  }
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, end, decimal.exponent);
  return decimal;
}

void append_exponent_form(const Decimal& decimal, std::string& out) {
  const auto count = static_cast<std::size_t>(decimal.count);
  out += decimal.digits[0];
  if (count > 1) out.append(1, '.').append(decimal.digits.data() + 1, count - 1);
  out += decimal.exponent < 0 ? "e-" : "e+";
  char digits[8];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::abs(decimal.exponent)).ptr;
  out.append(digits, end);
}

void append_plain_form(const Decimal& decimal, std::string& out) {
  const auto count = static_cast<std::size_t>(decimal.count);
  if (decimal.exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-decimal.exponent - 1), '0');
    out.append(decimal.digits.data(), count);
    return;
  }
  const auto whole = static_cast<std::size_t>(decimal.exponent) + 1;
  out.append(decimal.digits.data(), std::min(whole, count));
  if (whole > count) out.append(whole - count, '0');
  if (whole < count) out.append(1, '.').append(decimal.digits.data() + whole, count - whole);
}

template <class Float>
void append_number(Float number, std::string& out) {
  char text[16];
  if (const char* end = put_short_decimal(text, number)) {
    out.append(text, static_cast<std::size_t>(end - text));
    return;
  }
  const Decimal decimal = decimal_of(number);
  if (decimal.negative) out += '-';
  const Float size = std::abs(number);
  if (size != 0 && (size < static_cast<Float>(1e-6) || size >= static_cast<Float>(1e21))) {
    append_exponent_form(decimal, out);
  } else {
    append_plain_form(decimal, out);
  }
}

}  // namespace

void append_go_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_plain) - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Rune rune = read_rune(text);
    append_rune(rune, text, out);
    text.remove_prefix(rune.length);
  }
  out += '"';
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

void append_go_number(float number, std::string& out) {
  append_number(number, out);
}

void append_go_number(double number, std::string& out) {
  append_number(number, out);
}

}  // namespace sim::dialect
