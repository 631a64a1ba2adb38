// A virtual gateway: where it stands, what it is called, how it reports, and what its clocks say.
//
// A concentrator counts microseconds in 32 bits from its own start, and stamps the end of each
// frame; some gateways also know the time of day, not all of them rightly. Built by scenario, used
// by radio, world and dialects. Thread rule: immutable after the plan is compiled.
// Source: packet forwarder PROTOCOL.TXT (tmst, time); shared facts on radio, 2, 3.1 and 3.7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/fleet/position.h"
#include "sim/lorawan/identifiers.h"

namespace sim::fleet {

/// What the gateway knows of the time of day: nothing, whole seconds of its host (NTP), or GPS.
enum class ClockKind : std::uint8_t { none, ntp, gps };

/// The concentrator's counter: `offset` at the start of the run, then faster or slower by `drift`,
/// each stamp off by its own `jitter`. And the time of day, with what may be wrong with it.
struct Clock {
  ClockKind kind = ClockKind::gps;
  std::uint32_t offset_us = 0;
  double drift_ppm = 0;
  double jitter_us = 0;               ///< standard deviation of a stamp
  engine::SimDuration error{};        ///< how far the time of day is ahead; behind where negative
  bool starts_1980 = false;           ///< nobody set it: it counts from the GPS epoch, 1980-01-06
  bool unfiltered = false;            ///< no bridge on the way leaves out a time of long ago
  engine::SimDuration switched_on{};  ///< when it last began, from the start of the run
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

/// How a gateway reports one channel of the plan.
struct ReportedChannel {
  std::uint8_t channel = 0;
  std::uint8_t rf_chain = 0;

  bool operator==(const ReportedChannel&) const = default;
};

/// The way from the gateway to the network server: a copy takes `fastest` and an exponential tail
/// with `spread` as its mean, and is lost with the probability `loss`.
struct Backhaul {
  engine::SimDuration fastest = std::chrono::milliseconds(13);
  engine::SimDuration spread = std::chrono::milliseconds(20);
  double loss = 0;
};

struct Gateway {
  std::string id;
  Position at;
  bool location_known = true;  ///< whether the network knows where it stands
  double antenna_gain_dbi = 0;
  double noise_figure_db = 6;
  double snr_ceiling_db = 9.4;  ///< what it reports of the strongest signals, on average
  SnrForm snr_form = SnrForm::quarters;
  /// Of each of the plan's uplink channels, by the same index; empty: as the plan says.
  std::vector<ReportedChannel> channels;
  int antennas = 1;  ///< each reports a reception of its own
  Clock clock;
  Backhaul backhaul;
  ReceptionPin pin;
};

/// The concentrator's counter at `moment`, when the run began at `start`; wraps at 2^32 us.
/// `jitter_standard` is a standard normal value that the caller draws for this stamp.
std::uint32_t concentrator_timestamp(const Clock& clock, engine::SimTime start,
                                     engine::SimTime moment, double jitter_standard = 0);

/// The time of day that the gateway writes beside a frame that ended at `moment`, if it knows any.
std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime start,
                                           engine::SimTime moment);

/// The same of a clock that somebody set: what such a clock says does not hang on the run's start.
std::optional<engine::SimTime> time_of_day(const Clock& clock, engine::SimTime moment);

/// How long a concentrator has counted when the forwarder behind it hears its first frame.
constexpr engine::SimDuration kBootTime = std::chrono::seconds(3);

/// The clock of a gateway that hears again at `moment`, after it was switched on `boot` before: its
/// counter is `boot` then, and a clock that nobody set is back in 1980.
Clock rebooted(const Clock& clock, engine::SimTime start, engine::SimTime moment,
               engine::SimDuration boot = kBootTime);

}  // namespace sim::fleet
