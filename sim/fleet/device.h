// A virtual device: who it is, when and what it sends, and how it reacts to a downlink.
//
// Device is the immutable description that a Plan holds; what changes during a run (counter,
// fields, interval) is network::DeviceState's. Built by scenario, used by network.
// Thread rule: immutable after the plan is compiled. Source: LoRaWAN L2 1.0.4 (4.3: FCnt, FPort).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/fleet/position.h"
#include "sim/fleet/track.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/generator.h"

namespace sim::fleet {

/// When a device sends: first after `first`, then every `every`, each time moved by a uniform share
/// of up to +-`jitter` of `every`.
struct SendPattern {
  engine::SimDuration first{};
  engine::SimDuration every{};
  double jitter = 0;  ///< 0.05 is 5%
};

/// What a downlink makes of a device. A rule without `f_port` holds for every port; each matching
/// rule is applied, in order.
struct Reaction {
  std::optional<std::uint8_t> f_port;
  payload::Fields when_fields;  ///< all of these must be in the decoded downlink; empty: always
  payload::Fields set;          ///< fields that take these values
  bool set_from_downlink =
      false;  ///< take over every field of the decoded downlink that the device has
  std::optional<engine::SimDuration> every;
  std::optional<std::uint8_t> new_f_port;
};

/// Values that a test wants exactly so. Each replaces what the simulation would have made.
struct UplinkPin {
  std::optional<engine::SimTime> time;  ///< `metadata.time`
  std::optional<std::uint32_t> frequency_hz;
};

struct Device {
  std::string id;
  lorawan::DevEui dev_eui;
  Position at;                         ///< where it stands, or begins to move
  std::shared_ptr<const Track> track;  ///< null: it stays where it is
  double building_loss_db = 0;         ///< what walls take from both directions
  SendPattern sends;
  std::uint8_t f_port = 1;
  std::uint32_t first_f_cnt = 0;
  bool confirmed = false;
  std::uint8_t data_rate_index = 0;
  double eirp_dbm = 14;
  double downlink_loss = 0;  ///< the share of downlinks that it does not hear, beside the radio's
  payload::Source payload;
  std::vector<Reaction> on_downlink;
  UplinkPin pin;
};

}  // namespace sim::fleet
