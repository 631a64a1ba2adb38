// Cayenne LPP, as the deployed network had it.
//
// An uplink is a row of records: channel, type, value. A field is called `<name>_<channel>`
// ("temperature_1"); accelerometer, gyrometer and gps are fields of three numbers. A downlink is
// channels and values alone. The network computed in float32, so a value here is the shortest
// decimal of that float32.
// Called by format.cpp alone. Thread rule: pure functions. Source: shared facts on TTN v2,
// section 4; TheThingsNetwork/ttn, core/handler/cayennelpp (names of a downlink's fields).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// What a device sends: a record for each field, in the fields' order, is appended. What was
/// appended before an error stays.
tl::expected<void, std::string> encode_cayenne(const Fields& fields, lorawan::Bytes& bytes);

/// What the network made of an uplink. An unknown type or a record that is cut short makes the
/// whole payload an error.
tl::expected<Fields, std::string> decode_cayenne(std::span<const std::uint8_t> bytes);

/// What the network made of a downlink's fields: each `value_<n>` (0 to 255) that is a number is
/// appended as channel and hundredths, cut off toward zero. All other fields are ignored, so that
/// nothing may come of it. The error names a field that does not fit, and the range.
tl::expected<void, std::string> encode_cayenne_downlink(const Fields& fields,
                                                        lorawan::Bytes& bytes);

/// The device's reading of that: `value_<n>` for each channel; later ones win.
tl::expected<Fields, std::string> decode_cayenne_downlink(std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
