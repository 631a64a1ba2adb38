// What a request's head must be before its body is read: the path, the method, who sends it, and a
// body that is JSON and not too large. Called by ReferenceEndpoint. Thread rule: functions without
// state. Source: RFC 9110.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <optional>
#include <string>

#include "sim/endpoint/uplink_check.h"

namespace sim::endpoint {

constexpr std::size_t kMaxBody = 256 * 1024;

/// Whether it asks what is stored, and is no uplink.
bool is_probe(const httplib::Request& request);

/// Why the request is refused by its head alone, if it is; `authorization` empty: not checked.
std::optional<Refusal> check_request(const httplib::Request& request,
                                     const std::string& authorization);
Refusal too_large_body();

}  // namespace sim::endpoint
