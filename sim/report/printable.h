// Text from outside, one character at a time: what the writers of this layer need to make it safe.
//
// The bytes of a scenario's names, of answers and of downlink calls are whatever somebody sent.
// Each writer has its own rules for what must not come through; all need to know where a character
// ends and whether it is one. Called by the writers. Thread rule: pure. Source: RFC 3629 (UTF-8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::report {

struct Character {
  std::string_view bytes;             ///< one byte where it is not UTF-8
  std::optional<std::uint32_t> code;  ///< nothing where it is not UTF-8
};

/// The first character of a text; nothing for an empty one.
std::optional<Character> next_character(std::string_view text);

/// The text with U+FFFD in the place of each byte that is not UTF-8.
std::string utf8(std::string_view text);

/// The text, with "..." in the place of its end where it has more characters than `width` (of 4 or
/// more).
std::string shortened(std::string_view text, std::size_t width);

}  // namespace sim::report
