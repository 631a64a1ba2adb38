// The dates of HTTP: "Tue, 03 Mar 2026 08:00:00 GMT".
//
// All three forms that a recipient must take, of which only the first is still written. Called by
// delivery, for Retry-After and Date. Thread rule: pure. Source: RFC 9110 5.6.7.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace sim::http {

/// Nothing where it is no date, or one that is not in the calendar.
std::optional<std::chrono::sys_seconds> parse_date(std::string_view text);

}  // namespace sim::http
