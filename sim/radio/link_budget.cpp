#include "sim/radio/link_budget.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/radio/shadowing.h"

namespace sim::radio {

namespace {

constexpr double kThermalNoiseDbmHz = -174.0;
constexpr double kMinRssiDbm = -127.0;  // the SX1301 reports nothing lower
constexpr double kDeviceNoiseFigureDb = 6.0;
constexpr double kFarAway = 3.5;  // standard deviations, beyond which a link is never heard
// Over the fastest way: so that copies come within the de-duplication window.
constexpr auto kLongestBackhaul = std::chrono::milliseconds(180);

// exp and log take half the time of pow and log10.
constexpr double kNaturalLogOfTen = 2.302585092994045684;

double ratio(double db) {
  return std::exp(db * (kNaturalLogOfTen / 10.0));
}
double decibel(double ratio) {
  return (10.0 / kNaturalLogOfTen) * std::log(ratio);
}

/// How much more noise a wider channel has than one of 125 kHz; FSK at 50 kbit/s is received in
/// 125 kHz as well.
double wider_noise_db(const lorawan::DataRate& rate) {
  constexpr double kPerDoubling = 3.010299956639812;
  if (rate.modulation == lorawan::Modulation::fsk || rate.bandwidth_hz == 125'000) return 0;
  return rate.bandwidth_hz == 250'000 ? kPerDoubling : 2 * kPerDoubling;
}

/// A pinned strength says that the frame is heard with it, wherever the device is.
bool is_pinned(const fleet::ReceptionPin& pin) {
  return pin.rssi_dbm || pin.snr_db;
}

bool has_pins(const fleet::ReceptionPin& pin) {
  return is_pinned(pin) || pin.timestamp_us || pin.time || pin.channel || pin.rf_chain;
}

/// 10 log10(1 + 10^(x / 10)) by a table between whose entries it is linear, good to 0.0001 dB: what
/// is added to the weaker of two powers that differ by x. Exponentials and logarithms for each
/// arrival would be a third of the simulation's time.
class PowerSum {
 public:
  PowerSum() {
    for (std::size_t i = 0; i < kEntries; ++i) {
      at_[i] = decibel(1 + ratio(kLeast + static_cast<double>(i) / kPerDb));
    }
  }

  [[nodiscard]] double operator()(double x) const {
    if (x <= kLeast) return 0;
    if (x >= kMost) return x;
    const double place = (x - kLeast) * kPerDb;
    const auto cell = static_cast<std::size_t>(place);
    return at_[cell] + (place - static_cast<double>(cell)) * (at_[cell + 1] - at_[cell]);
  }

 private:
  static constexpr double kLeast = -50;
  static constexpr double kMost = 50;
  static constexpr double kPerDb = 16;
  static constexpr std::size_t kEntries = 100 * 16 + 2;
  std::array<double, kEntries> at_{};
};

const PowerSum kSum;

Signal signal_of(double power_dbm, double noise_dbm, double ceiling_db) {
  const double snr = power_dbm - noise_dbm;
  return {noise_dbm + kSum(snr), snr - kSum(snr - ceiling_db)};
}

/// To the nearest whole number; std::round is a call into the library.
double rounded(double value) {
  return static_cast<double>(static_cast<int>(value < 0 ? value - 0.5 : value + 0.5));
}

std::uint16_t high_half(std::uint32_t word) {
  return static_cast<std::uint16_t>(word >> 16U);
}
std::uint16_t low_half(std::uint32_t word) {
  return static_cast<std::uint16_t>(word);
}
double share_of_half(std::uint16_t half) {
  return (half + 0.5) * 0x1p-16;
}

/// An exponential tail over the fastest way.
engine::SimDuration backhaul_delay(const fleet::Backhaul& backhaul, std::uint16_t lot) {
  const double tail_ns =
      engine::quick_exponential(lot) * static_cast<double>(backhaul.spread.count());
  const auto tail = engine::SimDuration(static_cast<engine::SimDuration::rep>(tail_ns));
  return backhaul.fastest + std::min<engine::SimDuration>(tail, kLongestBackhaul);
}

}  // namespace

double noise_dbm(std::uint32_t bandwidth_hz, double noise_figure_db) {
  return kThermalNoiseDbmHz + decibel(bandwidth_hz) + noise_figure_db;
}

Signal received_signal(double power_dbm, double noise_dbm, double snr_ceiling_db) {
  return signal_of(power_dbm, noise_dbm, snr_ceiling_db);
}

LinkBudget::LinkBudget(std::uint64_t seed, const PathLoss& path_loss,
                       std::span<const fleet::Gateway> gateways, engine::SimTime start,
                       const RadioModel& model)
    : seed_(seed),
      path_loss_(path_loss),
      gateways_(gateways),
      start_(start),
      model_(model),
      index_(gateways) {
  for (const fleet::Gateway& gateway : gateways) {
    Ear ear;
    ear.noise_dbm = noise_dbm(125'000, gateway.noise_figure_db);
    ear.ceiling_db = gateway.snr_ceiling_db;
    ear.backhaul = gateway.backhaul;
    ear.snr_form = gateway.snr_form;
    ear.pinned = is_pinned(gateway.pin);
    ear.has_pins = has_pins(gateway.pin);
    ear.antennas = static_cast<std::uint8_t>(gateway.antennas);
    ear.renumbered = !gateway.channels.empty();
    ear.clock = gateway.clock;
    ears_.push_back(ear);
    if (is_pinned(gateway.pin)) pinned_.push_back(static_cast<std::uint32_t>(ears_.size() - 1));
  }
}

double LinkBudget::shared_part(const Sender& sender) const {
  return model_.correlated_shadowing ? shared_shadow(seed_, sender.at) : 0;
}

double LinkBudget::mean_loss(const Sender& sender, std::uint32_t index, double metres) const {
  const fleet::Gateway& gateway = gateways_[index];
  const double slant = std::hypot(metres, gateway.at.height_m - sender.at.height_m);
  return path_loss_.mean_db(slant) - height_gain_db(gateway.at.height_m, sender.at.height_m) -
         gateway.antenna_gain_dbi + sender.extra_loss_db;
}

Link LinkBudget::link_to(const Sender& sender, std::uint32_t gateway) const {
  const double metres = fleet::distance_m(sender.at, gateways_[gateway].at);
  return {gateway, mean_loss(sender, gateway, metres)};
}

/// The loss over a link with its shadow; nothing where the frame can never be heard. The shadow's
/// dearest part is drawn last, and only where it matters.
std::optional<double> LinkBudget::shadowed_loss(const Sender& sender, std::uint32_t index,
                                                double metres, double shared) const {
  const double mean = mean_loss(sender, index, metres);
  const double largest_fade =
      kFarAway * std::hypot(model_.fading_db, model_.channel_db, model_.noise_db);
  const double most =
      sender.eirp_dbm + largest_fade - ears_[index].noise_dbm - sender.lowest_snr_db;
  const double sigma = path_loss_.shadowing_sigma_db();
  const bool pinned = is_pinned(gateways_[index].pin);
  const std::uint64_t link = engine::mixed_subject(sender.lot, index);
  if (!model_.correlated_shadowing) {
    const double loss = mean + sigma * engine::normal_of(seed_, engine::Purpose::shadowing, link);
    if (!pinned && loss > most) return std::nullopt;
    return loss;
  }
  const double known = mean + sigma * (shared + own_shadow(seed_, link));
  if (!pinned && known - sigma * kLargestGatewayShadow > most) return std::nullopt;
  const double loss = known + sigma * gateway_shadow(seed_, index, sender.at);
  if (!pinned && loss > most) return std::nullopt;
  return loss;
}

void LinkBudget::find_links(const Sender& sender, std::vector<Link>& links) const {
  const double shared = shared_part(sender);
  const auto first = static_cast<std::ptrdiff_t>(links.size());
  const auto visit = [&](std::uint32_t gateway, double metres) {
    if (const auto loss = shadowed_loss(sender, gateway, metres, shared)) {
      links.push_back({gateway, *loss});
    }
  };
  index_.visit_near(sender.at, visit);
  // A pinned gateway hears from anywhere.
  for (const std::uint32_t gateway : pinned_) {
    const double metres = fleet::distance_m(sender.at, gateways_[gateway].at);
    if (metres > kHorizonM) visit(gateway, metres);
  }
  if (!pinned_.empty()) {
    std::sort(links.begin() + first, links.end(),
              [](const Link& a, const Link& b) { return a.gateway < b.gateway; });
  }
}

std::vector<Link> LinkBudget::links(std::uint32_t device, const fleet::Position& at,
                                    double eirp_dbm) const {
  std::vector<Link> links;
  find_links({.lot = device, .at = at, .eirp_dbm = eirp_dbm}, links);
  return links;
}

double LinkBudget::channel_offset_db(std::uint32_t device, std::uint32_t gateway,
                                     std::uint32_t frequency_hz) const {
  if (model_.channel_db <= 0) return 0;
  const std::uint64_t link = engine::mixed_subject(device, gateway);
  return model_.channel_db * engine::normal_of(seed_, engine::Purpose::channel_offset,
                                               engine::mixed_subject(link, frequency_hz));
}

Arrival LinkBudget::arrival(const fleet::Transmission& transmission, const Link& link,
                            std::uint8_t antenna) const {
  Arrival arrival;
  arrive(transmission, link, antenna, arrival);
  return arrival;
}

void LinkBudget::arrive(const fleet::Transmission& transmission, const Link& link,
                        std::uint8_t antenna, Arrival& arrival) const {
  const Ear& ear = ears_[link.gateway];
  // One block of random bits is enough for all that is drawn of an arrival.
  const std::uint64_t place = (std::uint64_t{antenna} << 32U) | link.gateway;
  const auto words = engine::random_words(seed_, engine::Purpose::fading,
                                          engine::mixed_subject(transmission.number * 2, place));
  const double power =
      transmission.eirp_dbm - link.loss_db + model_.fading_db * engine::quick_normal(words[0]) +
      channel_offset_db(transmission.device, link.gateway, transmission.channel.frequency_hz);
  const double noise = ear.noise_dbm + wider_noise_db(transmission.data_rate) +
                       (model_.uneven_channels ? transmission.channel.extra_noise_db : 0) +
                       model_.noise_db * engine::quick_normal(words[1]);
  arrival.gateway = link.gateway;
  arrival.antenna = antenna;
  arrival.power_dbm = static_cast<float>(power);
  arrival.backhaul_lot = high_half(words[3]);
  arrival.clock_lot = low_half(words[3]);
  arrival.forced = ear.pinned || (transmission.pin != nullptr && transmission.pin->is_heard());

  arrival.lost_on_the_way =
      ear.backhaul.loss > 0 &&
      engine::share_of(static_cast<std::uint32_t>(
          engine::mixed_subject(transmission.number, ~place) >> 32U)) < ear.backhaul.loss;

  const Signal signal = signal_of(power, noise, ear.ceiling_db);
  const double told = signal.snr_db + model_.report_db * engine::quick_normal(high_half(words[2]));
  const bool fsk = transmission.data_rate.modulation == lorawan::Modulation::fsk;
  // The concentrator measures no SNR of FSK frames and reports 0.
  arrival.snr_db = fsk ? 0.0F : reported_snr(ear.snr_form, told);
  arrival.rssi_dbm = static_cast<float>(rounded(std::max(signal.rssi_dbm, kMinRssiDbm)));
  const bool reportable =
      model_.sharp_floor || fsk ||
      arrival.snr_db >= static_cast<float>(lowest_snr_db(transmission.data_rate));
  arrival.audible = reportable && is_received(model_, transmission.data_rate, power - noise,
                                              share_of_half(low_half(words[2])));
}

void LinkBudget::renumber(const fleet::Transmission& transmission, Reception& reception) const {
  const auto& channels = gateways_[reception.gateway].channels;
  if (transmission.channel_index >= channels.size()) return;
  reception.channel = channels[transmission.channel_index].channel;
  reception.rf_chain = channels[transmission.channel_index].rf_chain;
}

void LinkBudget::pin_down(const fleet::ReceptionPin& pin, Reception& reception) {
  reception.rssi_dbm = pin.rssi_dbm.value_or(reception.rssi_dbm);
  reception.snr_db = pin.snr_db.value_or(reception.snr_db);
  reception.timestamp_us = pin.timestamp_us.value_or(reception.timestamp_us);
  if (pin.time) reception.time = pin.time;
  reception.channel = pin.channel.value_or(reception.channel);
  reception.rf_chain = pin.rf_chain.value_or(reception.rf_chain);
}

Reception LinkBudget::report(const fleet::Transmission& transmission,
                             const Arrival& arrival) const {
  Reception reception;
  report(transmission, arrival, reception);
  return reception;
}

void LinkBudget::report(const fleet::Transmission& transmission, const Arrival& arrival,
                        Reception& reception) const {
  const Ear& ear = ears_[arrival.gateway];
  reception.gateway = arrival.gateway;
  reception.antenna = arrival.antenna;
  reception.timestamp_us = fleet::concentrator_timestamp(ear.clock, start_, transmission.end,
                                                         engine::quick_normal(arrival.clock_lot));
  reception.time = fleet::time_of_day(ear.clock, start_, transmission.end);
  reception.channel = transmission.channel.number;
  reception.rf_chain = transmission.channel.rf_chain;
  if (ear.renumbered) renumber(transmission, reception);
  reception.rssi_dbm = arrival.rssi_dbm;
  reception.snr_db = arrival.snr_db;
  reception.arrived = transmission.end + backhaul_delay(ear.backhaul, arrival.backhaul_lot);
  if (ear.has_pins) pin_down(gateways_[arrival.gateway].pin, reception);
  if (transmission.pin != nullptr) {
    reception.rssi_dbm = transmission.pin->rssi_dbm.value_or(reception.rssi_dbm);
    reception.snr_db = transmission.pin->snr_db.value_or(reception.snr_db);
  }
}

std::optional<Reception> LinkBudget::receive(const fleet::Transmission& transmission,
                                             const Link& link) const {
  const Arrival one = arrival(transmission, link);
  if ((!one.audible && !one.forced) || one.lost_on_the_way) return std::nullopt;
  return report(transmission, one);
}

bool LinkBudget::hears_downlink(const Link& link, const lorawan::DataRate& rate, double eirp_dbm,
                                std::uint64_t downlink_number) const {
  if (is_pinned(gateways_[link.gateway].pin)) return true;
  const auto words = engine::random_words(
      seed_, engine::Purpose::fading, engine::mixed_subject(downlink_number * 2 + 1, link.gateway));
  const double power = eirp_dbm - link.loss_db + model_.fading_db * engine::quick_normal(words[0]);
  const double noise = noise_dbm(125'000, kDeviceNoiseFigureDb) + wider_noise_db(rate);
  return is_received(model_, rate, power - noise, engine::share_of(words[1]));
}

void LinkBudget::reboot(std::uint32_t gateway, engine::SimTime now) {
  ears_[gateway].clock = fleet::rebooted(ears_[gateway].clock, start_, now);
}

}  // namespace sim::radio
