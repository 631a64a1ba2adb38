#include "sim/lorawan/data_rate.h"

#include <fmt/format.h>

#include <charconv>

namespace sim::lorawan {

namespace {

/// Reads the whole of `text` as a number without leading zeros, or nothing.
std::optional<std::uint32_t> number(std::string_view text) {
  if (text.starts_with('0')) return std::nullopt;  // no part of a data rate is 0
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(const DataRate& rate) {
  if (rate.modulation == Modulation::fsk) return fmt::format("FSK{}", rate.bit_rate);
  return fmt::format("SF{}BW{}", rate.spreading_factor, rate.bandwidth_hz / 1000);
}

std::optional<DataRate> parse_data_rate(std::string_view text) {
  if (text.starts_with("FSK")) {
    const auto bit_rate = number(text.substr(3));
    return bit_rate && *bit_rate > 0 ? std::optional(fsk(*bit_rate)) : std::nullopt;
  }
  const std::size_t bw = text.find("BW");
  if (!text.starts_with("SF") || bw == std::string_view::npos) return std::nullopt;
  const auto spreading_factor = number(text.substr(2, bw - 2));
  const auto bandwidth = number(text.substr(bw + 2));
  if (!spreading_factor || *spreading_factor < 7 || *spreading_factor > 12) return std::nullopt;
  if (!bandwidth || (*bandwidth != 125 && *bandwidth != 250 && *bandwidth != 500)) {
    return std::nullopt;
  }
  return lora(static_cast<std::uint8_t>(*spreading_factor), *bandwidth * 1000);
}

}  // namespace sim::lorawan
