// A recorded request as a line of JSON, and back.
//
// Keys stand in a fixed order, bytes that are no UTF-8 go as Base64: reading what was written gives
// the same request, byte for byte. Called by Writer and Reader, and by whoever writes recordings
// of its own. Thread rule: pure. Source: sim/recording/README.md, "The format".
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/payload/json_reader.h"
#include "sim/recording/recorded.h"

namespace sim::recording {

/// What a line says it is, in its first member.
inline constexpr std::string_view kLineType = "request";

/// Appends the line, with its line end.
void append_line(const Recorded& recorded, std::string& out);

/// Whether the members of a line are those of a recorded request.
bool is_recorded(const payload::Members& members);

/// Reads the members of such a line. The error is a sentence.
tl::expected<Recorded, std::string> read_recorded(const payload::Members& members);

}  // namespace sim::recording
