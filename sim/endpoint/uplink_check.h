// Is this body an uplink? Everything in it comes from outside and is checked before it is used.
//
// Written against the API reference alone and without the simulator's own reading and writing of
// the same form, so that a mistake of one is seen by the other. Called by ReferenceEndpoint.
// Thread rule: values. Source: API reference, "Uplink".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/endpoint/frame_store.h"

namespace sim::endpoint {

/// What the endpoint needs of an uplink.
struct Uplink {
  Frame frame;
  std::optional<double> watched;  ///< the watched field, where the uplink has it as a number
  std::string downlink_url;
  bool is_retry = false;
  std::string fields;  ///< payload_fields as JSON; empty where there are none
};

/// Why a body is no uplink: 400 where it is not JSON, 422 where a field is not as it must be.
struct Refusal {
  int status = 400;
  std::string field;  ///< empty where it is the body as a whole
  std::string message;
};

/// Reads a body; `watched_field` is looked for in payload_fields.
tl::expected<Uplink, Refusal> check_uplink(std::string_view body, const std::string& watched_field);

}  // namespace sim::endpoint
