// A payload format: how fields become bytes and bytes become fields.
//
// `none` gives no fields; a template packs named numbers into bytes, in both directions; `cayenne`
// is Cayenne LPP as the deployed network decoded it. Devices encode with the application's format
// and the network decodes with it, so `payload_raw` and `payload_fields` always agree. Called by
// network (uplinks), application (a downlink's payload_fields), scenario (checks). Thread rule:
// immutable values, pure functions. Source: shared facts on TTN v2, section 4 (Cayenne);
// scenarios/README.md (templates).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

struct NoFormat {};
struct Cayenne {};

/// A part of a template: literal bytes, or a number of a field. The value on the air is
/// `round(field * scale)`, big-endian; `bool` is a byte that is 0 or 1.
struct TemplatePart {
  enum class Kind : std::uint8_t { literal, unsigned_number, signed_number, boolean };
  Kind kind = Kind::literal;
  lorawan::Bytes literal;
  std::string field;
  int width = 1;     ///< bytes: 1, 2, 3 or 4
  double scale = 1;  ///< `{temperature:i16*10}` has 10
};

/// `"01 {moisture:u8} {temperature:i16*10} {open:bool}"`. Types: u8 u16 u24 u32 i8 i16 i24 i32
/// bool. Field names are letters, digits, `_`, `-` and `.`; each stands once. A scale is 1e-9 to
/// 1e9.
struct Template {
  std::vector<TemplatePart> parts;
};

using Format = std::variant<NoFormat, Template, Cayenne>;

/// What is wrong with a template, at which character of its text (from 0).
struct TemplateError {
  std::size_t offset = 0;
  std::string reason;
};

tl::expected<Template, TemplateError> parse_template(std::string_view text);

/// Appends the bytes of `fields` to `bytes`. The error says which field is missing, of the wrong
/// type or out of the type's range; with `none`: that fields cannot be encoded.
tl::expected<void, std::string> encode(const Format& format, const Fields& fields,
                                       lorawan::Bytes& bytes);

/// The fields in `bytes`; empty fields for `none`. The error says where the bytes do not fit the
/// format. An uplink whose decoding fails is delivered without fields, as on the real network.
tl::expected<Fields, std::string> decode(const Format& format, std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
