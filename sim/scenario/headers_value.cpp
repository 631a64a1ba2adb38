#include "sim/scenario/headers_value.h"

#include <fmt/format.h>

#include "sim/http/message.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

/// Those that the sender or the dialect writes itself; two of them would contradict each other.
bool is_reserved(std::string_view name) {
  static const http::Headers kReserved = {{"Host", ""},       {"Content-Length", ""},
                                          {"Connection", ""}, {"Transfer-Encoding", ""},
                                          {"Expect", ""},     {"Upgrade", ""}};
  return http::find_header(kReserved, name) != nullptr;
}

}  // namespace

std::optional<std::string> read_header_value(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a header's value", problems)) return std::nullopt;
  if (http::is_header_value(node.text)) return node.text;
  problems.add(node, "a header's value has no line breaks or control characters");
  return std::nullopt;
}

std::optional<http::Headers> read_headers(const Node& node, Problems& problems) {
  if (!node.is_map()) {
    problems.add(node, fmt::format("expected headers as a mapping, found {}", described(node)));
    return std::nullopt;
  }
  http::Headers headers;
  for (const Entry& entry : node.entries) {
    if (!http::is_header_name(entry.key)) {
      problems.add(entry.key_spot, fmt::format("'{}' is not a header's name", entry.key));
    } else if (is_reserved(entry.key)) {
      problems.add(entry.key_spot, fmt::format("lnsim sets the header '{}' itself", entry.key));
    } else if (const auto value = read_header_value(*entry.value, problems)) {
      headers.push_back({entry.key, *value});
    }
  }
  return headers;
}

}  // namespace sim::scenario
