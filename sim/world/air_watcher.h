// Somebody who wants to see every frame on the air, also those that come to nothing.
//
// Happenings tell what the network and the devices learn; whether a duty cycle was kept can only be
// told from all that was sent. Implemented by tests and by the fidelity checks; given to World.
// Thread rule: the run's thread.
#pragma once

#include "sim/fleet/transmission.h"
#include "sim/network/downlink_choice.h"

namespace sim::world {

class AirWatcher {
 public:
  virtual ~AirWatcher() = default;
  /// A device sends; `join` tells a request to join from a data frame.
  virtual void device_sent(const fleet::Transmission& frame, bool join) = 0;
  /// A gateway has received a frame whole.
  virtual void gateway_received(std::uint32_t gateway, const fleet::Transmission& frame) = 0;
  /// A gateway sends.
  virtual void gateway_sent(std::uint32_t gateway, const network::Window& window) = 0;
};

}  // namespace sim::world
