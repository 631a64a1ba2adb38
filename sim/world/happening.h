// What happens in the simulated field: the closed list of facts that World tells of.
//
// Each is a small value; `run` puts them into the journal and posts the uplinks. A pointer in one
// is valid until World moves on. Made by World. Thread rule: the run's thread.
// Source: sim/README.md, "The way the data goes".
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sim/network/server.h"
#include "sim/network/uplink.h"

namespace sim::world {

/// The network hands an uplink to the application.
struct UplinkPublished {
  const network::Uplink* uplink;
};

/// No gateway heard a frame.
struct FrameLost {
  std::uint32_t device;
  std::uint32_t f_cnt;
  int attempt;
};

/// A device could not make its payload (a field left its type's range), and sent nothing.
struct FrameNotSent {
  std::uint32_t device;
  std::uint32_t f_cnt;
  std::string reason;
};

/// The network server refused a frame because of its counter.
struct FrameRefused {
  std::uint32_t device;
  std::uint32_t f_cnt;
  network::CounterVerdict verdict;
};

/// Something went out in a device's receive window. `number` is 0 for a bare acknowledgement.
struct DownlinkSent {
  std::uint64_t number;
  std::uint32_t device;
  std::uint64_t uplink;  ///< the number of the uplink whose window it is
  std::uint32_t gateway;
  std::uint32_t f_cnt_down;
  bool ack;
  bool heard;
  bool first_time;  ///< false where a confirmed downlink is sent again
};

/// The device acknowledged a confirmed downlink.
struct DownlinkAcknowledged {
  std::uint64_t number;
  std::uint32_t device;
};

/// A downlink reaction changed the device.
struct DeviceReacted {
  std::uint64_t number;  ///< of the downlink
  std::uint32_t device;
  std::size_t rules;  ///< how many `on_downlink` rules applied
};

/// A confirmed uplink was never acknowledged, and the device gave up.
struct UplinkGivenUp {
  std::uint32_t device;
  std::uint32_t f_cnt;
  int attempts;
};

/// A gateway went down or came back.
struct GatewayChanged {
  std::uint32_t gateway;
  bool up;
};

using Happening = std::variant<UplinkPublished, FrameLost, FrameNotSent, FrameRefused, DownlinkSent,
                               DownlinkAcknowledged, DeviceReacted, UplinkGivenUp, GatewayChanged>;

}  // namespace sim::world
