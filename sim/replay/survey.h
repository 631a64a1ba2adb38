// What a recording holds, found by looking through it once before anything is sent.
//
// A run has to know its devices and gateways beforehand, and whoever runs it wants to hear of all
// that cannot be used before the first request goes out. A file of any size takes the memory of its
// devices and gateways, not of its uplinks. Called by cli, and read by Playback. Thread rule: a
// value; look_through() reads a file. Source: sim/recording/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "sim/application/uplink_reading.h"
#include "sim/dialect/dialect.h"
#include "sim/fleet/device.h"
#include "sim/fleet/gateway.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/recording/recorded.h"

namespace sim::replay {

/// An uplink out of a recording, and the request that brought it.
struct RecordedUplink {
  recording::Recorded recorded;
  application::UplinkReading reading;
  engine::SimTime at;  ///< when it came; never before the one before
};

struct Survey {
  std::string path;
  const dialect::Dialect* dialect = nullptr;
  const lorawan::ChannelPlan* region = nullptr;  ///< the one that its frequencies fit best
  std::uint64_t uplinks = 0;
  engine::SimTime first, last;  ///< when they came
  engine::SimTime first_time;   ///< that the first one's body says; `first` where it says none
  std::vector<fleet::Device> devices;
  std::vector<fleet::Gateway> gateways;
  std::unordered_map<std::string, std::uint32_t> device_index, gateway_index;
  std::string app_id, process;              ///< of the first uplink; empty where it does not say
  http::Request request;                    ///< the first uplink's, without its body
  std::vector<std::string> masked_headers;  ///< of the first uplink: their values are not known
  std::uint64_t broken = 0;                 ///< requests of no use
  std::uint64_t skipped = 0;                ///< entries of a HAR file that are no POST or PUT
  std::string problems;                     ///< what is wrong with them, a line each
};

/// Throws std::system_error where the file cannot be read. `dialect` nullptr: it is found out.
Survey look_through(const std::string& path, const dialect::Dialect* dialect);

}  // namespace sim::replay
