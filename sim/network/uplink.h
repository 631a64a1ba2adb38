// An uplink as the network server has it: one frame and all its receptions.
//
// Made by Server when the de-duplication window of a frame closes, handed on by World, dressed with
// fields and names by application, written by a dialect. Thread rule: a value of the run's thread.
// Source: API reference, "Uplink"; shared facts on TTN v2, 5.1 to 5.3.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/lorawan/identifiers.h"
#include "sim/radio/reception.h"

namespace sim::network {

struct Uplink {
  std::uint64_t number = 0;     ///< counts the run's uplinks, from 1
  std::uint32_t device = 0;     ///< index in the plan
  engine::SimTime received_at;  ///< when the first copy came: `metadata.time`
  std::uint32_t f_cnt = 0;
  std::uint8_t f_port = 1;
  bool confirmed = false;
  /// The same counter as the uplink before, in the same session: the documented meaning.
  bool is_retry = false;
  /// The deployed rule: the counter equals the stored one, which is 0 on a new device.
  bool is_retry_as_deployed = false;
  int attempt = 1;  ///< of the device: 2 for the first repetition of a frame
  lorawan::TxSettings tx;
  std::uint8_t data_rate_index = 0;
  lorawan::Bytes payload;
  std::vector<radio::Reception> receptions;  ///< in order of arrival, never empty
};

}  // namespace sim::network
