// Reads an uplink's body of the v2 integration, in either flavour, and changes it where it stands.
//
// Other people's bodies come here: what is missing is absent, what has the wrong type or size is an
// error that says where. The other way round as uplink_body_v2. Called by v2_dialect.
// Thread rule: pure. Source: API reference, "Uplink"; shared facts on TTN v2, 0 and 1.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/application/uplink_reading.h"
#include "sim/dialect/dialect.h"

namespace sim::dialect {

/// Keys count as they are written; of repeated ones the last. `id` and `gtw_id` are both taken.
tl::expected<application::UplinkReading, std::string> read_v2_uplink(std::string_view body);

/// What tells the flavours apart: the key of a gateway's identifier, or else whether `is_retry` is
/// there although it is false.
enum class FlavourV2 : unsigned char { documented, deployed };

/// The flavour of a body; nothing where it is no uplink of v2 at all.
std::optional<FlavourV2> flavour_of_v2(std::string_view body);

/// Dialect::sent_again.
std::optional<std::string> v2_sent_again(std::string_view body, const Anew& anew);

}  // namespace sim::dialect
