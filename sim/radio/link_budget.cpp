#include "sim/radio/link_budget.h"

#include <algorithm>
#include <cmath>

namespace sim::radio {

namespace {

constexpr double kThermalNoiseDbmHz = -174.0;
constexpr double kFadingSigmaDb = 2.6;          // within a channel of a static link, as measured
constexpr double kDemodulatorCeilingDb = 11.0;  // reported SNR saturates around here
constexpr double kMinRssiDbm = -127.0;          // the SX1301 reports nothing lower
constexpr double kDeviceNoiseFigureDb = 6.0;
constexpr double kLargestFadeDb = 5 * kFadingSigmaDb;  // beyond this a link is never heard
constexpr double kLowestFloorDb = -20.0;               // SF12
constexpr auto kMinBackhaul = std::chrono::milliseconds(13);
constexpr double kBackhaulSpreadMs = 20.0;

double ratio(double db) {
  return std::pow(10.0, db / 10.0);
}
double decibel(double ratio) {
  return 10.0 * std::log10(ratio);
}

/// The bandwidth that noise is counted in; FSK at 50 kbit/s is received in 125 kHz as well.
std::uint32_t noise_bandwidth(const lorawan::DataRate& rate) {
  return rate.modulation == lorawan::Modulation::lora ? rate.bandwidth_hz : 125'000;
}

/// A pinned strength says that the frame is heard with it, wherever the device is.
bool is_pinned(const fleet::ReceptionPin& pin) {
  return pin.rssi_dbm || pin.snr_db;
}

/// Concentrators report quarters of a dB.
float snr_on_lattice(double snr_db) {
  return static_cast<float>(std::round(snr_db * 4.0) / 4.0);
}

}  // namespace

Signal received_signal(double power_dbm, std::uint32_t bandwidth_hz, double noise_figure_db) {
  const double noise_dbm = kThermalNoiseDbmHz + decibel(bandwidth_hz) + noise_figure_db;
  const double gamma = ratio(power_dbm - noise_dbm);
  return {noise_dbm + decibel(1.0 + gamma),
          -decibel(1.0 / gamma + 1.0 / ratio(kDemodulatorCeilingDb))};
}

LinkBudget::LinkBudget(std::uint64_t seed, const PathLoss& path_loss,
                       std::span<const fleet::Gateway> gateways, engine::SimTime start)
    : seed_(seed), path_loss_(path_loss), gateways_(gateways), start_(start) {}

std::vector<Link> LinkBudget::links(std::uint32_t device, const fleet::Position& at,
                                    double eirp_dbm) const {
  std::vector<Link> links;
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) {
    const fleet::Gateway& gateway = gateways_[i];
    engine::Random shadow(seed_, engine::Purpose::shadowing, engine::mixed_subject(device, i));
    const Link link{i, path_loss_.mean_db(fleet::distance_m(at, gateway.at)) +
                           path_loss_.shadowing_sigma_db() * shadow.normal() -
                           gateway.antenna_gain_dbi};
    const Signal best =
        received_signal(eirp_dbm - link.loss_db + kLargestFadeDb, 125'000, gateway.noise_figure_db);
    if (is_pinned(gateway.pin) || best.snr_db >= kLowestFloorDb) links.push_back(link);
  }
  return links;
}

double LinkBudget::fading_db(std::uint64_t frame, std::uint32_t gateway, bool down) const {
  const std::uint64_t subject = engine::mixed_subject(frame * 2 + (down ? 1 : 0), gateway);
  return kFadingSigmaDb * engine::Random(seed_, engine::Purpose::fading, subject).normal();
}

std::optional<Reception> LinkBudget::receive(const fleet::Transmission& transmission,
                                             const Link& link) const {
  const fleet::Gateway& gateway = gateways_[link.gateway];
  const fleet::ReceptionPin& pin = gateway.pin;
  const double power =
      transmission.eirp_dbm - link.loss_db + fading_db(transmission.number, link.gateway, false);
  const Signal signal =
      received_signal(power, noise_bandwidth(transmission.data_rate), gateway.noise_figure_db);
  if (!is_pinned(pin) && signal.snr_db < lorawan::snr_floor_db(transmission.data_rate)) {
    return std::nullopt;
  }

  const bool fsk = transmission.data_rate.modulation == lorawan::Modulation::fsk;
  Reception reception;
  reception.gateway = link.gateway;
  reception.timestamp_us = pin.timestamp_us.value_or(
      fleet::concentrator_timestamp(gateway.clock, start_, transmission.end));
  reception.time = pin.time ? pin.time : fleet::time_of_day(gateway.clock, transmission.end);
  reception.channel = pin.channel.value_or(transmission.channel.number);
  reception.rf_chain = pin.rf_chain.value_or(transmission.channel.rf_chain);
  reception.rssi_dbm =
      pin.rssi_dbm.value_or(static_cast<float>(std::round(std::max(signal.rssi_dbm, kMinRssiDbm))));
  // The concentrator measures no SNR of FSK frames and reports 0.
  reception.snr_db = pin.snr_db.value_or(fsk ? 0.0F : snr_on_lattice(signal.snr_db));
  engine::Random backhaul(seed_, engine::Purpose::backhaul,
                          engine::mixed_subject(transmission.number, link.gateway));
  // An exponential tail over a fixed minimum, cut at 180 ms: within the de-duplication window.
  const double delay_ms = std::min(-std::log(1.0 - backhaul.uniform()) * kBackhaulSpreadMs, 180.0);
  reception.arrived = transmission.end + kMinBackhaul +
                      engine::SimDuration(static_cast<engine::SimDuration::rep>(delay_ms * 1e6));
  return reception;
}

bool LinkBudget::hears_downlink(const Link& link, const lorawan::DataRate& rate, double eirp_dbm,
                                std::uint64_t downlink_number) const {
  if (is_pinned(gateways_[link.gateway].pin)) return true;
  const double power = eirp_dbm - link.loss_db + fading_db(downlink_number, link.gateway, true);
  return received_signal(power, noise_bandwidth(rate), kDeviceNoiseFigureDb).snr_db >=
         lorawan::snr_floor_db(rate);
}

}  // namespace sim::radio
