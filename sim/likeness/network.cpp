#include "sim/likeness/network.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "sim/engine/random.h"
#include "sim/likeness/placing.h"
#include "sim/radio/link_budget.h"

namespace sim::likeness {

namespace {

using namespace std::chrono_literals;

constexpr double kGatewayNoiseFigureDb = 6;
/// How much a link's strength differs from frame to frame, with the noise: of `measured`.
constexpr double kSpreadDb = 3.5;
/// So much below the floor nearly nothing is heard any more.
constexpr double kSilenceDb = 6;
/// Places of more digits than that pretend.
constexpr double kPlaceGrid = 1e6;

template <class Key>
const Key& most_frequent(const std::map<Key, std::uint32_t>& counts, const Key& otherwise) {
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? otherwise : most->first;
}

/// What the device is wanted to be to each gateway. A gateway that hears some frames only tells the
/// strength of those alone: how many it hears says more.
WantedDevice wanted_of(const SeenDevice& device, const Habit& habit) {
  WantedDevice wanted;
  wanted.lot = engine::hashed(device.id);
  const auto rate = lorawan::parse_data_rate(habit.data_rate).value_or(lorawan::lora(7, 125'000));
  const double floor = radio::noise_dbm(rate.bandwidth_hz == 0 ? 125'000 : rate.bandwidth_hz,
                                        kGatewayNoiseFigureDb) +
                       lorawan::snr_floor_db(rate);
  wanted.inaudible_dbm = floor - kSilenceDb;
  const double sent = device.frames + device.lost;
  for (const SeenLink& link : device.links) {
    const double share = std::clamp(link.frames / std::max(sent, 1.0), 0.005, 0.995);
    double power = link.power_sum_dbm / link.frames;
    if (share < 0.95) power = std::min(power, floor + kSpreadDb * engine::normal_quantile(share));
    wanted.links.push_back({link.gateway, power});
  }
  return wanted;
}

std::string clock_of(const SeenGateway& gateway) {
  if (gateway.with_time * 2 < gateway.receptions) return "none";
  return gateway.with_fraction * 2 >= gateway.with_time ? "gps" : "ntp";
}

fleet::Position on_grid(fleet::Position place) {
  place.latitude = std::round(place.latitude * kPlaceGrid) / kPlaceGrid;
  place.longitude = std::round(place.longitude * kPlaceGrid) / kPlaceGrid;
  return place;
}

/// The published law under which the strengths fit best.
Placing best_placing(const std::vector<std::optional<fleet::Position>>& places,
                     const std::vector<WantedDevice>& wanted, double eirp_dbm,
                     radio::LogDistance& law) {
  Placing best;
  bool first = true;
  for (const radio::PathLossPreset& preset : radio::path_loss_presets()) {
    radio::LogDistance tried = preset.law;
    tried.shadowing_sigma_db = 0;  // the places have it in them
    Placing placing = place(places, wanted, tried, eirp_dbm);
    if (!first && placing.misfit_db >= best.misfit_db * 0.95) continue;
    first = false;
    best = std::move(placing);
    law = tried;
  }
  return best;
}

void learn_gateways(const Observations& seen, const Placing& placing, LearntNetwork& network) {
  for (std::size_t i = 0; i < seen.gateways().size(); ++i) {
    const SeenGateway& gateway = seen.gateways()[i];
    network.gateways.push_back({gateway.id, on_grid(placing.gateways[i]), gateway.place.has_value(),
                                clock_of(gateway), gateway.antennas});
  }
}

void learn_times(const Observations& seen, LearntNetwork& network) {
  using std::chrono::seconds;
  constexpr seconds kShortest = 1min, kLongest = 24h * 30;
  const auto first = seen.first().value_or(engine::SimTime(24h * 365 * 56));
  network.start = std::chrono::floor<seconds>(first);
  const auto span = seen.last().value_or(first) - network.start;
  network.duration = std::clamp(std::chrono::ceil<seconds>(span) + 1s, kShortest, kLongest);
}

/// What a device sends; when is left open.
Habit contents_of(const SeenDevice& device, const lorawan::ChannelPlan& channels) {
  Habit habit;
  habit.f_port = std::clamp(most_frequent(device.ports, 1U), 1U, 223U);
  if (!device.sizes.empty()) {
    habit.smallest = std::min(device.sizes.begin()->first, 242U);
    habit.largest = std::min(device.sizes.rbegin()->first, 242U);
    // Where one size is nearly all of them, the others are no habit.
    const unsigned usual = most_frequent(device.sizes, 4U);
    if (device.sizes.at(usual) * 10 >= device.frames * 9) {
      habit.smallest = habit.largest = std::min(usual, 242U);
    }
  }
  habit.confirmed = device.confirmed * 2 > device.frames;
  const std::string slowest_allowed = "SF7BW125";
  habit.data_rate = most_frequent(device.data_rates, slowest_allowed);
  const auto rate = lorawan::parse_data_rate(habit.data_rate);
  const auto index = rate ? lorawan::uplink_data_rate_index(channels, *rate) : std::nullopt;
  if (!index) {
    habit.data_rate.clear();  // the region's own
  } else {
    const auto limit = static_cast<unsigned>(lorawan::max_uplink_payload(channels, *index));
    habit.largest = std::min(habit.largest, limit);
    habit.smallest = std::min(habit.smallest, limit);
  }
  return habit;
}

}  // namespace

const lorawan::ChannelPlan* region_of(const Observations& seen) {
  const lorawan::ChannelPlan* best = lorawan::channel_plans().front();
  std::uint64_t most = 0;
  for (const lorawan::ChannelPlan* plan : lorawan::channel_plans()) {
    std::uint64_t count = 0;
    for (const lorawan::UplinkChannel& channel : plan->uplink_channels) {
      const auto found = seen.frequencies().find((channel.frequency_hz + 500) / 1'000);
      if (found != seen.frequencies().end()) count += found->second;
    }
    if (count > most) {
      most = count;
      best = plan;
    }
  }
  return best;
}

std::vector<Habit> habits_of(const Observations& seen, const lorawan::ChannelPlan& channels) {
  std::vector<Habit> habits;
  std::map<std::pair<unsigned, bool>, std::vector<std::size_t>> kinds;
  for (const SeenDevice& device : seen.devices()) {
    const Habit& habit = habits.emplace_back(contents_of(device, channels));
    kinds[{habit.f_port, habit.confirmed}].push_back(habits.size() - 1);
  }
  for (const auto& [kind, places] : kinds) {
    std::vector<const SeenDevice*> alike;
    for (const std::size_t place : places) alike.push_back(&seen.devices()[place]);
    const std::vector<Rhythm> rhythms = rhythms_of(alike);
    for (std::size_t i = 0; i < places.size(); ++i) habits[places[i]].rhythm = rhythms[i];
  }
  return habits;
}

LearntNetwork learn(const Observations& seen, const lorawan::ChannelPlan* channels) {
  LearntNetwork network;
  network.channels = channels != nullptr ? channels : region_of(seen);
  network.app_id = seen.app_id();
  learn_times(seen, network);
  const std::vector<Habit> habits = habits_of(seen, *network.channels);
  std::vector<WantedDevice> wanted;
  for (std::size_t i = 0; i < habits.size(); ++i) {
    wanted.push_back(wanted_of(seen.devices()[i], habits[i]));
  }
  std::vector<std::optional<fleet::Position>> places;
  for (const SeenGateway& gateway : seen.gateways()) places.push_back(gateway.place);
  const Placing placing =
      best_placing(places, wanted, network.channels->uplink_eirp_dbm, network.path_loss);
  network.misfit_db = placing.misfit_db;
  learn_gateways(seen, placing, network);
  std::map<Habit, std::vector<LearntDevice>> groups;
  for (std::size_t i = 0; i < habits.size(); ++i) {
    groups[habits[i]].push_back({seen.devices()[i].id, on_grid(placing.devices[i])});
  }
  for (auto& [habit, devices] : groups) network.groups.push_back({habit, std::move(devices)});
  std::stable_sort(network.groups.begin(), network.groups.end(),
                   [](const LearntGroup& a, const LearntGroup& b) {
                     return a.devices.size() > b.devices.size();
                   });
  return network;
}

}  // namespace sim::likeness
