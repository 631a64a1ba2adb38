// Whether a text can be read at all: its size, its characters, and where in it a byte stands.
//
// The libraries behind YAML and GPX would take some control characters for the end of the text, and
// leave the rest unread without a word. Called by the readers of scenarios, lists of places and
// tracks. Thread rule: pure. Source: RFC 3629 (UTF-8); the size is lnsim's own bound.
#pragma once

#include <cstddef>

#include "sim/scenario/problems.h"
#include "sim/scenario/source_text.h"

namespace sim::scenario {

constexpr std::size_t kMaxFileBytes = std::size_t{4} * 1024 * 1024;

/// At most 4 MiB of UTF-8 without control characters but tabs and line ends; if not, a problem.
bool is_fit_to_read(const SourceText& source, Problems& problems);

/// The place of a byte, counted from 0; goes through the text to find it.
Spot spot_of_byte(const SourceText& source, std::size_t at, std::size_t length = 1);

}  // namespace sim::scenario
