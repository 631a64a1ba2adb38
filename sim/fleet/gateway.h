// A virtual gateway: where it stands, what it is called, and what its clocks say.
//
// A concentrator counts microseconds in 32 bits from its own start, and stamps the end of each
// frame; some gateways also know the time of day. Built by scenario, used by radio and dialects.
// Thread rule: immutable after the plan is compiled.
// Source: packet forwarder PROTOCOL.TXT (tmst, time); shared facts on radio, 3.1 and 3.7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/engine/sim_time.h"
#include "sim/fleet/position.h"
#include "sim/lorawan/identifiers.h"

namespace sim::fleet {

/// What the gateway knows of the time of day: nothing, whole seconds of its host (NTP), or GPS.
enum class ClockKind : std::uint8_t { none, ntp, gps };

/// The concentrator's counter: `offset` at the start of the run, then faster or slower by `drift`.
struct Clock {
  ClockKind kind = ClockKind::gps;
  std::uint32_t offset_us = 0;
  double drift_ppm = 0;
};

/// How the gateway's forwarder writes an SNR: as the concentrator measures it, in quarters of a dB;
/// with one decimal, as the UDP forwarder prints; in whole dB.
enum class SnrForm : std::uint8_t { quarters, tenths, whole };

/// Values that a test wants exactly so, in every reception of this gateway.
struct ReceptionPin {
  std::optional<float> rssi_dbm;
  std::optional<float> snr_db;
  std::optional<std::uint32_t> timestamp_us;
  std::optional<engine::SimTime> time;
  std::optional<std::uint8_t> channel;
  std::optional<std::uint8_t> rf_chain;
};

struct Gateway {
  std::string id;
  Position at;
  bool location_known = true;  ///< whether the network knows where it stands
  double antenna_gain_dbi = 0;
  double noise_figure_db = 6;
  double snr_ceiling_db = 9.4;  ///< what it reports of the strongest signals, on average
  SnrForm snr_form = SnrForm::quarters;
  Clock clock;
  ReceptionPin pin;
};

/// The concentrator's counter at `moment`, when the run began at `start`; wraps at 2^32 us.
std::uint32_t concentrator_timestamp(const Clock& clock, engine::SimTime start,
                                     engine::SimTime moment);

/// The time of day that the gateway writes beside a frame that ended at `moment`, if it knows any.
std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime moment);

}  // namespace sim::fleet
