#include "sim/payload/cayenne.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>

#include "sim/payload/cayenne_record.h"

namespace sim::payload {

namespace {

// The barometric pressure is signed in the deployed decoder, unlike in Cayenne's own table.
constexpr LppType kTypes[] = {
    lpp_flag(0, "digital_in"),
    lpp_flag(1, "digital_out"),
    lpp_number(2, "analog_in", {2, true, 100}),
    lpp_number(3, "analog_out", {2, true, 100}),
    lpp_number(101, "luminosity", {2, false, 1}),
    lpp_flag(102, "presence"),
    lpp_number(103, "temperature", {2, true, 10}),
    lpp_number(104, "relative_humidity", {1, false, 2}),
    lpp_xyz(113, "accelerometer", {2, true, 1000}),
    lpp_number(115, "barometric_pressure", {2, true, 10}),
    lpp_xyz(134, "gyrometer", {2, true, 100}),
    lpp_parts(136, "gps",
              {LppPart{"latitude", {3, true, 10000}},
               {"longitude", {3, true, 10000}},
               {"altitude", {3, true, 100}}}),
};

/// A value in a downlink.
constexpr Packing kDownlinkValue{2, true, 100};
constexpr std::size_t kDownlinkRecord = 3;

/// The double that is written like the float: 27.2f becomes 27.2, not 27.200000762939453.
double as_written(float number) {
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, number);
  double result = 0;
  std::from_chars(digits, written.ptr, result);
  return result;
}

double scaled_as_float(std::int64_t raw, double scale) {
  return as_written(static_cast<float>(raw) / static_cast<float>(scale));
}

/// The channel of `value_<n>`, as Go's Atoi reads the number: with a sign, and with zeros before.
std::optional<std::uint8_t> downlink_channel(std::string_view name) {
  constexpr std::string_view kPrefix = "value_";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  if (name.size() > 1 && name[0] == '+' && name[1] != '-') name.remove_prefix(1);
  int channel = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), channel);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  if (channel < 0 || channel > 255) return std::nullopt;
  return static_cast<std::uint8_t>(channel);
}

}  // namespace

tl::expected<void, std::string> encode_cayenne(const Fields& fields, lorawan::Bytes& bytes) {
  return encode_records(kTypes, fields, bytes);
}

tl::expected<Fields, std::string> decode_cayenne(std::span<const std::uint8_t> bytes) {
  return decode_records(kTypes, scaled_as_float, bytes);
}

tl::expected<void, std::string> encode_cayenne_downlink(const Fields& fields,
                                                        lorawan::Bytes& bytes) {
  for (const auto& [name, value] : fields) {
    const auto channel = downlink_channel(name);
    const auto number = plain_number(value);
    if (!channel || !number) continue;
    const float hundredths = std::trunc(static_cast<float>(*number) * 100.0F);
    if (!(hundredths >= -32'768.0F && hundredths <= 32'767.0F)) {
      return tl::unexpected(fmt::format("field '{}' is {}; a downlink takes {}", name,
                                        to_text(value), range_text(kDownlinkValue)));
    }
    bytes.push_back(*channel);
    append_number(static_cast<std::int64_t>(hundredths), kDownlinkValue.width, bytes);
  }
  return {};
}

tl::expected<Fields, std::string> decode_cayenne_downlink(std::span<const std::uint8_t> bytes) {
  Fields fields;
  for (std::size_t at = 0; at < bytes.size(); at += kDownlinkRecord) {
    const auto record = bytes.subspan(at);
    if (record.size() < kDownlinkRecord) {
      return tl::unexpected(fmt::format("the record at byte {} is cut short", at));
    }
    const std::int64_t raw = read_number(kDownlinkValue, record.subspan(1));
    fields.set(fmt::format("value_{}", record[0]), scaled_as_float(raw, kDownlinkValue.scale));
  }
  return fields;
}

}  // namespace sim::payload
