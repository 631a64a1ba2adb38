#include "sim/radio/medium.h"

#include <algorithm>
#include <cassert>

namespace sim::radio {

namespace {

/// The group of demodulators that a data rate needs, and how many there are of it.
enum class Path : std::uint8_t { multi_sf, wide, fsk };

Path path_of(const lorawan::DataRate& rate) {
  if (rate.modulation == lorawan::Modulation::fsk) return Path::fsk;
  return rate.bandwidth_hz > 125'000 ? Path::wide : Path::multi_sf;
}

int paths(Path path) {
  return path == Path::multi_sf ? kMultiSfDemodulators : 1;
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::received:
      return "received";
    case Fate::collided:
      return "destroyed by a collision";
    case Fate::no_demodulator:
      return "no demodulator was free";
    case Fate::sending:
      return "the gateway was sending";
  }
  return "";
}

Medium::Medium(std::size_t gateways, const InterferenceModel* model)
    : sites_(gateways), model_(model) {}

void Medium::begin(std::uint32_t gateway, const OnAir& frame, float power_dbm, bool audible,
                   engine::SimTime now) {
  std::vector<OnAir>& on_air = sites_[gateway].on_air;
  // What ended before everything that is still going on began can disturb nothing any more.
  engine::SimTime oldest = now;
  int busy = 0;
  const Path path = path_of(frame.rate);
  for (const OnAir& other : on_air) {
    if (other.end < now) continue;
    oldest = std::min(oldest, other.start);
    if (other.demodulated && other.end > now && path_of(other.rate) == path) ++busy;
  }
  std::erase_if(on_air, [oldest](const OnAir& other) { return other.end <= oldest; });
  on_air.push_back(frame);
  on_air.back().power_dbm = power_dbm;
  on_air.back().demodulated = audible && busy < paths(path);
}

Fate Medium::end(std::uint32_t gateway, std::uint64_t frame) {
  const Site& site = sites_[gateway];
  // Searched from the back: it began not long ago.
  const auto found = std::find_if(site.on_air.rbegin(), site.on_air.rend(),
                                  [frame](const OnAir& one) { return one.frame == frame; });
  assert(found != site.on_air.rend());
  if (is_sending(gateway, found->start, found->end)) return Fate::sending;
  if (!found->demodulated) return Fate::no_demodulator;
  if (model_ != nullptr && destroyer_of(*model_, *found, site.on_air).destroyed) {
    return Fate::collided;
  }
  return Fate::received;
}

void Medium::send(std::uint32_t gateway, engine::SimTime start, engine::SimTime end) {
  // The longest frame lasts under ten seconds: what ended a minute ago concerns nobody.
  std::vector<Sending>& sending = sites_[gateway].sending;
  std::erase_if(sending,
                [start](const Sending& one) { return one.end + std::chrono::minutes(1) < start; });
  sending.push_back({start, end});
}

bool Medium::is_sending(std::uint32_t gateway, engine::SimTime from, engine::SimTime to) const {
  const std::vector<Sending>& sending = sites_[gateway].sending;
  return std::any_of(sending.begin(), sending.end(),
                     [&](const Sending& one) { return one.start < to && one.end > from; });
}

}  // namespace sim::radio
