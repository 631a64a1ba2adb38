#include "sim/radio/link_budget.h"

#include <algorithm>
#include <cmath>

#include "sim/radio/shadowing.h"

namespace sim::radio {

namespace {

constexpr double kThermalNoiseDbmHz = -174.0;
constexpr double kMinRssiDbm = -127.0;  // the SX1301 reports nothing lower
constexpr double kDeviceNoiseFigureDb = 6.0;
constexpr double kLowestFloorDb = -24.8;  // of SF12, as measured
constexpr double kFarAway = 4.0;          // standard deviations, beyond which a link is never heard
constexpr auto kMinBackhaul = std::chrono::milliseconds(13);
constexpr double kBackhaulSpreadMs = 20.0;

// exp and log take half the time of pow and log10.
constexpr double kNaturalLogOfTen = 2.302585092994045684;

double ratio(double db) {
  return std::exp(db * (kNaturalLogOfTen / 10.0));
}
double decibel(double ratio) {
  return (10.0 / kNaturalLogOfTen) * std::log(ratio);
}

/// The bandwidth that noise is counted in; FSK at 50 kbit/s is received in 125 kHz as well.
std::uint32_t noise_bandwidth(const lorawan::DataRate& rate) {
  return rate.modulation == lorawan::Modulation::lora ? rate.bandwidth_hz : 125'000;
}

/// A pinned strength says that the frame is heard with it, wherever the device is.
bool is_pinned(const fleet::ReceptionPin& pin) {
  return pin.rssi_dbm || pin.snr_db;
}

}  // namespace

double noise_dbm(std::uint32_t bandwidth_hz, double noise_figure_db) {
  return kThermalNoiseDbmHz + decibel(bandwidth_hz) + noise_figure_db;
}

Signal received_signal(double power_dbm, double noise_dbm, double snr_ceiling_db) {
  const double gamma = ratio(power_dbm - noise_dbm);
  return {noise_dbm + decibel(1.0 + gamma), -decibel(1.0 / gamma + 1.0 / ratio(snr_ceiling_db))};
}

LinkBudget::LinkBudget(std::uint64_t seed, const PathLoss& path_loss,
                       std::span<const fleet::Gateway> gateways, engine::SimTime start,
                       const RadioModel& model)
    : seed_(seed), path_loss_(path_loss), gateways_(gateways), start_(start), model_(model) {}

double LinkBudget::shadow(std::uint32_t device, std::uint32_t gateway,
                          const fleet::Position& at) const {
  if (model_.correlated_shadowing) return correlated_shadow(seed_, device, gateway, at);
  return engine::Random(seed_, engine::Purpose::shadowing, engine::mixed_subject(device, gateway))
      .normal();
}

std::vector<Link> LinkBudget::links(std::uint32_t device, const fleet::Position& at,
                                    double eirp_dbm) const {
  const double largest_fade =
      kFarAway * std::hypot(model_.fading_db, model_.channel_db, model_.noise_db);
  std::vector<Link> links;
  const double sigma = path_loss_.shadowing_sigma_db();
  for (std::uint32_t i = 0; i < gateways_.size(); ++i) {
    const fleet::Gateway& gateway = gateways_[i];
    const double mean =
        path_loss_.mean_db(fleet::distance_m(at, gateway.at)) - gateway.antenna_gain_dbi;
    const double best_snr = eirp_dbm - mean + largest_fade + kFarAway * sigma -
                            noise_dbm(125'000, gateway.noise_figure_db);
    if (!is_pinned(gateway.pin) && best_snr < kLowestFloorDb) continue;
    links.push_back({i, mean + sigma * shadow(device, i, at)});
  }
  return links;
}

double LinkBudget::channel_offset_db(std::uint32_t device, std::uint32_t gateway,
                                     std::uint32_t frequency_hz) const {
  if (model_.channel_db <= 0) return 0;
  const std::uint64_t link = engine::mixed_subject(device, gateway);
  engine::Random lot(seed_, engine::Purpose::channel_offset,
                     engine::mixed_subject(link, frequency_hz));
  return model_.channel_db * lot.normal();
}

std::optional<Reception> LinkBudget::receive(const fleet::Transmission& transmission,
                                             const Link& link) const {
  const fleet::Gateway& gateway = gateways_[link.gateway];
  const fleet::ReceptionPin& pin = gateway.pin;
  const lorawan::UplinkChannel& channel = transmission.channel;
  engine::Random lot(seed_, engine::Purpose::fading,
                     engine::mixed_subject(transmission.number * 2, link.gateway));
  const double power = transmission.eirp_dbm - link.loss_db + model_.fading_db * lot.normal() +
                       channel_offset_db(transmission.device, link.gateway, channel.frequency_hz);
  const double noise = noise_dbm(noise_bandwidth(transmission.data_rate), gateway.noise_figure_db) +
                       (model_.uneven_channels ? channel.extra_noise_db : 0) +
                       model_.noise_db * lot.normal();
  Signal signal = received_signal(power, noise, gateway.snr_ceiling_db);
  signal.snr_db += model_.report_db * lot.normal();
  const double chance = reception_chance(model_, transmission.data_rate, power - noise);
  const bool fsk = transmission.data_rate.modulation == lorawan::Modulation::fsk;
  // The concentrator measures no SNR of FSK frames and reports 0.
  const float snr = fsk ? 0.0F : reported_snr(gateway.snr_form, signal.snr_db);
  const bool reportable =
      model_.sharp_floor || fsk || snr >= static_cast<float>(lowest_snr_db(transmission.data_rate));
  if (!is_pinned(pin) && !(reportable && lot.uniform() < chance)) return std::nullopt;

  Reception reception;
  reception.gateway = link.gateway;
  reception.timestamp_us = pin.timestamp_us.value_or(
      fleet::concentrator_timestamp(gateway.clock, start_, transmission.end));
  reception.time = pin.time ? pin.time : fleet::time_of_day(gateway.clock, transmission.end);
  reception.channel = pin.channel.value_or(transmission.channel.number);
  reception.rf_chain = pin.rf_chain.value_or(transmission.channel.rf_chain);
  reception.rssi_dbm =
      pin.rssi_dbm.value_or(static_cast<float>(std::round(std::max(signal.rssi_dbm, kMinRssiDbm))));
  reception.snr_db = pin.snr_db.value_or(snr);
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
  engine::Random lot(seed_, engine::Purpose::fading,
                     engine::mixed_subject(downlink_number * 2 + 1, link.gateway));
  const double power = eirp_dbm - link.loss_db + model_.fading_db * lot.normal();
  const double noise = noise_dbm(noise_bandwidth(rate), kDeviceNoiseFigureDb);
  return lot.uniform() < reception_chance(model_, rate, power - noise);
}

}  // namespace sim::radio
