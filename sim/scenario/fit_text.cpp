#include "sim/scenario/fit_text.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

namespace sim::scenario {

namespace {

/// How many bytes a character beginning with this byte has; 0 where none begins so.
std::size_t utf8_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool is_utf8_at(std::string_view text, std::size_t at) {
  const std::size_t length = utf8_length(static_cast<unsigned char>(text[at]));
  if (length == 0 || at + length > text.size()) return false;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80U) return false;
  }
  return true;
}

/// The first byte that must not stand in a scenario. The library would take some control characters
/// for the end of the text, and leave the rest unread without a word.
std::optional<std::size_t> first_bad_byte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r');
    if (control || byte == 0x7F || !is_utf8_at(text, at)) return at;
    at += utf8_length(byte);
  }
  return std::nullopt;
}

}  // namespace

Spot spot_of_byte(const SourceText& source, std::size_t at, std::size_t length) {
  Spot spot{&source, 1, 1, length};
  const std::string_view before = std::string_view(source.text()).substr(0, at);
  for (const char c : before) spot.line += c == '\n' ? 1 : 0;
  const std::size_t line_start = before.rfind('\n');
  const std::size_t start = line_start == std::string_view::npos ? 0 : line_start + 1;
  spot.column = static_cast<int>(at - start) + 1;
  return spot;
}

bool is_fit_to_read(const SourceText& source, Problems& problems) {
  if (source.text().size() > kMaxFileBytes) {
    problems.add(Spot{&source, 0, 0, 1}, "the text is larger than 4 MiB");
    return false;
  }
  const std::optional<std::size_t> bad = first_bad_byte(source.text());
  if (!bad) return true;
  const auto byte = static_cast<unsigned char>(source.text()[*bad]);
  problems.add(spot_of_byte(source, *bad),
               byte < 0x80 ? fmt::format("a control character (0x{:02X}) stands here", byte)
                           : std::string("the text is not UTF-8 here"));
  return false;
}

}  // namespace sim::scenario
