#include "sim/likeness/observations.h"

#include <algorithm>
#include <cmath>

#include "sim/engine/random.h"

namespace sim::likeness {

namespace {

using application::GatewayReading;
using application::UplinkReading;

constexpr std::size_t kMostFrequencies = 1'000;

/// Signal without the noise that a gateway's RSSI has in it, dBm.
double signal_power(float rssi, float snr) {
  return rssi - 10 * std::log10(1 + std::pow(10.0, -snr / 10.0));
}

template <class Key>
void count(std::map<Key, std::uint32_t>& counts, const Key& key) {
  if (counts.size() < kMostValues || counts.contains(key)) ++counts[key];
}

bool has_fraction(engine::SimTime time) {
  return time.time_since_epoch() % std::chrono::seconds(1) != std::chrono::seconds(0);
}

/// A sample of all intervals in a fixed place: each has the same chance to be in it.
void sample(const SeenInterval& interval, SeenDevice& device) {
  const std::uint64_t number = device.intervals++;
  std::uint64_t place = number;
  if (number >= kIntervalsKept) {
    engine::Random lot(number, engine::Purpose::traffic, engine::hashed(device.id));
    place = lot.below(number + 1);
  }
  if (place < kIntervalsKept) device.sample[place] = interval;
}

}  // namespace

SeenDevice* Observations::device_of(const std::string& id) {
  const auto found = device_index_.find(id);
  if (found != device_index_.end()) return &devices_[found->second];
  if (devices_.size() == kMostDevices) return nullptr;
  device_index_.emplace(id, static_cast<std::uint32_t>(devices_.size()));
  devices_.emplace_back().id = id;
  return &devices_.back();
}

std::optional<std::uint32_t> Observations::gateway_of(const GatewayReading& reading) {
  if (reading.id.empty()) return std::nullopt;
  auto found = gateway_index_.find(reading.id);
  if (found == gateway_index_.end()) {
    if (gateways_.size() == kMostGateways) return std::nullopt;
    found = gateway_index_.emplace(reading.id, static_cast<std::uint32_t>(gateways_.size())).first;
    gateways_.emplace_back().id = reading.id;
  }
  SeenGateway& gateway = gateways_[found->second];
  ++gateway.receptions;
  const bool placed =
      reading.latitude && reading.longitude && (*reading.latitude != 0 || *reading.longitude != 0);
  if (placed) gateway.place = {*reading.latitude, *reading.longitude, 0};
  if (reading.time) {
    ++gateway.with_time;
    if (has_fraction(*reading.time)) ++gateway.with_fraction;
  }
  if (reading.antenna > 0) gateway.antennas = 2;
  return found->second;
}

void Observations::add(const UplinkReading& uplink, std::optional<engine::SimTime> came) {
  ++uplinks_;
  SeenDevice* device = device_of(uplink.dev_id);
  if (device == nullptr) {
    ++left_out_;
    return;
  }
  const auto time = uplink.time ? uplink.time : came;
  if (app_id_.empty()) app_id_ = uplink.app_id;
  if (time) {
    first_ = std::min(first_.value_or(*time), *time);
    last_ = std::max(last_.value_or(*time), *time);
  }
  Seen seen;
  seen.device = static_cast<std::uint32_t>(device - devices_.data());
  seen.time = time;
  seen.f_cnt = uplink.f_cnt;
  seen.data_rate = uplink.data_rate;
  seen.frequency_hz = uplink.frequency_hz;
  seen.payload_size = uplink.payload.size();
  const bool is_new = device->frames == 0 || device->last_f_cnt != uplink.f_cnt;
  if (is_new) note_frame(uplink, time, *device);
  note_links(uplink, *device, seen);
  counter_.add(seen);
}

void Observations::note_frame(const UplinkReading& uplink, std::optional<engine::SimTime> time,
                              SeenDevice& device) {
  if (device.frames == 0) device.first_f_cnt = uplink.f_cnt;
  const auto step =
      device.frames == 0 ? std::nullopt : counter_step(device.last_f_cnt, uplink.f_cnt);
  if (step) device.lost += *step - 1;
  if (step && time && device.last && *time > *device.last) {
    const double seconds = std::chrono::duration<double>(*time - *device.last).count();
    device.span_s += seconds;
    device.steps += *step;
    sample({static_cast<float>(seconds), *step}, device);
  }
  ++device.frames;
  device.last_f_cnt = uplink.f_cnt;
  if (time) {
    if (!device.first) device.first = time;
    device.last = time;
  }
  if (uplink.confirmed) ++device.confirmed;
  count(device.ports, unsigned{uplink.f_port});
  count(device.sizes, static_cast<unsigned>(uplink.payload.size()));
  if (uplink.data_rate) count(device.data_rates, lorawan::to_string(*uplink.data_rate));
  if (!uplink.frequency_hz) return;
  const std::uint32_t khz = (*uplink.frequency_hz + 500) / 1'000;
  if (frequencies_.size() < kMostFrequencies || frequencies_.contains(khz)) ++frequencies_[khz];
}

void Observations::note_links(const UplinkReading& uplink, SeenDevice& device, Seen& seen) {
  seen.gateways = uplink.gateways.size();
  for (const GatewayReading& reading : uplink.gateways) {
    const auto gateway = gateway_of(reading);
    if (!reading.rssi_dbm || !reading.snr_db) continue;
    seen.rssi_and_snr.emplace_back(*reading.rssi_dbm, *reading.snr_db);
    if (!gateway) continue;
    auto link = std::find_if(device.links.begin(), device.links.end(),
                             [&](const SeenLink& one) { return one.gateway == *gateway; });
    if (link == device.links.end()) {
      if (device.links.size() == kMostLinks) continue;
      link = device.links.insert(device.links.end(), SeenLink{*gateway, 0, 0});
    }
    ++link->frames;
    link->power_sum_dbm += signal_power(*reading.rssi_dbm, *reading.snr_db);
  }
}

}  // namespace sim::likeness
