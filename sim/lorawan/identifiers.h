// Identifiers of LoRaWAN, and hexadecimal text, which is how people write them.
//
// Strong types, so that an EUI cannot be handed over where a counter is meant. Hex lives here
// because identifiers are its first user; payloads in scenarios are the second.
// Called by scenario (reading), dialect (writing) and everything that names a device.
// Thread rule: values. Source: LoRaWAN L2 1.0.4 6.1 (DevEUI).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sim::lorawan {

using Bytes = std::vector<std::uint8_t>;

/// A device's 64-bit EUI.
struct DevEui {
  std::uint64_t value = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads a defaulted comparison
  auto operator<=>(const DevEui&) const = default;
};

/// 16 hexadecimal digits, upper case: "70B3D57ED0000001".
std::string to_string(DevEui eui);

/// Reads 16 hexadecimal digits, in either case; nothing for any other text.
std::optional<DevEui> parse_dev_eui(std::string_view text);

/// Upper-case hexadecimal without separators.
std::string to_hex(std::span<const std::uint8_t> bytes);

/// Reads pairs of hexadecimal digits, in either case, with spaces allowed between pairs; nothing
/// for odd or other text.
std::optional<Bytes> parse_hex(std::string_view text);

}  // namespace sim::lorawan
