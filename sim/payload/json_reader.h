// JSON objects from outside, read within bounds.
//
// Called by dialect (bodies) and codec (what functions return). Keeps the members of the outermost
// object in their order, repeated ones too, because it is the reader's business which of them
// counts; within, the last of a key wins. Thread rule: pure. Source: RFC 8259.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "sim/payload/value.h"

namespace sim::payload {

using Members = std::vector<std::pair<std::string, Value>>;

/// The members of the object that is the whole of `text`. Nested 32 deep at most, 10,000 values at
/// most. The error is a sentence about `what` ("the body").
tl::expected<Members, std::string> read_json_object(std::string_view text, std::string_view what);

/// The same as fields: of a repeated key the last one.
tl::expected<Fields, std::string> read_json_fields(std::string_view text, std::string_view what);

}  // namespace sim::payload
