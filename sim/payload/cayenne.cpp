#include "sim/payload/cayenne.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "sim/payload/packing.h"

namespace sim::payload {

namespace {

struct Axis {
  std::string_view name;  // empty where the field is the number itself
  Packing packing;
};

struct Type {
  std::uint8_t number;
  std::string_view name;
  std::array<Axis, 3> axes;
  std::size_t axis_count;

  [[nodiscard]] std::span<const Axis> parts() const { return {axes.data(), axis_count}; }
  [[nodiscard]] std::size_t length() const {
    std::size_t sum = 0;
    for (const Axis& axis : parts()) sum += static_cast<std::size_t>(axis.packing.width);
    return sum;
  }
};

constexpr Type plain(std::uint8_t number, std::string_view name, Packing packing) {
  return {number, name, {Axis{"", packing}}, 1};
}

constexpr Type xyz(std::uint8_t number, std::string_view name, Packing packing) {
  return {number, name, {Axis{"x", packing}, Axis{"y", packing}, Axis{"z", packing}}, 3};
}

// The barometric pressure is signed in the deployed decoder, unlike in Cayenne's own table.
constexpr Type kTypes[] = {
    plain(0, "digital_in", {1, false, 1}),
    plain(1, "digital_out", {1, false, 1}),
    plain(2, "analog_in", {2, true, 100}),
    plain(3, "analog_out", {2, true, 100}),
    plain(101, "luminosity", {2, false, 1}),
    plain(102, "presence", {1, false, 1}),
    plain(103, "temperature", {2, true, 10}),
    plain(104, "relative_humidity", {1, false, 2}),
    xyz(113, "accelerometer", {2, true, 1000}),
    plain(115, "barometric_pressure", {2, true, 10}),
    xyz(134, "gyrometer", {2, true, 100}),
    {136,
     "gps",
     {Axis{"latitude", {3, true, 10000}}, Axis{"longitude", {3, true, 10000}},
      Axis{"altitude", {3, true, 100}}},
     3},
};

/// The double that is written like the float: 27.2f becomes 27.2, not 27.200000762939453.
double as_written(float number) {
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, number);
  double result = 0;
  std::from_chars(digits, written.ptr, result);
  return result;
}

Value decode_axis(const Axis& axis, std::span<const std::uint8_t> bytes) {
  const std::int64_t raw = read_number(axis.packing, bytes);
  if (axis.packing.scale == 1) return raw;
  return as_written(static_cast<float>(raw) / static_cast<float>(axis.packing.scale));
}

Value decode_record(const Type& type, std::span<const std::uint8_t> bytes) {
  if (type.axis_count == 1) return decode_axis(type.axes[0], bytes);
  Fields fields;
  for (const Axis& axis : type.parts()) {
    fields.set(axis.name, decode_axis(axis, bytes));
    bytes = bytes.subspan(static_cast<std::size_t>(axis.packing.width));
  }
  return fields;
}

struct FieldName {
  const Type* type;
  std::uint8_t channel;
};

std::optional<std::uint8_t> parse_channel(std::string_view text) {
  std::uint8_t channel = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), channel);
  const bool padded = text.size() > 1 && text[0] == '0';
  if (error != std::errc{} || end != text.data() + text.size() || padded) return std::nullopt;
  return channel;
}

tl::expected<FieldName, std::string> parse_name(std::string_view name) {
  const std::size_t bar = name.rfind('_');
  const auto channel =
      bar == std::string_view::npos ? std::nullopt : parse_channel(name.substr(bar + 1));
  if (!channel) {
    return tl::unexpected(fmt::format(
        "field '{}' has no Cayenne LPP channel; write for example 'temperature_1'", name));
  }
  const std::string_view wanted = name.substr(0, bar);
  const auto* const type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                        [&](const Type& t) { return t.name == wanted; });
  if (type == std::end(kTypes)) {
    return tl::unexpected(fmt::format("field '{}': Cayenne LPP has no type '{}'", name, wanted));
  }
  return FieldName{type, *channel};
}

tl::unexpected<std::string> refused(const Axis& axis, std::string_view field, std::string_view type,
                                    const Value& value, std::string_view wanted) {
  return tl::unexpected(fmt::format("field '{}{}{}' is {}; {} takes {}", field,
                                    axis.name.empty() ? "" : ".", axis.name, to_text(value), type,
                                    wanted));
}

tl::expected<void, std::string> encode_axis(const Axis& axis, std::string_view field,
                                            std::string_view type, const Value& value,
                                            lorawan::Bytes& bytes) {
  // Truth values suit what is one plain byte: inputs, outputs and presence.
  const bool is_flag = axis.packing.width == 1 && axis.packing.scale == 1;
  const auto number =
      is_flag && value.is_number() ? std::optional(value.number()) : plain_number(value);
  if (!number) return refused(axis, field, type, value, "a number");
  const auto raw = packed(axis.packing, *number);
  if (!raw) return refused(axis, field, type, value, range_text(axis.packing));
  append_number(*raw, axis.packing.width, bytes);
  return {};
}

tl::expected<void, std::string> encode_axes(const Type& type, std::string_view field,
                                            const Value& value, lorawan::Bytes& bytes) {
  const auto* const fields = std::get_if<Fields>(&value.variant());
  if (fields == nullptr || fields->size() != type.axis_count) {
    return tl::unexpected(fmt::format("field '{}' is {}; {} takes {}, {} and {}", field,
                                      to_text(value), type.name, type.axes[0].name,
                                      type.axes[1].name, type.axes[2].name));
  }
  for (const Axis& axis : type.parts()) {
    const Value* part = fields->find(axis.name);
    if (part == nullptr) {
      return tl::unexpected(fmt::format("field '{}.{}' is missing", field, axis.name));
    }
    if (auto done = encode_axis(axis, field, type.name, *part, bytes); !done) return done;
  }
  return {};
}

}  // namespace

tl::expected<void, std::string> encode_cayenne(const Fields& fields, lorawan::Bytes& bytes) {
  for (const auto& [name, value] : fields) {
    const auto parsed = parse_name(name);
    if (!parsed) return tl::unexpected(parsed.error());
    const Type& type = *parsed->type;
    bytes.push_back(parsed->channel);
    bytes.push_back(type.number);
    auto done = type.axis_count == 1 ? encode_axis(type.axes[0], name, type.name, value, bytes)
                                     : encode_axes(type, name, value, bytes);
    if (!done) return done;
  }
  return {};
}

tl::expected<Fields, std::string> decode_cayenne(std::span<const std::uint8_t> bytes) {
  Fields fields;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto record = bytes.subspan(at);
    if (record.size() < 2) {
      return tl::unexpected(fmt::format("the record at byte {} is cut short", at));
    }
    const auto* const type = std::find_if(std::begin(kTypes), std::end(kTypes),
                                          [&](const Type& t) { return t.number == record[1]; });
    if (type == std::end(kTypes)) {
      return tl::unexpected(
          fmt::format("byte {} is {}, which is no Cayenne LPP type", at + 1, record[1]));
    }
    if (record.size() < 2 + type->length()) {
      return tl::unexpected(fmt::format("the {} record at byte {} is cut short", type->name, at));
    }
    fields.set(fmt::format("{}_{}", type->name, record[0]),
               decode_record(*type, record.subspan(2, type->length())));
    at += 2 + type->length();
  }
  return fields;
}

}  // namespace sim::payload
