// From a transmission and a gateway to a reception, or to nothing.
//
// Sent power, minus path loss and the place's shadowing, against the gateway's noise, gives the
// signal-to-noise ratio; it decides by lot whether the frame is heard, and what is reported of it.
// Shadowing belongs to the pair of places, so a static link stays what it is; fading is new for
// each frame. What other frames do to it is Medium's matter. Called by World, for each transmission
// and each of its device's links. Thread rule: immutable but for reboot(); const calls. Source:
// shared facts on radio, 3.2 to 3.4 and 3.7.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/engine/prefetch.h"
#include "sim/engine/random.h"
#include "sim/fleet/gateway.h"
#include "sim/fleet/transmission.h"
#include "sim/radio/gateway_index.h"
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

/// Who sends from where. `lot` tells links apart: the device's index, and for one that moves also
/// where it is.
struct Sender {
  std::uint64_t lot = 0;
  fleet::Position at;
  double eirp_dbm = 14;
  double extra_loss_db = 0;  ///< of the walls around it
  /// No frame of it is ever heard below that: of its slowest data rate. Fast devices have fewer
  /// links.
  double lowest_snr_db = -24.8;
};

/// One frame at one gateway, as strong as it comes in.
struct Arrival {
  std::uint32_t gateway = 0;
  bool audible = false;          ///< strong enough, and lucky: heard, if nothing comes in between
  bool forced = false;           ///< pinned: heard whatever comes in between
  bool lost_on_the_way = false;  ///< heard, but the copy never comes to the network
  std::uint8_t antenna = 0;
  float power_dbm = 0;
  float rssi_dbm = 0;  ///< as it would be reported
  float snr_db = 0;
  std::uint16_t backhaul_lot = 0;
  std::uint16_t clock_lot = 0;
};

class LinkBudget {
 public:
  /// `path_loss` and `gateways` must outlive the budget.
  LinkBudget(std::uint64_t seed, const PathLoss& path_loss,
             std::span<const fleet::Gateway> gateways, engine::SimTime start,
             const RadioModel& model = {});

  /// Adds the gateways that may ever hear the sender, in the plan's order, to `links`.
  void find_links(const Sender& sender, std::vector<Link>& links) const;

  /// The link to one gateway, whether or not it ever hears.
  [[nodiscard]] Link link_to(const Sender& sender, std::uint32_t gateway) const;

  /// The same for a device that stays at its place.
  [[nodiscard]] std::vector<Link> links(std::uint32_t device, const fleet::Position& at,
                                        double eirp_dbm) const;

  /// How the transmission comes in over a link.
  [[nodiscard]] Arrival arrival(const fleet::Transmission& transmission, const Link& link,
                                std::uint8_t antenna = 0) const;
  void arrive(const fleet::Transmission& transmission, const Link& link, std::uint8_t antenna,
              Arrival& arrival) const;

  /// What the gateway reports of a frame that it heard. The second form writes it where it is to
  /// lie: a copy of what was only just written makes the processor wait.
  [[nodiscard]] Reception report(const fleet::Transmission& transmission,
                                 const Arrival& arrival) const;
  void report(const fleet::Transmission& transmission, const Arrival& arrival,
              Reception& reception) const;

  /// What every frame asks of a gateway, without reaching for its description.
  [[nodiscard]] int antennas(std::uint32_t gateway) const { return ears_[gateway].antennas; }
  [[nodiscard]] bool time_is_filtered(std::uint32_t gateway) const {
    return !ears_[gateway].clock.unfiltered && !ears_[gateway].has_pins;
  }

  /// Fetches what arrival() and report() need of a gateway.
  void prefetch(std::uint32_t gateway) const { engine::prefetch(&ears_[gateway], sizeof(Ear)); }

  /// Both, where nothing else is on the air; nothing where it is not heard.
  [[nodiscard]] std::optional<Reception> receive(const fleet::Transmission& transmission,
                                                 const Link& link) const;

  /// Whether the device at the other end of `link` hears a downlink of that power and data rate.
  [[nodiscard]] bool hears_downlink(const Link& link, const lorawan::DataRate& rate,
                                    double eirp_dbm, std::uint64_t downlink_number) const;

  /// The gateway comes back at `now` after a reboot: its counter begins anew.
  void reboot(std::uint32_t gateway, engine::SimTime now);

 private:
  /// What of a gateway every frame needs: two lines of memory.
  struct alignas(64) Ear {
    double noise_dbm = 0;   // in 125 kHz
    double ceiling_db = 0;  // of the SNR
    fleet::Backhaul backhaul;
    fleet::SnrForm snr_form = fleet::SnrForm::quarters;
    bool pinned = false;      // its strength
    bool has_pins = false;    // any at all
    bool renumbered = false;  // reports channels by other numbers than the plan
    std::uint8_t antennas = 1;
    fleet::Clock clock;
  };

  [[nodiscard]] double mean_loss(const Sender& sender, std::uint32_t gateway, double metres) const;
  [[nodiscard]] std::optional<double> shadowed_loss(const Sender& sender, std::uint32_t gateway,
                                                    double metres, double shared) const;
  [[nodiscard]] double shared_part(const Sender& sender) const;
  [[nodiscard]] double channel_offset_db(std::uint32_t device, std::uint32_t gateway,
                                         std::uint32_t frequency_hz) const;

  void renumber(const fleet::Transmission& transmission, Reception& reception) const;
  static void pin_down(const fleet::ReceptionPin& pin, Reception& reception);

  std::uint64_t seed_;
  const PathLoss& path_loss_;
  std::span<const fleet::Gateway> gateways_;
  engine::SimTime start_;
  RadioModel model_;
  GatewayIndex index_;
  std::vector<Ear> ears_;
  std::vector<std::uint32_t> pinned_;  // gateways
};

}  // namespace sim::radio
