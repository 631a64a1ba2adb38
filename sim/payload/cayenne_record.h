// Rows of Cayenne LPP records: channel, type, value; by a table of types.
//
// The deployed network and the public libraries share the form of a record and differ in types,
// signs and arithmetic, so each brings its own table. A field is called `<name>_<channel>`; a type
// with several parts (gps) is fields within the field. Called by cayenne.cpp and
// cayenne_standard.cpp alone. Thread rule: pure functions. Source: Cayenne LPP, "Data Format".
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/packing.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// A number within a record.
struct LppPart {
  std::string_view name;  ///< empty where the field is the number itself
  Packing packing;
};

struct LppType {
  std::uint8_t number = 0;
  std::string_view name;
  std::array<LppPart, 3> all_parts;
  std::size_t part_count = 1;
  bool takes_truth = false;  ///< true and false are encoded as 1 and 0

  [[nodiscard]] std::span<const LppPart> parts() const { return {all_parts.data(), part_count}; }
  /// Bytes of the value.
  [[nodiscard]] std::size_t length() const;
};

constexpr LppType lpp_number(std::uint8_t number, std::string_view name, Packing packing) {
  return {number, name, {LppPart{"", packing}}, 1};
}

/// A byte that is mostly 0 or 1.
constexpr LppType lpp_flag(std::uint8_t number, std::string_view name) {
  return {number, name, {LppPart{"", {1, false, 1}}}, 1, true};
}

constexpr LppType lpp_parts(std::uint8_t number, std::string_view name,
                            const std::array<LppPart, 3>& parts) {
  return {number, name, parts, 3};
}

constexpr LppType lpp_xyz(std::uint8_t number, std::string_view name, Packing packing) {
  return lpp_parts(number, name, {LppPart{"x", packing}, {"y", packing}, {"z", packing}});
}

/// How a number on the air becomes a field's: that number, and how many times the field it is.
using LppScaling = double (*)(std::int64_t raw, double scale);

/// Appends a record for each field, in the fields' order; what was appended before an error stays.
tl::expected<void, std::string> encode_records(std::span<const LppType> types, const Fields& fields,
                                               lorawan::Bytes& bytes);

/// Later records of a field win. An unknown type or a record that is cut short makes the whole
/// payload an error. Where the scale is 1 the values are whole numbers.
tl::expected<Fields, std::string> decode_records(std::span<const LppType> types, LppScaling scaled,
                                                 std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
