// Time on air, exact to the microsecond, in integers.
//
// The length of a frame decides when a gateway stamps it, when the receive windows open and what a
// duty cycle costs. Called by sim::network. Thread rule: pure functions.
// Source: Semtech AN1200.13 and the SX1276 data sheet, 4.1.1.7 (LoRa) and 4.2.14 (FSK).
#pragma once

#include <cstddef>

#include "sim/lorawan/data_rate.h"

#include <chrono>

namespace sim::lorawan {

/// Which way a frame goes. Uplinks carry a CRC of the payload, downlinks do not.
enum class Direction : std::uint8_t { up, down };

/// What decides the airtime beside the data rate. `coding_rate` is the denominator: 5 for 4/5.
struct FrameShape {
  std::size_t phy_payload_bytes = 0;
  int coding_rate = 5;
  int preamble_symbols = 8;
  bool explicit_header = true;
  bool crc = true;
  /// Low-data-rate optimisation; nothing: as the symbol time asks for.
  std::optional<bool> low_data_rate{};
};

/// The time on air of a frame of that shape.
std::chrono::microseconds airtime(const DataRate& rate, const FrameShape& shape);

/// The shape of a data frame: 13 bytes of header, port and MIC around the application's payload.
FrameShape data_frame(std::size_t payload_bytes, Direction direction);

}  // namespace sim::lorawan
