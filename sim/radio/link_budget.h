// From a transmission and a gateway to a reception, or to nothing.
//
// Sent power, minus path loss and the place's shadowing, against the gateway's noise, gives the
// signal-to-noise ratio; below the data rate's floor nothing is heard. Shadowing belongs to the
// pair of places, so a static link stays what it is; fading is new for each frame. Called by
// network, for each transmission and each gateway. Thread rule: immutable, const calls. Source:
// shared facts on radio, 3.2 and 3.3.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "sim/engine/random.h"
#include "sim/fleet/gateway.h"
#include "sim/fleet/transmission.h"
#include "sim/radio/path_loss.h"
#include "sim/radio/receiver.h"
#include "sim/radio/reception.h"

namespace sim::radio {

/// Signal and noise of one frame at one place.
struct Signal {
  double rssi_dbm = 0;  ///< channel power: signal and noise together
  double snr_db = 0;
};

/// What a receiver sees of a signal of `power_dbm` over noise of `noise_dbm`; the SNR saturates
/// towards `snr_ceiling_db`.
Signal received_signal(double power_dbm, double noise_dbm, double snr_ceiling_db);

/// Thermal noise in a bandwidth, and what the receiver adds.
double noise_dbm(std::uint32_t bandwidth_hz, double noise_figure_db);

/// A pair of places that can hear each other at all, with its mean loss (shadowing included).
struct Link {
  std::uint32_t gateway = 0;
  double loss_db = 0;  ///< the same in both directions; antenna gain of the gateway taken off
};

class LinkBudget {
 public:
  /// `path_loss` and `gateways` must outlive the budget.
  LinkBudget(std::uint64_t seed, const PathLoss& path_loss,
             std::span<const fleet::Gateway> gateways, engine::SimTime start,
             const RadioModel& model = {});

  /// The gateways that may ever hear a device at `at`, in the plan's order: its links for the run.
  [[nodiscard]] std::vector<Link> links(std::uint32_t device, const fleet::Position& at,
                                        double eirp_dbm) const;

  /// What the link's gateway reports of the transmission; nothing below the floor.
  [[nodiscard]] std::optional<Reception> receive(const fleet::Transmission& transmission,
                                                 const Link& link) const;

  /// Whether the device at the other end of `link` hears a downlink of that power and data rate.
  [[nodiscard]] bool hears_downlink(const Link& link, const lorawan::DataRate& rate,
                                    double eirp_dbm, std::uint64_t downlink_number) const;

 private:
  [[nodiscard]] double shadow(std::uint32_t device, std::uint32_t gateway,
                              const fleet::Position& at) const;
  [[nodiscard]] double channel_offset_db(std::uint32_t device, std::uint32_t gateway,
                                         std::uint32_t frequency_hz) const;

  std::uint64_t seed_;
  const PathLoss& path_loss_;
  std::span<const fleet::Gateway> gateways_;
  engine::SimTime start_;
  RadioModel model_;
};

}  // namespace sim::radio
