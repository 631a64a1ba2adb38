// Forms of text that an uplink's fields have: pure checks. Called by the uplink check.
// Own code on purpose: the simulator writes these forms, and must not be judged by its own reading.
// Thread rule: functions without state.
// Source: RFC 4648 4, RFC 3339, RFC 8259.
#pragma once

#include <chrono>
#include <string_view>

namespace sim::endpoint {

/// Base64 with its padding, and with nothing in the bits that are left over.
bool is_base64(std::string_view text);
/// "1970-01-01T00:00:00Z", with a fraction or an offset if there is one.
bool is_time(std::string_view text);
/// The moment that such a text names, since 1970 in UTC; of a day that there is not, some other.
std::chrono::microseconds moment_of(std::string_view time);
/// Whether brackets of a JSON text nest deeper; before parsing, since each level costs memory.
bool nests_deeper_than(int levels, std::string_view json);
bool is_hexadecimal(std::string_view text);
bool has_control_character(std::string_view text);

}  // namespace sim::endpoint
