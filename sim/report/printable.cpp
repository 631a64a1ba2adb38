#include "sim/report/printable.h"

#include <fmt/format.h>

#include "sim/report/report.h"

namespace sim::report {

namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// How many bytes a character has that begins so; 0 for a byte that begins none.
std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

constexpr std::uint32_t kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};

/// Control characters, and those that turn the direction of what stands behind them.
bool is_unsafe(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x061C ||
         (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF;
}

std::string visible(std::uint32_t code) {
  if (code == '\n') return "\\n";
  if (code == '\r') return "\\r";
  if (code == '\t') return "\\t";
  return code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

}  // namespace

std::optional<Character> next_character(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = length_of(lead);
  if (length == 0 || length > text.size()) return Character{text.substr(0, 1), std::nullopt};
  std::uint32_t code = lead & kLeadBits[length];
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return Character{text.substr(0, 1), std::nullopt};
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[length] || surrogate || code > 0x10FFFF) {
    return Character{text.substr(0, 1), std::nullopt};
  }
  return Character{text.substr(0, length), code};
}

std::string utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (const auto character = next_character(text)) {
    text.remove_prefix(character->bytes.size());
    result += character->code ? character->bytes : std::string_view("\xEF\xBF\xBD");
  }
  return result;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (const auto character = next_character(text)) {
    text.remove_prefix(character->bytes.size());
    if (!character->code) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(character->bytes.front()));
    } else if (is_unsafe(*character->code)) {
      result += visible(*character->code);
    } else {
      result += character->bytes;
    }
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t width) {
  constexpr std::string_view kMark = "...";
  std::size_t characters = 0;
  std::size_t cut = 0;
  std::size_t at = 0;
  while (const auto character = next_character(text.substr(at))) {
    if (characters + kMark.size() == width) cut = at;
    if (++characters > width) return std::string(text.substr(0, cut)).append(kMark);
    at += character->bytes.size();
  }
  return std::string(text);
}

}  // namespace sim::report
