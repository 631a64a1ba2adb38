#include "sim/lorawan/airtime.h"

#include <algorithm>
#include <cstdint>

namespace sim::lorawan {

namespace {

constexpr std::size_t kDataFrameOverhead =
    13;                                    // MHDR 1, DevAddr 4, FCtrl 1, FCnt 2, FPort 1, MIC 4
constexpr std::int64_t kFskOverhead = 11;  // preamble 5, sync word 3, length 1, CRC 2

/// The radio switches on low-data-rate optimisation from a symbol time of 16 ms.
bool low_data_rate(const DataRate& rate) {
  const std::int64_t symbol_us = (std::int64_t{1} << rate.spreading_factor) * 1'000'000 /
                                 static_cast<std::int64_t>(rate.bandwidth_hz);
  return symbol_us >= 16'000;
}

std::int64_t ceil_div(std::int64_t a, std::int64_t b) {
  return (a + b - 1) / b;
}

}  // namespace

std::chrono::microseconds airtime(const DataRate& rate, const FrameShape& shape) {
  const auto length = static_cast<std::int64_t>(shape.phy_payload_bytes);
  if (rate.modulation == Modulation::fsk) {
    return std::chrono::microseconds((length + kFskOverhead) * 8 * 1'000'000 / rate.bit_rate);
  }
  const std::int64_t sf = rate.spreading_factor;
  const std::int64_t bits =
      8 * length - 4 * sf + 28 + (shape.crc ? 16 : 0) - (shape.explicit_header ? 0 : 20);
  const std::int64_t bits_a_block =
      4 * (sf - (shape.low_data_rate.value_or(low_data_rate(rate)) ? 2 : 0));
  const std::int64_t blocks = bits > 0 ? ceil_div(bits, bits_a_block) : 0;
  const std::int64_t payload_symbols = 8 + blocks * shape.coding_rate;
  const std::int64_t quarter_symbols = 4 * shape.preamble_symbols + 17 + 4 * payload_symbols;
  return std::chrono::microseconds(quarter_symbols * (std::int64_t{1} << sf) * 1'000'000 /
                                   (4 * static_cast<std::int64_t>(rate.bandwidth_hz)));
}

FrameShape data_frame(std::size_t payload_bytes, Direction direction) {
  FrameShape shape;
  shape.phy_payload_bytes = payload_bytes + kDataFrameOverhead;
  shape.crc = direction == Direction::up;
  return shape;
}

}  // namespace sim::lorawan
