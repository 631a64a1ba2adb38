// How a frame is modulated: LoRa with a spreading factor and a bandwidth, or FSK with a bit rate.
//
// Called by everything that has to do with the air: airtime, link budget, dialects.
// Thread rule: values. Source: LoRaWAN regional parameters RP002-1.0.4, 2.x.3 (data rate tables).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::lorawan {

enum class Modulation : std::uint8_t { lora, fsk };

/// A data rate. For LoRa `spreading_factor` is 7..12 and `bandwidth_hz` 125000, 250000 or 500000;
/// for FSK both are 0 and `bit_rate` is in bit/s.
struct DataRate {
  Modulation modulation = Modulation::lora;
  std::uint8_t spreading_factor = 7;
  std::uint32_t bandwidth_hz = 125'000;
  std::uint32_t bit_rate = 0;

  bool operator==(const DataRate&) const = default;
};

constexpr DataRate lora(std::uint8_t spreading_factor, std::uint32_t bandwidth_hz) {
  return {Modulation::lora, spreading_factor, bandwidth_hz, 0};
}

constexpr DataRate fsk(std::uint32_t bit_rate) {
  return {Modulation::fsk, 0, 0, bit_rate};
}

/// "SF7BW125" for LoRa, "FSK50000" for FSK.
std::string to_string(const DataRate& rate);

/// Reads what to_string writes; nothing for any other text.
std::optional<DataRate> parse_data_rate(std::string_view text);

/// The demodulation floor, SNR in dB, of the SX1301's data sheet: -7.5 at SF7 to -20 at SF12;
/// wider bandwidths the same. FSK: +5 dB, an assumption, since no figure is published.
inline double snr_floor_db(const DataRate& rate) {
  if (rate.modulation == Modulation::fsk) return 5.0;
  return -7.5 - 2.5 * (rate.spreading_factor - 7);
}

}  // namespace sim::lorawan
