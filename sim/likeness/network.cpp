#include "sim/likeness/network.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/engine/random.h"
#include "sim/likeness/placing.h"
#include "sim/radio/link_budget.h"

namespace sim::likeness {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kShortestInterval = 1s;
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

/// The nearest interval that somebody would have chosen, where it is as near as `near`; else three
/// digits.
milliseconds rounded_interval(double seconds, double near) {
  static constexpr int kUsual[] = {1,      2,      5,      10,     15,     20,    30,
                                   60,     120,    180,    240,    300,    360,   600,
                                   720,    900,    1'200,  1'800,  2'400,  3'600, 7'200,
                                   10'800, 14'400, 21'600, 28'800, 43'200, 86'400};
  const auto off = [seconds](int usual) { return std::abs(seconds - usual) / usual; };
  const int nearest = *std::min_element(std::begin(kUsual), std::end(kUsual),
                                        [&](int a, int b) { return off(a) < off(b); });
  if (off(nearest) <= near) return std::chrono::seconds(nearest);
  const double scale = std::pow(10.0, std::floor(std::log10(std::max(seconds, 0.001))) - 2);
  const double rounded = std::round(seconds / scale) * scale;
  return std::max(kShortestInterval, milliseconds(std::llround(rounded * 1'000)));
}

/// One that somebody would write: a sample of some dozens tells no more.
int rounded_percent(double share) {
  static constexpr int kUsual[] = {0, 1, 2, 5, 10, 20, 30, 50};
  int nearest = 0;
  for (const int usual : kUsual) {
    if (std::abs(std::log((100 * share + 0.3) / (usual + 0.3))) <
        std::abs(std::log((100 * share + 0.3) / (nearest + 0.3)))) {
      nearest = usual;
    }
  }
  return nearest;
}

double median(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<long>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// How far the intervals of a sample are from the middle one, half of them less: a share of it.
double spread_of(std::vector<float> sample, double middle) {
  for (float& one : sample) one = std::abs(one - static_cast<float>(middle));
  return median(sample) / std::max(middle, 1e-3);
}

void learn_rhythm(const SeenDevice& device, Habit& habit) {
  constexpr milliseconds kUnknown = 10min;
  // Of an exponential interval the spread is 0.69 of the median; of the even jitter of both ends
  // 0.29 of the jitter.
  constexpr double kByChance = 0.35, kOfJitter = 0.293;
  constexpr std::uint64_t kEnough = 8;
  constexpr double kNear = 0.01, kSilence = 0.1;
  habit.every = kUnknown;
  if (device.steps == 0) return;
  const double mean = device.span_s / static_cast<double>(device.steps);
  const auto kept = std::min<std::uint64_t>(device.intervals, kIntervalsKept);
  if (kept < kEnough) {  // too few follow each other to tell how even they are
    habit.every = rounded_interval(mean, kNear);
    return;
  }
  std::vector<float> sample(device.intervals_s.begin(),
                            device.intervals_s.begin() + static_cast<long>(kept));
  const double middle = median(sample);
  const double spread = spread_of(sample, middle);
  habit.poisson = spread > kByChance;
  if (habit.poisson) {
    // A mean of chance is no better than that.
    habit.every = rounded_interval(mean, 1 / std::sqrt(static_cast<double>(device.steps)));
    return;
  }
  // Over all frames the jitter is gone; but a silence between them is no interval.
  const bool steady = std::abs(mean - middle) < kSilence * middle;
  habit.every = rounded_interval(steady ? mean : middle, kNear);
  habit.jitter_percent = rounded_percent(spread / (2 * kOfJitter));
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

Habit habit_of(const SeenDevice& device, const lorawan::ChannelPlan& channels) {
  Habit habit;
  learn_rhythm(device, habit);
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

LearntNetwork learn(const Observations& seen, const lorawan::ChannelPlan* channels) {
  LearntNetwork network;
  network.channels = channels != nullptr ? channels : region_of(seen);
  network.app_id = seen.app_id();
  learn_times(seen, network);
  std::vector<Habit> habits;
  std::vector<WantedDevice> wanted;
  for (const SeenDevice& device : seen.devices()) {
    habits.push_back(habit_of(device, *network.channels));
    wanted.push_back(wanted_of(device, habits.back()));
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
