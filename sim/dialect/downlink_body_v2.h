// The JSON body of a downlink call.
// Called by downlink_api_v2. Thread rule: pure. Source: API reference, "Downlink"; shared facts on
// TTN v2, section 3 (how Go decoded it).
#pragma once

#include <string_view>
#include <tl/expected.hpp>

#include "sim/application/application.h"

namespace sim::dialect {

/// Reads dev_id, port, confirmed, payload_raw, payload_fields and schedule; other keys are ignored.
/// A refusal repeats a wrong value, but with `secret` masked in it.
tl::expected<application::DownlinkCall, application::Refusal> read_v2_downlink_body(
    std::string_view body, std::string_view secret);

}  // namespace sim::dialect
