// Bytes in a JSON file: as a text where they are one, else in Base64.
// Called by line and har. Thread rule: pure. Source: RFC 3629, RFC 4648 4.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace sim::recording {

/// Whether the bytes are UTF-8 that JSON can hold, and does not become longer in it than in Base64
/// by its escapes.
bool is_text(std::string_view bytes);

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The error is the end of a sentence: "has no padding; ...".
tl::expected<std::string, std::string> from_base64(std::string_view text);

}  // namespace sim::recording
