// A frame on the air, from a device: what was sent, how, and when it ended.
// Made by network's device side, read by radio. Thread rule: a value; the payload is the device's.
// Source: LoRaWAN L2 1.0.4, 4.3.
#pragma once

#include <cstdint>

#include "sim/engine/sim_time.h"
#include "sim/fleet/device.h"
#include "sim/lorawan/channel_plan.h"

namespace sim::fleet {

struct Transmission {
  std::uint32_t device = 0;  ///< index in the plan
  std::uint64_t number = 0;  ///< tells it from all others; a lot is drawn by it
  std::uint32_t f_cnt = 0;
  std::uint8_t f_port = 1;
  std::uint8_t data_rate_index = 0;
  bool confirmed = false;
  bool ack = false;  ///< acknowledges the confirmed downlink heard before
  int attempt = 1;   ///< 2 for the first repetition of the same frame, and so on
  lorawan::UplinkChannel channel;
  std::uint8_t channel_index = 0;  ///< of the channel in the plan
  lorawan::DataRate data_rate;
  double eirp_dbm = 14;
  engine::SimTime start;
  engine::SimTime end;
  const UplinkPin* pin = nullptr;  ///< where its reception is not left to the radio
};

}  // namespace sim::fleet
