#include "sim/payload/cayenne_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sim::payload {

namespace {

Value decode_part(const LppPart& part, LppScaling scaled, std::span<const std::uint8_t> bytes) {
  const std::int64_t raw = read_number(part.packing, bytes);
  if (part.packing.scale == 1) return raw;
  return scaled(raw, part.packing.scale);
}

Value decode_record(const LppType& type, LppScaling scaled, std::span<const std::uint8_t> bytes) {
  if (type.part_count == 1) return decode_part(type.all_parts[0], scaled, bytes);
  Fields fields;
  for (const LppPart& part : type.parts()) {
    fields.set(part.name, decode_part(part, scaled, bytes));
    bytes = bytes.subspan(static_cast<std::size_t>(part.packing.width));
  }
  return fields;
}

struct FieldName {
  const LppType* type;
  std::uint8_t channel;
};

std::optional<std::uint8_t> parse_channel(std::string_view text) {
  std::uint8_t channel = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), channel);
  const bool padded = text.size() > 1 && text[0] == '0';
  if (error != std::errc{} || end != text.data() + text.size() || padded) return std::nullopt;
  return channel;
}

tl::expected<FieldName, std::string> parse_name(std::span<const LppType> types,
                                                std::string_view name) {
  const std::size_t bar = name.rfind('_');
  const auto channel =
      bar == std::string_view::npos ? std::nullopt : parse_channel(name.substr(bar + 1));
  if (!channel) {
    return tl::unexpected(fmt::format(
        "field '{}' has no Cayenne LPP channel; write for example 'temperature_1'", name));
  }
  const std::string_view wanted = name.substr(0, bar);
  const auto type =
      std::find_if(types.begin(), types.end(), [&](const LppType& t) { return t.name == wanted; });
  if (type == types.end()) {
    return tl::unexpected(fmt::format("field '{}': Cayenne LPP has no type '{}'", name, wanted));
  }
  return FieldName{&*type, *channel};
}

/// One part of one field, on its way into bytes.
struct PartEncoder {
  const LppType& type;
  std::string_view field;
  lorawan::Bytes& bytes;

  tl::expected<void, std::string> operator()(const LppPart& part, const Value& value) const {
    const auto number =
        type.takes_truth && value.is_number() ? std::optional(value.number()) : plain_number(value);
    if (!number) return refused(part, value, "a number");
    const auto raw = packed(part.packing, *number);
    if (!raw) return refused(part, value, range_text(part.packing));
    append_number(*raw, part.packing.width, bytes);
    return {};
  }

  [[nodiscard]] tl::unexpected<std::string> refused(const LppPart& part, const Value& value,
                                                    std::string_view wanted) const {
    return tl::unexpected(fmt::format("field '{}{}{}' is {}; {} takes {}", field,
                                      part.name.empty() ? "" : ".", part.name, to_text(value),
                                      type.name, wanted));
  }
};

tl::expected<void, std::string> encode_parts(const PartEncoder& encode, const Value& value) {
  const LppType& type = encode.type;
  const auto* const fields = std::get_if<Fields>(&value.variant());
  if (fields == nullptr || fields->size() != type.part_count) {
    return tl::unexpected(fmt::format("field '{}' is {}; {} takes {}, {} and {}", encode.field,
                                      to_text(value), type.name, type.all_parts[0].name,
                                      type.all_parts[1].name, type.all_parts[2].name));
  }
  for (const LppPart& part : type.parts()) {
    const Value* found = fields->find(part.name);
    if (found == nullptr) {
      return tl::unexpected(fmt::format("field '{}.{}' is missing", encode.field, part.name));
    }
    if (auto done = encode(part, *found); !done) return done;
  }
  return {};
}

}  // namespace

std::size_t LppType::length() const {
  std::size_t sum = 0;
  for (const LppPart& part : parts()) sum += static_cast<std::size_t>(part.packing.width);
  return sum;
}

tl::expected<void, std::string> encode_records(std::span<const LppType> types, const Fields& fields,
                                               lorawan::Bytes& bytes) {
  for (const auto& [name, value] : fields) {
    const auto parsed = parse_name(types, name);
    if (!parsed) return tl::unexpected(parsed.error());
    const LppType& type = *parsed->type;
    bytes.push_back(parsed->channel);
    bytes.push_back(type.number);
    const PartEncoder encode{type, name, bytes};
    auto done =
        type.part_count == 1 ? encode(type.all_parts[0], value) : encode_parts(encode, value);
    if (!done) return done;
  }
  return {};
}

tl::expected<Fields, std::string> decode_records(std::span<const LppType> types, LppScaling scaled,
                                                 std::span<const std::uint8_t> bytes) {
  Fields fields;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto record = bytes.subspan(at);
    if (record.size() < 2) {
      return tl::unexpected(fmt::format("the record at byte {} is cut short", at));
    }
    const auto type = std::find_if(types.begin(), types.end(),
                                   [&](const LppType& t) { return t.number == record[1]; });
    if (type == types.end()) {
      return tl::unexpected(
          fmt::format("byte {} is {}, which is no Cayenne LPP type", at + 1, record[1]));
    }
    if (record.size() < 2 + type->length()) {
      return tl::unexpected(fmt::format("the {} record at byte {} is cut short", type->name, at));
    }
    fields.set(fmt::format("{}_{}", type->name, record[0]),
               decode_record(*type, scaled, record.subspan(2, type->length())));
    at += 2 + type->length();
  }
  return fields;
}

}  // namespace sim::payload
