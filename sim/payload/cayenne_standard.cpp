#include "sim/payload/cayenne_standard.h"

#include "sim/payload/cayenne_record.h"

namespace sim::payload {

namespace {

constexpr Packing kColour{1, false, 1};

// Number, name, and how the value is packed: bytes, signed or not, how many to one.
constexpr LppType kTypes[] = {
    lpp_flag(0, "digital_in"),
    lpp_flag(1, "digital_out"),
    lpp_number(2, "analog_in", {2, true, 100}),
    lpp_number(3, "analog_out", {2, true, 100}),
    lpp_number(100, "generic_sensor", {4, false, 1}),
    lpp_number(101, "luminosity", {2, false, 1}),
    lpp_flag(102, "presence"),
    lpp_number(103, "temperature", {2, true, 10}),
    lpp_number(104, "relative_humidity", {1, false, 2}),
    lpp_xyz(113, "accelerometer", {2, true, 1000}),
    lpp_number(115, "barometric_pressure", {2, false, 10}),
    lpp_number(116, "voltage", {2, false, 100}),
    lpp_number(117, "current", {2, false, 1000}),
    lpp_number(118, "frequency", {4, false, 1}),
    lpp_number(120, "percentage", {1, false, 1}),
    lpp_number(121, "altitude", {2, true, 1}),
    lpp_number(125, "concentration", {2, false, 1}),
    lpp_number(128, "power", {2, false, 1}),
    lpp_number(130, "distance", {4, false, 1000}),
    lpp_number(131, "energy", {4, false, 1000}),
    lpp_number(132, "direction", {2, false, 1}),
    lpp_number(133, "unixtime", {4, false, 1}),
    lpp_xyz(134, "gyrometer", {2, true, 100}),
    lpp_parts(135, "colour", {LppPart{"r", kColour}, {"g", kColour}, {"b", kColour}}),
    lpp_parts(136, "gps",
              {LppPart{"latitude", {3, true, 10000}},
               {"longitude", {3, true, 10000}},
               {"altitude", {3, true, 100}}}),
    lpp_flag(142, "switch"),
};

double scaled(std::int64_t raw, double scale) {
  return static_cast<double>(raw) / scale;
}

}  // namespace

tl::expected<void, std::string> encode_cayenne_standard(const Fields& fields,
                                                        lorawan::Bytes& bytes) {
  return encode_records(kTypes, fields, bytes);
}

tl::expected<Fields, std::string> decode_cayenne_standard(std::span<const std::uint8_t> bytes) {
  return decode_records(kTypes, scaled, bytes);
}

}  // namespace sim::payload
