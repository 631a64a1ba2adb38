#include "sim/run/response_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/core/string.hpp>
#include <iterator>
#include <string_view>

namespace sim::run {
namespace {

bool equal_words(std::string_view left, std::string_view right) {
  return boost::beast::iequals({left.data(), left.size()}, {right.data(), right.size()});
}

bool is_framing(std::string_view name) {
  static constexpr std::array<std::string_view, 6> names = {
      "Content-Length", "Connection", "Transfer-Encoding", "Keep-Alive", "Trailer", "Upgrade"};
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view framing) { return equal_words(framing, name); });
}

}  // namespace

std::string response_text(const http::Response& response, ResponseForm form) {
  // A final status has three digits and is none of the interim ones.
  const int status = response.status < 200 || response.status > 999 ? 500 : response.status;
  const bool never_a_body = status == 204 || status == 304;
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", status, http::reason_phrase(status));
  for (const auto& [name, value] : response.headers) {
    if (is_framing(name) || !http::is_header_name(name) || !http::is_header_value(value)) continue;
    fmt::format_to(std::back_inserter(text), "{}: {}\r\n", name, value);
  }
  if (!never_a_body) {
    fmt::format_to(std::back_inserter(text), "Content-Length: {}\r\n", response.body.size());
  }
  text += form.keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  if (!never_a_body && !form.without_body) text += response.body;
  return text;
}

}  // namespace sim::run
