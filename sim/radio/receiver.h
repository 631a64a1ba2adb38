// What a receiver makes of a signal: whether it hears the frame, and which figures it reports.
//
// Data sheets give one floor for each data rate; real gateways hear some frames below it and miss
// some above. What they report is coarse, too: whole dBm of signal and noise together, an SNR that
// saturates, on the lattice of the packet forwarder. Called by LinkBudget. Thread rule: pure
// functions. Source: shared facts on radio, 3.1 to 3.4, measured over 175,000 receptions.
#pragma once

#include "sim/fleet/gateway.h"
#include "sim/lorawan/data_rate.h"

namespace sim::radio {

/// How a frame's strength differs from its link's mean, and how sharp the floor is. All in dB,
/// standard deviations.
struct RadioModel {
  double fading_db = 2.6;            ///< from frame to frame, within a channel of a static link
  double channel_db = 1.3;           ///< between the channels of a link, the same for the whole run
  double noise_db = 2.0;             ///< of a gateway's noise, from frame to frame
  double report_db = 0.9;            ///< of the SNR that the demodulator tells
  bool uneven_channels = true;       ///< where a radio's own oscillator lies there is more noise
  bool sharp_floor = false;          ///< the data sheet's floor, and nothing between heard and not
  bool correlated_shadowing = true;  ///< places near each other lie in the same shadows
  bool ghosts = true;  ///< a device beside a gateway is heard on a neighbouring channel as well
};

/// As closed forms assume: no fading, even noise, a sharp floor, each link in a shadow of its own.
constexpr RadioModel ideal_radio() {
  return {0, 0, 0, 0, false, true, false, false};
}

/// The lowest SNR at which any frame of that data rate was ever received, in dB.
double lowest_snr_db(const lorawan::DataRate& rate);

/// The chance that a frame with that SNR is received.
double reception_chance(const RadioModel& model, const lorawan::DataRate& rate, double snr_db);

/// Whether a frame with that SNR is received, by a lot in [0, 1).
inline bool is_received(const RadioModel& model, const lorawan::DataRate& rate, double snr_db,
                        double lot) {
  // Most frames are far above the floor, and their chance need not be worked out.
  constexpr double kSureDb = 6;
  if (snr_db > lorawan::snr_floor_db(rate) + kSureDb) return true;
  return lot < reception_chance(model, rate, snr_db);
}

/// The SNR on the lattice of the gateway's forwarder.
float reported_snr(fleet::SnrForm form, double snr_db);

}  // namespace sim::radio
