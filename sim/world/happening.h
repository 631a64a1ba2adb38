// What happens in the simulated field: the closed list of facts that World tells of.
//
// Each is a small value; `run` puts them into the journal and posts the uplinks. A pointer in one
// is valid until World moves on. Made by World. Thread rule: the run's thread.
// Source: sim/README.md, "The way the data goes".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "sim/network/server.h"
#include "sim/network/uplink.h"

namespace sim::world {

/// The network hands an uplink to the application.
struct UplinkPublished {
  const network::Uplink* uplink;
};

/// The network got nothing of a frame.
struct FrameLost {
  std::uint32_t device;
  std::uint32_t f_cnt;
  int attempt;
  std::string_view reason;
};

/// A frame has to wait: the device may not send yet.
struct FrameDelayed {
  std::uint32_t device;
  engine::SimTime until;
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
  bool duplicate;  ///< the frame itself was taken before: a late copy, or an unasked repetition
};

/// Something went out in a device's receive window. `number` is 0 for a bare acknowledgement.
struct DownlinkSent {
  std::uint64_t number;
  std::uint32_t device;
  std::uint64_t uplink;  ///< the number of the uplink whose window it is
  std::uint32_t gateway;
  std::uint8_t window;  ///< 1 or 2; 0 is at once, to a device that always listens
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

/// A device joined the network: it has a new session.
struct DeviceJoined {
  std::uint32_t device;
  std::uint32_t attempt;
  std::uint32_t gateway;
  std::uint8_t window;
};

/// A join request came to nothing.
struct JoinFailed {
  std::uint32_t device;
  std::uint32_t attempt;
  std::string_view reason;
};

/// Something befell a device.
struct DeviceChanged {
  std::uint32_t device;
  std::string_view what;
};

/// The network set a device's data rate and power.
struct DeviceAdapted {
  std::uint32_t device;
  std::uint8_t data_rate;
  int power_dbm;
};

/// A gateway went down or came back.
struct GatewayChanged {
  std::uint32_t gateway;
  bool up;
};

using Happening =
    std::variant<UplinkPublished, FrameLost, FrameDelayed, FrameNotSent, FrameRefused, DownlinkSent,
                 DownlinkAcknowledged, DeviceReacted, UplinkGivenUp, DeviceJoined, JoinFailed,
                 DeviceChanged, DeviceAdapted, GatewayChanged>;

}  // namespace sim::world
