// What one gateway reports of one frame.
// Made by radio, merged by network, written by dialects. Thread rule: a value.
// Source: API reference, "gateways"; packet forwarder PROTOCOL.TXT.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/engine/sim_time.h"

namespace sim::radio {

struct Reception {
  std::uint32_t gateway = 0;       ///< index in the plan
  std::uint32_t timestamp_us = 0;  ///< the concentrator's counter at the frame's end
  std::optional<engine::SimTime> time;
  std::uint8_t antenna = 0;  ///< of the gateway, from 0
  std::uint8_t channel = 0;
  std::uint8_t rf_chain = 0;
  float rssi_dbm = 0;       ///< channel power, whole dBm
  float snr_db = 0;         ///< in steps of 0.25 dB
  engine::SimTime arrived;  ///< when the network server got this copy
};

}  // namespace sim::radio
