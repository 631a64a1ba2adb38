#include "sim/payload/packing.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace sim::payload {

namespace {

std::int64_t smallest(const Packing& packing) {
  return packing.is_signed ? -(std::int64_t{1} << (8 * packing.width - 1)) : 0;
}

std::int64_t largest(const Packing& packing) {
  const int bits = 8 * packing.width - (packing.is_signed ? 1 : 0);
  return (std::int64_t{1} << bits) - 1;
}

}  // namespace

std::optional<double> plain_number(const Value& value) {
  if (!value.is_number() || std::holds_alternative<bool>(value.variant())) return std::nullopt;
  return value.number();
}

std::optional<std::int64_t> packed(const Packing& packing, double number) {
  const double raw = std::round(number * packing.scale);
  if (!(raw >= static_cast<double>(smallest(packing)) &&
        raw <= static_cast<double>(largest(packing)))) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(raw);
}

std::string range_text(const Packing& packing) {
  return fmt::format("{} to {}", static_cast<double>(smallest(packing)) / packing.scale,
                     static_cast<double>(largest(packing)) / packing.scale);
}

void append_number(std::int64_t number, int width, lorawan::Bytes& bytes) {
  for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> shift));
  }
}

std::int64_t read_number(const Packing& packing, std::span<const std::uint8_t> bytes) {
  const auto width = static_cast<std::size_t>(packing.width);
  assert(bytes.size() >= width);
  std::int64_t number = 0;
  for (const std::uint8_t byte : bytes.first(width)) number = number * 256 + byte;
  return number > largest(packing) ? number - (std::int64_t{1} << (8 * width)) : number;
}

}  // namespace sim::payload
