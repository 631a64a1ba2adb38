#include "sim/payload/template.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/payload/packing.h"

namespace sim::payload {

namespace {

using Kind = TemplatePart::Kind;

Packing packing_of(const TemplatePart& part) {
  return {part.width, part.kind == Kind::signed_number, part.scale};
}

/// The part's type as it is written: "i16*10".
std::string type_text(const TemplatePart& part) {
  if (part.kind == Kind::boolean) return "bool";
  std::string text =
      fmt::format("{}{}", part.kind == Kind::signed_number ? 'i' : 'u', 8 * part.width);
  if (part.scale != 1) text += fmt::format("*{}", part.scale);
  return text;
}

std::size_t length_of(const TemplatePart& part) {
  return part.kind == Kind::literal ? part.literal.size() : static_cast<std::size_t>(part.width);
}

tl::unexpected<std::string> wrong_type(const TemplatePart& part, const Value& value,
                                       std::string_view wanted) {
  return tl::unexpected(fmt::format("field '{}' is {}; {} takes {}", part.field, to_text(value),
                                    type_text(part), wanted));
}

tl::expected<void, std::string> encode_part(const TemplatePart& part, const Value& value,
                                            lorawan::Bytes& bytes) {
  if (part.kind == Kind::boolean) {
    if (!value.is_number() || (value.number() != 0 && value.number() != 1)) {
      return wrong_type(part, value, "true or false");
    }
    bytes.push_back(value.number() != 0 ? 1 : 0);
    return {};
  }
  const auto number = plain_number(value);
  if (!number) return wrong_type(part, value, "a number");
  const auto raw = packed(packing_of(part), *number);
  if (!raw) return wrong_type(part, value, range_text(packing_of(part)));
  append_number(*raw, part.width, bytes);
  return {};
}

bool has_field(const Template& layout, std::string_view name) {
  return std::any_of(layout.parts.begin(), layout.parts.end(), [&](const TemplatePart& part) {
    return part.kind != Kind::literal && part.field == name;
  });
}

tl::expected<void, std::string> refuse_others(const Template& layout, const Fields& fields) {
  for (const auto& [name, value] : fields) {
    if (!has_field(layout, name)) {
      return tl::unexpected(fmt::format("field '{}' is not in the template", name));
    }
  }
  return {};
}

tl::expected<void, std::string> match_literal(const lorawan::Bytes& literal,
                                              std::span<const std::uint8_t> bytes, std::size_t at) {
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (bytes[at + i] == literal[i]) continue;
    return tl::unexpected(fmt::format("byte {} is {:02X}; the template has {:02X}", at + i,
                                      bytes[at + i], literal[i]));
  }
  return {};
}

tl::expected<void, std::string> decode_part(const TemplatePart& part,
                                            std::span<const std::uint8_t> bytes, std::size_t at,
                                            Value& value) {
  if (part.kind == Kind::boolean) {
    if (bytes[at] > 1) {
      return tl::unexpected(
          fmt::format("byte {} is {:02X}; field '{}' takes 00 or 01", at, bytes[at], part.field));
    }
    value.put(bytes[at] == 1);
    return {};
  }
  const std::int64_t raw = read_number(packing_of(part), bytes.subspan(at));
  if (part.scale == 1) {
    value.put(raw);
  } else {
    value.put(static_cast<double>(raw) / part.scale);
  }
  return {};
}

/// Whether there is a value for each field of the template, and no other.
bool are_those_of(const Fields& fields, const Template& layout) {
  std::size_t count = 0;
  for (const TemplatePart& part : layout.parts) {
    if (part.kind == Kind::literal) continue;
    if (!fields.has_at(part.rank, part.field)) return false;
    ++count;
  }
  return count == fields.size();
}

tl::expected<void, std::string> decode_parts(const Template& layout,
                                             std::span<const std::uint8_t> bytes, Fields& fields) {
  std::size_t length = 0;
  for (const TemplatePart& part : layout.parts) length += length_of(part);
  if (bytes.size() != length) {
    return tl::unexpected(fmt::format("the payload has {} byte{}; the template has {}",
                                      bytes.size(), bytes.size() == 1 ? "" : "s", length));
  }
  std::size_t at = 0;
  for (const TemplatePart& part : layout.parts) {
    auto done = part.kind == Kind::literal
                    ? match_literal(part.literal, bytes, at)
                    : decode_part(part, bytes, at, fields.at(part.field, part.rank));
    if (!done) return done;
    at += length_of(part);
  }
  return {};
}

}  // namespace

tl::expected<void, std::string> encode_template(const Template& layout, const Fields& fields,
                                                lorawan::Bytes& bytes) {
  std::size_t taken = 0;
  for (const TemplatePart& part : layout.parts) {
    if (part.kind == Kind::literal) {
      bytes.insert(bytes.end(), part.literal.begin(), part.literal.end());
      continue;
    }
    const Value* value = fields.find(part.field, part.rank);
    if (value == nullptr) {
      return tl::unexpected(fmt::format("field '{}' is missing", part.field));
    }
    if (auto done = encode_part(part, *value, bytes); !done) return done;
    ++taken;
  }
  if (taken == fields.size()) return {};
  return refuse_others(layout, fields);
}

tl::expected<void, std::string> decode_template(const Template& layout,
                                                std::span<const std::uint8_t> bytes,
                                                Fields& fields) {
  if (!are_those_of(fields, layout)) fields.clear();
  auto done = decode_parts(layout, bytes, fields);
  if (!done) fields.clear();
  return done;
}

}  // namespace sim::payload
