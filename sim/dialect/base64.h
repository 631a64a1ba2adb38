// Base64 with the standard alphabet and padding: how payloads travel in JSON.
//
// Reading is as strict as the deployed network was: padded, `+` and `/`, line ends allowed. Whoever
// sends another form gets told which. Called by json_writer and downlink_api_v2.
// Thread rule: pure functions. Source: RFC 4648, 4.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/lorawan/identifiers.h"

namespace sim::dialect {

/// Appends the text of `bytes`.
void append_base64(std::span<const std::uint8_t> bytes, std::string& out);

/// Reads Base64; CR and LF are skipped. The error says what is wrong, as the end of a sentence:
/// "has no padding; ...".
tl::expected<lorawan::Bytes, std::string> read_base64(std::string_view text);

}  // namespace sim::dialect
