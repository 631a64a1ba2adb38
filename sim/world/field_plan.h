// All that the simulated field is made of: what a scenario becomes for World.
//
// Built by scenario (and by tests), read by World and its parts. Thread rule: immutable.
// Source: scenarios/README.md.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/fleet/device.h"
#include "sim/fleet/gateway.h"
#include "sim/network/server.h"
#include "sim/payload/format.h"
#include "sim/radio/interference.h"
#include "sim/radio/link_budget.h"

namespace sim::world {

/// What a gateway does not do from `at` for `length`. In an outage it hears nothing and sends
/// nothing; a reboot is one after which its counter starts anew. Without a backhaul it hears, but
/// nothing comes from it or to it; what it heard it then sends (`flush`), or has forgotten.
struct Outage {
  enum class Kind : std::uint8_t { outage, reboot, backhaul };

  engine::SimTime at;
  engine::SimDuration length{};
  std::uint32_t gateway = 0;
  Kind kind = Kind::outage;
  bool flush = false;
};

/// What happens to some devices at a moment.
struct DeviceAction {
  enum class Kind : std::uint8_t {
    power_cut,      ///< off for `length`; then on again, each within `within`
    reset_counter,  ///< its counter begins at 0, and the network knows nothing of it
    forget,         ///< the network's owner lets it forget the counter as well
    skip_counter,   ///< leaves out `count` numbers
    send,           ///< an uplink out of turn, each within `within`
  };

  engine::SimTime at;
  Kind kind = Kind::power_cut;
  std::vector<std::uint32_t> devices;
  engine::SimDuration length{};
  engine::SimDuration within{};
  std::uint32_t count = 0;
};

/// All that the field is made of. Immutable; must outlive the World.
struct FieldPlan {
  std::uint64_t seed = 1;
  engine::SimTime start;
  engine::SimDuration duration{};
  const lorawan::ChannelPlan* channels = nullptr;
  radio::LogDistance path_loss;
  radio::RadioModel receiver;
  /// How frames disturb each other; nullptr: not at all.
  const radio::InterferenceModel* interference = &radio::interference_models().front();
  network::ServerSettings server;
  payload::Format format;           ///< what the devices encode with
  payload::Format downlink_format;  ///< what they read downlinks with
  std::vector<fleet::Gateway> gateways;
  std::vector<fleet::Device> devices;
  std::vector<Outage> outages;
  std::vector<DeviceAction> actions;
};

}  // namespace sim::world
