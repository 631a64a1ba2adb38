#include "sim/scenario/device_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/generator_section.h"
#include "sim/scenario/payload_value.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kDefaultPayload = 4;

std::optional<payload::Source> read_random(const Node& node, Problems& problems) {
  constexpr WholeRange kLength{0, 242};
  payload::RandomBytes random;
  if (!node.is_map()) {
    const auto length = read_whole(node, kLength, problems);
    if (!length) return std::nullopt;
    random.min_length = random.max_length = static_cast<std::size_t>(*length);
    return random;
  }
  const Section section(node, "random", {"from", "to"}, problems);
  if (section.require("from") == nullptr || section.require("to") == nullptr) return std::nullopt;
  if (!section.take("from", random.min_length, read_whole, kLength)) return std::nullopt;
  if (!section.take("to", random.max_length, read_whole, kLength)) return std::nullopt;
  if (random.min_length > random.max_length) {
    problems.add(*section.find("to"),
                 fmt::format("'to' is less than 'from' ({})", random.min_length));
    return std::nullopt;
  }
  return random;
}

std::optional<payload::Source> read_payload(const Node& node, std::size_t max_payload,
                                            Problems& problems) {
  const Section section(node, "a payload", {"hex", "base64", "random"}, problems);
  const Entry* only = section.one_of({"hex", "base64", "random"}, true);
  if (only == nullptr) return std::nullopt;
  std::optional<payload::Source> source;
  std::size_t length = 0;
  if (only->key == "random") {
    source = read_random(*only->value, problems);
    if (source) length = std::get<payload::RandomBytes>(*source).max_length;
  } else {
    auto bytes =
        only->key == "hex" ? read_hex(*only->value, problems) : read_base64(*only->value, problems);
    if (!bytes) return std::nullopt;
    length = bytes->size();
    source = payload::FixedBytes{std::move(*bytes)};
  }
  if (length > max_payload) {
    problems.add(*only->value, fmt::format("the payload takes {} bytes, and the data rate takes {}",
                                           length, max_payload));
  }
  return source;
}

}  // namespace

std::optional<payload::Source> read_source(const Section& device, const payload::Format& format,
                                           std::size_t max_payload, Problems& problems) {
  const Entry* only = device.one_of({"payload", "fields"}, false);
  if (only == nullptr) return payload::RandomBytes{kDefaultPayload, kDefaultPayload};
  if (only->key == "payload") return read_payload(*only->value, max_payload, problems);
  auto plans = read_field_plans(*only->value, problems);
  if (!plans) return std::nullopt;
  if (std::holds_alternative<payload::NoFormat>(format)) {
    problems.add(only->key_spot, "fields need a payload format, and the application has none",
                 "set application.payload to cayenne, a template or {codec: FILE}");
    return payload::GeneratedFields{std::move(*plans)};
  }
  check_encodable(*only->value, *plans, format, max_payload, problems);
  return payload::GeneratedFields{std::move(*plans)};
}

void check_decodable(const Node& fields, const payload::Format& format, Problems& problems) {
  if (std::holds_alternative<payload::NoFormat>(format)) {
    problems.add(fields, "fields need a payload format, and the application has none",
                 "set application.payload to cayenne, a template or {codec: FILE}");
    return;
  }
  const auto* layout = std::get_if<payload::Template>(&format);
  if (layout == nullptr) return;
  std::vector<std::string_view> names;
  for (const payload::TemplatePart& part : layout->parts) {
    if (part.kind != payload::TemplatePart::Kind::literal) names.push_back(part.field);
  }
  for (const Entry& entry : fields.entries) {
    if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
    problems.add(entry.key_spot, fmt::format("the template has no field '{}'", entry.key),
                 suggestion(entry.key, names));
  }
}

}  // namespace sim::scenario
