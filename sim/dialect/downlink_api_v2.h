// The downlink API of the v2 integration: its URL, how a call is read, how it is answered.
//
// Both flavours share it. Reading follows Go's encoding/json, in which the deployed network was
// written: keys in any case, unknown keys ignored, the last of a repeated key counts, null is not
// given. Called by v2_dialect. Thread rule: pure functions.
// Source: API reference, "Downlink"; refusals and statuses are lnsim's own, see README.md.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/application/application.h"
#include "sim/http/message.h"

namespace sim::dialect {

/// "{public_url}/ttn/api/v2/down/{app_id}/{process_id}?key={access_key}"
std::string v2_downlink_url(std::string_view public_url, const application::Application& app);

/// Reads a call: method, path, application, process, key, body. The first that is wrong is told.
tl::expected<application::DownlinkCall, application::Refusal> read_v2_downlink(
    const http::Request& request, const application::Application& app);

/// An empty JSON object; no body where the status has none.
http::Response v2_accepted(int status);

/// {"error":{"reason":"bad_port","field":"port","message":"..."}}; `field` only where there is one.
http::Response v2_refused(const application::Refusal& refusal);

}  // namespace sim::dialect
