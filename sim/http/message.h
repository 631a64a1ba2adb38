// HTTP messages as plain values: what travels between dialects, the sender and the servers.
//
// No parser and no socket here; those are in delivery and run. Called by all of them.
// Thread rule: values. Source: RFC 9110.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim::http {

struct Header {
  std::string name;
  std::string value;
  bool operator==(const Header&) const = default;
};

using Headers = std::vector<Header>;

/// The value of the first header of that name, in any case; nullptr where there is none.
const std::string* find_header(const Headers& headers, std::string_view name);

/// A request. `target` is the path and query, as it stands in the request line.
struct Request {
  std::string method = "POST";
  std::string target = "/";
  Headers headers;
  std::string body;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

/// The reason phrase of a status ("Not Found"), or "Unknown".
std::string_view reason_phrase(int status);

/// 2xx.
constexpr bool is_success(int status) {
  return status >= 200 && status < 300;
}

/// Whether a text is safe as a header's name, or as its value (no control characters but the tab:
/// no injection).
bool is_header_name(std::string_view text);
bool is_header_value(std::string_view text);

}  // namespace sim::http
