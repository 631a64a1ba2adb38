// Keeps keys out of error messages: the line that an error shows may hold one.
// Called by Problems. Thread rule: pure. Source: own.
#pragma once

#include <string>
#include <string_view>

namespace sim::scenario {

/// The line with each character of the values of `access_key`, `authorization` and `proxy` (in any
/// case) replaced by a star, so that columns stay what they are.
std::string without_secrets(std::string_view line);

}  // namespace sim::scenario
