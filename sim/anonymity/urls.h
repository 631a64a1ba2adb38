// URLs with other names in them: host, user, the names in the path, the values of the query.
//
// The form stays: scheme, port, the words of the integration's own paths, the names of parameters.
// Called by body and request. Thread rule: pure. Source: RFC 3986 3; shared facts on TTN v2, 2.3.
#pragma once

#include <string>
#include <string_view>

#include "sim/anonymity/names.h"

namespace sim::anonymity {

/// Whether a text is a URL of HTTP.
bool is_url(std::string_view text);

/// The names that a downlink URL has (application, process, key), or a target of that form.
void learn_from_url(std::string_view url, Names& names);

/// A whole URL.
std::string other_url(std::string_view url, const Names& names);
/// A request's target: path and query, or a whole URL.
std::string other_target(std::string_view target, const Names& names);
/// "host" or "host:port".
std::string other_authority(std::string_view authority, const Names& names);

}  // namespace sim::anonymity
