// Cayenne LPP, as the deployed network decoded it.
//
// A payload is a row of records: channel, type, value. A field is called `<name>_<channel>`
// ("temperature_1"); accelerometer, gyrometer and gps are fields of three numbers. The network
// computed in float32, so a value here is the shortest decimal of that float32.
// Called by format.cpp alone. Thread rule: pure functions. Source: shared facts on TTN v2,
// section 4.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// Appends a record for each field, in the fields' order; what was appended before an error stays.
tl::expected<void, std::string> encode_cayenne(const Fields& fields, lorawan::Bytes& bytes);

/// An unknown type or a record that is cut short makes the whole payload an error.
tl::expected<Fields, std::string> decode_cayenne(std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
