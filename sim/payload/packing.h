// Numbers in bytes: big-endian, signed or not, scaled. What templates and Cayenne LPP have in
// common.
//
// Called by template.cpp and the files of Cayenne LPP alone. Thread rule: pure functions.
// Source: scenarios/README.md (templates); Cayenne LPP, as in shared facts on TTN v2, section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// A number of `width` bytes (1 to 4) that holds `round(value * scale)`.
struct Packing {
  int width = 1;
  bool is_signed = false;
  double scale = 1;
};

/// A value as a number; nothing for what is none, also for truth values.
std::optional<double> plain_number(const Value& value);

/// The whole number that goes on the air, or nothing where it does not fit.
std::optional<std::int64_t> packed(const Packing& packing, double number);

/// "-3276.8 to 3276.7"
std::string range_text(const Packing& packing);

/// Appends the lowest `width` bytes of a number, highest first.
void append_number(std::int64_t number, int width, lorawan::Bytes& bytes);

/// Reads `packing.width` bytes, not yet scaled. `bytes` has at least that many.
std::int64_t read_number(const Packing& packing, std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
