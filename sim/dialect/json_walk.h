// Finds values within a JSON text, so that they can be exchanged where they stand.
//
// Reading a body into a tree and writing it again would change the spelling of its numbers, its
// spaces and escapes. Whoever changes a single value of a body that somebody else wrote (a
// recording that is sent again, or anonymised) replaces the bytes of that value and no others.
// Called by dialects and by whoever alters recordings. Thread rule: pure. Source: RFC 8259.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sim::dialect {

/// A step from a value to one within it.
struct JsonStep {
  std::string key;        ///< of an object's member, unescaped; empty in a list
  std::size_t index = 0;  ///< in a list, from 0
  bool in_list = false;
};

/// A text, a number, true, false or null within a JSON text: where it is, and its very bytes, the
/// quotes of a text among them.
struct JsonToken {
  std::span<const JsonStep> path;
  std::string_view bytes;
};

/// Calls `visit` for each of them, in order. What stands alone as the whole text has an empty path.
/// False where the text is not JSON, or nested deeper than 64 levels: nothing was called then.
bool walk_json(std::string_view text, const std::function<void(const JsonToken&)>& visit);

/// The text with each token exchanged for what `exchange` gives, which must be JSON; nothing leaves
/// it as it is. Nothing where the text cannot be walked through.
std::optional<std::string> with_tokens_exchanged(
    std::string_view text,
    const std::function<std::optional<std::string>(const JsonToken&)>& exchange);

/// What a token says that is a text; nothing for any other.
std::optional<std::string> text_of(std::string_view token);

}  // namespace sim::dialect
