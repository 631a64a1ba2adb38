// A virtual device: who it is, when and what it sends, and how it reacts to a downlink.
//
// Device is the immutable description that a Plan holds; what changes during a run (counter,
// fields, interval) is world::DeviceState's. Built by scenario, used by world.
// Thread rule: immutable after the plan is compiled. Source: LoRaWAN L2 1.0.4 (4.3: FCnt, FPort).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/shared_list.h"
#include "sim/engine/sim_time.h"
#include "sim/fleet/position.h"
#include "sim/fleet/send_pattern.h"
#include "sim/fleet/track.h"
#include "sim/lorawan/channel_plan.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/generator.h"

namespace sim::fleet {

/// What a downlink makes of a device. A rule without `f_port` holds for every port; each matching
/// rule is applied, in order.
struct Reaction {
  std::optional<std::uint8_t> f_port;
  std::optional<lorawan::Bytes> when_payload;  ///< the downlink is exactly these bytes
  payload::Fields when_fields;  ///< all of these must be in the decoded downlink; empty: always
  payload::Fields set;          ///< fields that take these values
  bool set_from_downlink =
      false;  ///< take over every field of the decoded downlink that the device has
  std::optional<engine::SimDuration> every;
  std::optional<std::uint8_t> new_f_port;
  std::optional<std::uint8_t> new_data_rate;
  bool joins_again = false;                   ///< drops its session and asks for another one (OTAA)
  std::optional<engine::SimDuration> reboot;  ///< off for so long; its fields begin anew
  std::optional<engine::SimDuration> silent;  ///< listens, but sends nothing for so long
  std::optional<Position> move;               ///< where it stands from then on; its height stays
};

/// Values that a test wants exactly so. Each replaces what the simulation would have made.
struct UplinkPin {
  std::optional<engine::SimTime> time;  ///< `metadata.time`
  std::optional<std::uint32_t> frequency_hz;
  std::optional<float> rssi_dbm;
  std::optional<float> snr_db;
  /// Exactly these gateways hear it, wherever they are (indices in the plan); empty: as the radio
  /// has it.
  std::vector<std::uint32_t> gateways;

  /// Whether the radio's luck is set aside: a pinned strength is heard with that strength.
  [[nodiscard]] bool is_heard() const { return rssi_dbm || snr_db || !gateways.empty(); }
};

/// How a device comes by its session: it was given one, or joins over the air.
enum class Activation : std::uint8_t { abp, otaa };

/// What runs down: charge in mAh, of which sleep, sending and listening take their share.
struct Battery {
  double capacity_mah = 0;
  double sleep_ua = 2;
};

/// How a device keeps to LoRaWAN beyond sending a frame now and then.
struct MacSettings {
  Activation activation = Activation::abp;
  bool class_c = false;            ///< listens all the time
  bool adr = false;                ///< lets the network set data rate and power
  std::uint8_t transmissions = 1;  ///< of an unconfirmed frame (NbTrans), 1 to 15
  bool keeps_duty_cycle = true;
  bool counter_16_bits = false;        ///< its counter goes from 65535 to 0
  bool trusted_counter = false;        ///< the network does not check it
  std::uint32_t link_check_every = 0;  ///< every so many frames it asks how it is heard; 0: never
  double clock_drift_ppm = 0;          ///< its intervals are so much longer
};

/// What every uplink needs stands first: in a large fleet each line of memory counts.
struct Device {
  SendPattern sends;
  payload::Source payload;
  MacSettings mac;
  std::uint8_t f_port = 1;
  bool confirmed = false;
  std::uint8_t data_rate_index = 0;
  std::uint32_t first_f_cnt = 0;
  double eirp_dbm = 14;
  double downlink_loss = 0;  ///< the share of downlinks that it does not hear, beside the radio's
  std::string id;
  lorawan::DevEui dev_eui;
  Position at;                         ///< where it stands, or begins to move
  std::shared_ptr<const Track> track;  ///< null: it stays where it is
  double building_loss_db = 0;         ///< what walls take from both directions
  engine::SharedList<Reaction> on_downlink;
  UplinkPin pin;
  std::optional<Battery> battery;
};

}  // namespace sim::fleet
