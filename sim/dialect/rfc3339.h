// Times as bodies hold them: read from RFC 3339, and moved within the text that they are.
//
// Moving keeps the form: the digits of the fraction and the zone stay as somebody wrote them, so
// that a body that is sent again differs in nothing but its date and time of day. The other way
// round as json_writer's append_rfc3339. Called by dialects and recording. Thread rule: pure.
// Source: RFC 3339 5.6.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sim/engine/sim_time.h"

namespace sim::dialect {

/// Reads "2026-01-01T00:00:05.25Z" or the same with "+01:00" as its zone; up to nine digits of a
/// fraction, years 1970 to 2200. Nothing for any other text, the empty one among them.
std::optional<engine::SimTime> read_rfc3339(std::string_view text);

/// The same text later by `shift`: as long as it was. Nothing where it is none that
/// read_rfc3339 takes, or would leave the years that it takes.
std::optional<std::string> moved_rfc3339(std::string_view text, std::chrono::seconds shift);

}  // namespace sim::dialect
