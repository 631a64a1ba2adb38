#include "sim/scenario/payload_value.h"

#include <fmt/format.h>

#include "sim/dialect/base64.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

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

std::optional<lorawan::Bytes> read_bytes(const Node& node, Problems& problems) {
  const Section section(node, "a payload", {"hex", "base64"}, problems);
  const Entry* only = section.one_of({"hex", "base64"}, true);
  if (only == nullptr) return std::nullopt;
  return only->key == "hex" ? read_hex(*only->value, problems)
                            : read_base64(*only->value, problems);
}

}  // namespace sim::scenario
