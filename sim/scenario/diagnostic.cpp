#include "sim/scenario/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/source_text.h"

namespace sim::scenario {

namespace {

constexpr std::string_view kBold = "\033[1m";
constexpr std::string_view kRed = "\033[1;31m";
constexpr std::string_view kGreen = "\033[1;32m";
constexpr std::string_view kReset = "\033[0m";

/// The text with '?' for what could move a terminal's cursor or change its colours.
std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 to U+009F are control characters as well; in UTF-8 they are C2 80 to C2 9F.
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (c1) {
      shown += '?';
      ++i;
    } else if (text[i] == '\t') {
      shown += ' ';
    } else {
      shown += byte < 0x20 || byte == 0x7F ? '?' : text[i];
    }
  }
  return shown;
}

std::string place_text(const check::Place& place) {
  const std::string file = printable(place.file);
  // An option of the command line has no lines.
  if (place.line < 1 || file.starts_with("--")) return file;
  return fmt::format("{}:{}:{}", file, place.line, place.column);
}

/// A part of a long line around the error, and the error's column in it, from 0.
struct Excerpt {
  std::string line;
  std::size_t column = 0;
};

std::size_t byte_of_character(std::string_view text, std::size_t character) {
  std::size_t byte = 0;
  while (byte < text.size() && character > 0) {
    ++byte;
    while (byte < text.size() && (static_cast<unsigned char>(text[byte]) & 0xC0U) == 0x80U) ++byte;
    --character;
  }
  return byte;
}

Excerpt excerpt_of(const Diagnostic& diagnostic) {
  constexpr std::size_t kWidth = 160;
  constexpr std::size_t kBefore = 60;
  const std::string line = printable(diagnostic.source);
  const auto column = static_cast<std::size_t>(std::max(diagnostic.place.column, 1) - 1);
  if (count_characters(line) <= kWidth) return {line, column};
  const std::size_t first = column > kBefore ? column - kBefore : 0;
  const std::size_t begin = byte_of_character(line, first);
  const std::string_view rest = std::string_view(line).substr(begin);
  return {std::string(rest.substr(0, byte_of_character(rest, kWidth))), column - first};
}

std::string source_text(const Diagnostic& diagnostic, bool colour) {
  const Excerpt excerpt = excerpt_of(diagnostic);
  const std::size_t width = count_characters(excerpt.line);
  const std::size_t room = width > excerpt.column ? width - excerpt.column : 1;
  const std::size_t length = std::clamp<std::size_t>(diagnostic.length, 1, room);
  return fmt::format("  {}\n  {}{}{}{}\n", excerpt.line, std::string(excerpt.column, ' '),
                     colour ? kGreen : "", "^" + std::string(length - 1, '~'),
                     colour ? kReset : "");
}

/// The number of single edits (a swap of neighbours is one) from `a` to `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string to_text(const Diagnostic& diagnostic, bool colour) {
  std::string text =
      fmt::format("{}{}: {}error:{} {}", colour ? kBold : "", place_text(diagnostic.place),
                  colour ? kRed : "", colour ? kReset : "", printable(diagnostic.message));
  if (!diagnostic.hint.empty()) text += ", " + printable(diagnostic.hint);
  text += '\n';
  if (diagnostic.place.line > 0 && !diagnostic.source.empty()) {
    text += source_text(diagnostic, colour);
  }
  return text;
}

std::string_view nearest_word(std::string_view word, const std::vector<std::string_view>& known) {
  constexpr std::size_t kLongest = 64;  // longer words are no typing mistakes
  if (word.empty() || word.size() > kLongest) return {};
  std::string_view nearest;
  std::size_t nearest_distance = 0;
  for (const std::string_view candidate : known) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(word, candidate);
    const std::size_t allowed =
        std::max<std::size_t>(1, (std::max(word.size(), candidate.size()) + 1) / 3);
    if (distance > allowed || distance >= candidate.size()) continue;
    if (nearest.empty() || distance < nearest_distance) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

}  // namespace sim::scenario
