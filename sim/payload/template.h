// The two directions of a template: named numbers to bytes, and back.
// Called by format.cpp alone; parse_template is in format.h. Thread rule: pure functions.
// Source: scenarios/README.md (templates).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <tl/expected.hpp>

#include "sim/payload/format.h"

namespace sim::payload {

/// Appends the fields' bytes; what was appended before an error stays.
tl::expected<void, std::string> encode_template(const Template& layout, const Fields& fields,
                                                lorawan::Bytes& bytes);

/// The payload must be exactly as long as the template. `fields` are overwritten, and empty on an
/// error.
tl::expected<void, std::string> decode_template(const Template& layout,
                                                std::span<const std::uint8_t> bytes,
                                                Fields& fields);

}  // namespace sim::payload
