#include "sim/scenario/payload_value.h"

#include <fmt/format.h>

#include "sim/dialect/base64.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

std::optional<lorawan::Bytes> read_hex(const Node& node, Problems& problems) {
  if (!is_scalar(node, "bytes like \"01 FF\"", problems)) return std::nullopt;
  auto bytes = lorawan::parse_hex(node.text);
  if (bytes) return bytes;
  problems.add(node, fmt::format("{} is not hexadecimal", described(node)),
               "write pairs of digits like \"01 FF\"");
  return std::nullopt;
}

std::optional<lorawan::Bytes> read_base64(const Node& node, Problems& problems) {
  if (!is_scalar(node, "base64", problems)) return std::nullopt;
  auto bytes = dialect::read_base64(node.text);
  if (bytes) return std::move(*bytes);
  problems.add(node, fmt::format("{} {}", described(node), bytes.error()));
  return std::nullopt;
}

}  // namespace sim::scenario
