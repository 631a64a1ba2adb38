// Cayenne LPP, as its public libraries have it: more types, and the same in both directions.
//
// The twelve types of the specification, and the ones that the widely used libraries add. Unlike
// on the deployed network the barometric pressure has no sign, values are exact decimals, and a
// downlink looks like an uplink. Fields are called as in cayenne.h (`<name>_<channel>`), and after
// the libraries' constants where that has no name.
// Called by format.cpp alone. Thread rule: pure functions. Source: myDevices, Cayenne LPP
// ("Data Types"); ElectronicCats/CayenneLPP, src/CayenneLPP.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::payload {

/// Appends a record for each field, in the fields' order; what was appended before an error stays.
/// Numbers are rounded to what their type holds.
tl::expected<void, std::string> encode_cayenne_standard(const Fields& fields,
                                                        lorawan::Bytes& bytes);

/// An unknown type or a record that is cut short makes the whole payload an error.
tl::expected<Fields, std::string> decode_cayenne_standard(std::span<const std::uint8_t> bytes);

}  // namespace sim::payload
