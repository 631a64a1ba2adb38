// JSON pointers: "/last/fields/moisture" names one value within another.
//
// Called by scenario (checking what a scenario writes) and check (reading what a probe answers).
// Thread rule: pure. Source: RFC 6901.
#pragma once

#include <string_view>

#include "sim/payload/value.h"

namespace sim::payload {

/// Empty (the whole value), or steps that each begin with "/"; "~" stands in "~0" and "~1" only.
bool is_json_pointer(std::string_view text);

/// The value that a pointer names, or nullptr where there is none.
const Value* find_by_pointer(const Value& whole, std::string_view pointer);

}  // namespace sim::payload
