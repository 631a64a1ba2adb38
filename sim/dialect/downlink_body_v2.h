// The JSON body of a downlink call, read and written.
// Called by downlink_api_v2 and v2_dialect. Thread rule: pure. Source: API reference, "Downlink";
// shared facts on TTN v2, section 3 (how Go decoded it).
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/application/application.h"
#include "sim/dialect/dialect.h"

namespace sim::dialect {

/// Reads dev_id, port, confirmed, payload_raw, payload_fields and schedule; other keys are ignored.
/// A refusal repeats a wrong value, but with `secret` masked in it.
tl::expected<application::DownlinkCall, application::Refusal> read_v2_downlink_body(
    std::string_view body, std::string_view secret);

/// Appends a body that reads as that call.
void write_v2_downlink_body(const application::DownlinkCall& call, Wording wording,
                            std::string& body);

}  // namespace sim::dialect
