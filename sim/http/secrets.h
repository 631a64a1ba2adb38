// Where requests carry secrets: in which headers, and behind which parameters of a URL.
//
// What is shown or kept of a request must not give them away. Called by check (curl commands,
// journals), fixture (request files) and recording. Thread rule: pure. Source: the names are those
// that integrations use; RFC 3986 3.4 for where a parameter ends.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace sim::http {

/// Whether a header of that name is taken to carry a secret: Authorization, and what sounds like
/// it.
bool carries_secret(std::string_view header);

/// A text with the value of every query parameter `key` in it replaced by what `instead` makes of
/// it. The text may be a URL, or hold URLs, escaped as in JSON or within another URL.
std::string with_keys_replaced(std::string_view text,
                               const std::function<std::string(std::string_view key)>& instead);

}  // namespace sim::http
