#include "sim/world/air.h"

#include <algorithm>
#include <cmath>

#include "sim/engine/prefetch.h"
#include "sim/network/gateway_time.h"

namespace sim::world {

namespace {

using namespace std::chrono_literals;

/// A frame as loud as this is heard a second time on a wrong channel now and then.
constexpr double kGhostFromDbm = -60;
/// A device that moves has the same shadows within a cell of about 20 m; in parts of a degree.
constexpr double kCells = 5'000;
/// What a forwarder needs for one of the copies that it kept.
constexpr engine::SimDuration kFlushSpacing = 2ms;

/// The cell in which a place lies.
std::uint64_t cell_of(const fleet::Position& at) {
  const auto part = [](double degrees) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(std::floor(degrees * kCells)));
  };
  return engine::mixed_subject(part(at.latitude), part(at.longitude));
}

/// The frame as every gateway sees it, but for its power there.
radio::OnAir seen_anywhere(const fleet::Transmission& frame) {
  return {frame.number, frame.start, frame.end, frame.data_rate, frame.channel.frequency_hz, 0,
          false};
}

/// Why nothing came of a frame: the worst that happened to it at any gateway tells most.
struct Reasons {
  bool collided = false;
  bool no_demodulator = false;
  bool sending = false;
  bool on_the_way = false;

  void add(radio::Fate fate) {
    collided = collided || fate == radio::Fate::collided;
    no_demodulator = no_demodulator || fate == radio::Fate::no_demodulator;
    sending = sending || fate == radio::Fate::sending;
  }

  [[nodiscard]] std::string_view text() const {
    if (on_the_way) return "lost between gateway and network";
    if (collided) return radio::to_string(radio::Fate::collided);
    if (no_demodulator) return radio::to_string(radio::Fate::no_demodulator);
    if (sending) return radio::to_string(radio::Fate::sending);
    return "no gateway heard it";
  }
};

}  // namespace

Air::Air(const FieldPlan& plan)
    : plan_(plan),
      path_loss_(plan.path_loss),
      budget_(plan.seed, path_loss_, plan.gateways, plan.start, plan.receiver),
      medium_(plan.gateways.size(), plan.interference),
      sites_(plan.gateways.size()),
      troubled_(plan.gateways.size()) {}

radio::Sender Air::sender_of(std::uint32_t index) const {
  const fleet::Device& device = plan_.devices[index];
  radio::Sender sender{.lot = index,
                       .at = device.at,
                       .eirp_dbm = device.eirp_dbm,
                       .extra_loss_db = device.building_loss_db};
  // Adaptive data rates make it louder later on; they, joins and retries make it slower.
  const fleet::MacSettings& mac = device.mac;
  if (mac.adr) sender.eirp_dbm = std::max(device.eirp_dbm, plan_.channels->uplink_eirp_dbm);
  const bool slows_down = mac.adr || device.confirmed || mac.activation == fleet::Activation::otaa;
  if (!slows_down) {
    const auto lowest = [&](std::uint8_t data_rate) {
      return radio::lowest_snr_db(plan_.channels->data_rates[data_rate].rate);
    };
    sender.lowest_snr_db = lowest(device.data_rate_index);
    for (const fleet::Reaction& rule : device.on_downlink) {
      if (!rule.new_data_rate) continue;
      sender.lowest_snr_db = std::min(sender.lowest_snr_db, lowest(*rule.new_data_rate));
    }
  }
  return sender;
}

void Air::follow(std::uint32_t index, DeviceState& state, engine::SimTime now) {
  if (state.memory->was_moved) return;
  const fleet::Device& device = plan_.devices[index];
  radio::Sender sender = sender_of(index);
  sender.at = fleet::position_at(*device.track, now - plan_.start);
  const std::uint64_t cell = cell_of(sender.at);
  if (state.memory->cell == cell) return;
  state.memory->cell = cell;
  sender.lot = engine::mixed_subject(index, cell);
  state.memory->links.clear();
  budget_.find_links(sender, state.memory->links);
}

void Air::move(std::uint32_t index, DeviceState& state, const fleet::Position& at) {
  const fleet::Position& begins = plan_.devices[index].at;
  radio::Sender sender = sender_of(index);
  sender.at = {at.latitude, at.longitude, begins.height_m};
  // At the place where it began it has the shadows that it had there.
  const bool is_back = at.latitude == begins.latitude && at.longitude == begins.longitude;
  if (!is_back) sender.lot = engine::mixed_subject(index, cell_of(at));
  state.memory->links.clear();
  find_links(sender, index, state.memory->links);
  state.memory->was_moved = true;
  state.moves = true;
}

/// All gateways that may hear the sender, or those that its pin names.
void Air::find_links(const radio::Sender& sender, std::uint32_t index,
                     std::vector<radio::Link>& links) const {
  const fleet::Device& device = plan_.devices[index];
  if (device.pin.gateways.empty()) return budget_.find_links(sender, links);
  for (const std::uint32_t gateway : device.pin.gateways) {
    links.push_back(budget_.link_to(sender, gateway));
  }
}

void Air::place(std::uint32_t index, DeviceState& state) {
  state.first_link = static_cast<std::uint32_t>(links_.size());
  find_links(sender_of(index), index, links_);
  state.links = static_cast<std::uint16_t>(links_.size() - state.first_link);
}

std::span<const radio::Link> Air::links_of(const DeviceState& state) const {
  if (state.moves) return state.memory->links;
  return std::span(links_).subspan(state.first_link, state.links);
}

void Air::prefetch_links(const DeviceState& state) const {
  if (state.links == 0) return;
  constexpr std::size_t kMost = 128;
  engine::prefetch(&links_[state.first_link], std::min(kMost, state.links * sizeof(radio::Link)));
  engine::prefetch(&links_[state.first_link + state.links - 1U]);
}

void Air::prefetch_gateways(const DeviceState& state, bool deep) const {
  constexpr std::uint16_t kEnough = 8;
  const auto count = std::min(state.links, kEnough);
  for (const radio::Link& link : std::span(links_).subspan(state.first_link, count)) {
    if (deep) {
      medium_.prefetch_frames(link.gateway);
      continue;
    }
    budget_.prefetch(link.gateway);
    medium_.prefetch(link.gateway);
  }
}

void Air::prefetch_ears(const DeviceState& state) const {
  constexpr std::uint16_t kEnough = 8;
  const auto count = std::min(state.links, kEnough);
  for (const radio::Link& link : std::span(links_).subspan(state.first_link, count)) {
    budget_.prefetch(link.gateway);
  }
}

void Air::arrive(const fleet::Transmission& frame, const DeviceState& state,
                 std::vector<radio::Arrival>& arrivals) const {
  for (const radio::Link& link : links_of(state)) {
    const int antennas = budget_.antennas(link.gateway);
    for (std::uint8_t antenna = 0; antenna < antennas; ++antenna) {
      budget_.arrive(frame, link, antenna, arrivals.emplace_back());
    }
  }
}

void Air::begin(FrameOnAir& on_air, std::span<const radio::Arrival> arrivals, bool join) {
  const fleet::Transmission& frame = on_air.frame;
  if (watcher_ != nullptr) watcher_->device_sent(frame, join);
  const radio::OnAir seen = seen_anywhere(frame);
  on_air.arrivals.clear();
  for (std::size_t i = 0; i < arrivals.size();) {
    const std::uint32_t gateway = arrivals[i].gateway;
    const bool is_off = troubled_[gateway] != 0 && sites_[gateway].outages > 0;
    float power_dbm = arrivals[i].power_dbm;
    bool audible = false;
    do {
      const radio::Arrival& arrival = arrivals[i];
      power_dbm = std::max(power_dbm, arrival.power_dbm);
      audible = audible || arrival.audible;
      if (!is_off && (arrival.audible || arrival.forced)) on_air.arrivals.push_back(arrival);
      ++i;
    } while (i < arrivals.size() && arrivals[i].antenna > 0);
    // One demodulator follows a frame, however many antennas there are.
    if (!is_off) medium_.begin(gateway, seen, power_dbm, audible, frame.start);
  }
}

std::string_view Air::end(const FrameOnAir& on_air_frame,
                          std::vector<radio::Reception>& receptions) {
  const fleet::Transmission& frame = on_air_frame.frame;
  Reasons reasons;
  receptions.clear();
  for (const radio::Arrival& arrival : on_air_frame.arrivals) {
    if (!arrival.forced) {
      if (troubled_[arrival.gateway] != 0 && sites_[arrival.gateway].outages > 0) continue;
      const radio::Fate fate = medium_.end(arrival.gateway, frame.number);
      reasons.add(fate);
      if (fate != radio::Fate::received) continue;
      if (watcher_ != nullptr) watcher_->gateway_received(arrival.gateway, frame);
    }
    radio::Reception& reception = receptions.emplace_back();
    budget_.report(frame, arrival, reception);
    if (arrival.lost_on_the_way || !pass_backhaul(arrival, reception)) {
      receptions.pop_back();
      reasons.on_the_way = true;
      continue;
    }
    if (reception.time && budget_.time_is_filtered(arrival.gateway) &&
        network::is_too_old(*reception.time, reception.arrived)) {
      reception.time.reset();
    }
    if (plan_.receiver.ghosts && !arrival.forced) add_ghost(frame, arrival, receptions);
  }
  return receptions.empty() ? reasons.text() : std::string_view{};
}

/// A node too near to a gateway is heard twice: an overdriven receiver sees its frame on a
/// neighbouring channel as well, far weaker and some microseconds apart.
void Air::add_ghost(const fleet::Transmission& frame, const radio::Arrival& arrival,
                    std::vector<radio::Reception>& receptions) const {
  const double over = static_cast<double>(arrival.power_dbm) - kGhostFromDbm;
  if (over <= 0 || frame.data_rate.bandwidth_hz != 125'000) return;
  const auto words = engine::random_words(plan_.seed, engine::Purpose::ghost,
                                          engine::mixed_subject(frame.number, arrival.gateway));
  if (engine::share_of(words[0]) >= std::min(0.02 + over / 100, 0.3)) return;
  const auto& channels = plan_.channels->uplink_channels;
  const auto is_next = [&](const lorawan::UplinkChannel& channel) {
    const auto apart = std::abs(static_cast<std::int64_t>(channel.frequency_hz) -
                                static_cast<std::int64_t>(frame.channel.frequency_hz));
    return apart == 200'000 && channel.min_data_rate <= frame.data_rate_index &&
           channel.max_data_rate >= frame.data_rate_index;
  };
  const auto next = std::find_if(channels.begin(), channels.end(), is_next);
  if (next == channels.end()) return;
  fleet::Transmission seen = frame;
  seen.channel = *next;
  seen.channel_index = static_cast<std::uint8_t>(next - channels.begin());
  radio::Reception ghost = budget_.report(seen, arrival);
  const double weaker = 34 + 31 * engine::share_of(words[1]);
  ghost.rssi_dbm = std::max(std::round(arrival.rssi_dbm - static_cast<float>(weaker)), -120.0F);
  ghost.snr_db = radio::reported_snr(plan_.gateways[arrival.gateway].snr_form,
                                     -5 - 2 * engine::share_of(words[2]));
  ghost.timestamp_us = receptions.back().timestamp_us + 2 + words[3] % 7;
  ghost.time = receptions.back().time;
  ghost.arrived = receptions.back().arrived + 300us;
  receptions.push_back(ghost);
}

/// Whether a copy comes to the network at all; where its gateway keeps it for later, when.
bool Air::pass_backhaul(const radio::Arrival& arrival, radio::Reception& reception) {
  if (troubled_[arrival.gateway] == 0) return true;
  Site& site = sites_[arrival.gateway];
  if (site.cut_off == 0) return true;
  if (!site.flush) return false;
  const engine::SimDuration fastest = plan_.gateways[arrival.gateway].backhaul.fastest;
  site.next_flushed = std::max(site.next_flushed + kFlushSpacing, site.back + fastest);
  reception.arrived = site.next_flushed;
  return true;
}

void Air::send(std::uint32_t gateway, const network::Window& window) {
  if (watcher_ != nullptr) watcher_->gateway_sent(gateway, window);
  medium_.send(gateway, window.start, window.start + window.airtime);
}

bool Air::hears(std::uint32_t index, const DeviceState& state, std::uint32_t gateway,
                const lorawan::DataRate& rate, double eirp_dbm, std::uint64_t lot) const {
  const auto links = links_of(state);
  const auto link = std::find_if(links.begin(), links.end(),
                                 [gateway](const radio::Link& l) { return l.gateway == gateway; });
  if (link == links.end()) return false;
  if (plan_.devices[index].pin.is_heard()) return true;
  return budget_.hears_downlink(*link, rate, eirp_dbm, lot);
}

bool Air::begin_outage(const Outage& outage) {
  Site& site = sites_[outage.gateway];
  troubled_[outage.gateway] = 1;
  if (outage.kind != Outage::Kind::backhaul) return site.outages++ == 0;
  ++site.cut_off;
  site.back = std::max(site.back, outage.at + outage.length);
  site.flush = outage.flush;
  return false;
}

bool Air::end_outage(const Outage& outage, engine::SimTime now) {
  Site& site = sites_[outage.gateway];
  const bool last = site.outages + site.cut_off == 1;
  if (last) troubled_[outage.gateway] = 0;
  if (outage.kind == Outage::Kind::backhaul) {
    --site.cut_off;
    return false;
  }
  if (outage.kind == Outage::Kind::reboot) budget_.reboot(outage.gateway, now);
  return --site.outages == 0;
}

bool Air::can_send(std::uint32_t gateway) const {
  return sites_[gateway].outages == 0 && sites_[gateway].cut_off == 0;
}

}  // namespace sim::world
