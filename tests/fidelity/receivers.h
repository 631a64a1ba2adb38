// Gateways as a scenario makes them, and frames of an exact strength for them.
//
// Checks of what gateways report ask for signals over the receiver's noise, not for places on a
// map: here a link has no loss, and a frame's power is the power that arrives. The gateways come
// from a scenario's text, so that what a user gets is what is held. Called by the files of checks.
// Thread rule: belongs to one check.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lorawan/channel_plan.h"
#include "sim/radio/link_budget.h"
#include "sim/scenario/plan.h"

namespace sim::fidelity {

/// The plan of a scenario in YAML. Throws std::runtime_error with what is wrong with it.
scenario::Plan plan_of(const std::string& text);

/// `count` gateways of a profile ("outdoor", "indoor") and a forwarder ("udp", "station",
/// "kerlink").
std::vector<fleet::Gateway> gateways_of(std::string_view profile, std::string_view forwarder,
                                        std::size_t count);

/// Thermal noise in 125 kHz with the noise figure that the references count with, 6 dB.
constexpr double kNoiseDbm = -117.03;

/// The channels of EU868 on which SF7 to SF12 are sent at 125 kHz.
std::vector<lorawan::UplinkChannel> eu868_channels();

/// Noise as it can be told from a report: RSSI is signal and noise together.
double implied_noise_dbm(const radio::Reception& reception);
/// Signal power as it can be told from a report.
double implied_power_dbm(const radio::Reception& reception);

class Receivers {
 public:
  explicit Receivers(std::vector<fleet::Gateway> gateways, std::uint64_t seed = 1);
  Receivers(const Receivers&) = delete;
  Receivers& operator=(const Receivers&) = delete;

  /// What `gateway` reports of the device's next frame, if it hears it.
  std::optional<radio::Reception> hear(std::uint32_t gateway, std::uint32_t device,
                                       const lorawan::DataRate& rate, double power_dbm,
                                       const lorawan::UplinkChannel& channel);
  /// The same on 868.1 MHz.
  std::optional<radio::Reception> hear(std::uint32_t gateway, std::uint32_t device,
                                       const lorawan::DataRate& rate, double power_dbm);

  /// What the gateways report of `frames` frames in turns, each from a device of its own, whose
  /// powers go evenly from `from_dbm` to `to_dbm`.
  std::vector<radio::Reception> sweep(const lorawan::DataRate& rate, double from_dbm, double to_dbm,
                                      std::size_t frames);

  [[nodiscard]] std::size_t size() const { return gateways_.size(); }

 private:
  radio::LogDistancePathLoss path_loss_;
  std::vector<fleet::Gateway> gateways_;
  radio::LinkBudget budget_;
  std::uint64_t next_ = 0;
};

}  // namespace sim::fidelity
