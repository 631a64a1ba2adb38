#include "sim/report/coverage.h"

#include <algorithm>
#include <cmath>

namespace sim::report {

namespace {

// What no radio reports stands at the edge: the plot must not grow with nonsense in a journal.
int rounded(double value, double least, double most) {
  if (!(value > least)) return static_cast<int>(least);  // a NaN, too
  return static_cast<int>(std::lround(std::min(value, most)));
}

Coverage::Cell cell_of(const radio::Reception& reception) {
  return {rounded(reception.rssi_dbm, -160, 20), rounded(reception.snr_db * 2.0, -80, 80)};
}

}  // namespace

void Coverage::place(const check::Placed& placed) {
  Places& places = placed.kind == check::Placed::Kind::gateway ? gateways_ : devices_;
  if (places.places.size() == kMaxPlaces) {
    is_cut_ = true;
    return;
  }
  const auto index = static_cast<std::uint32_t>(places.places.size());
  if (!places.by_id.emplace(placed.id, index).second) return;
  places.places.push_back({std::string(placed.id), placed.latitude, placed.longitude, 0});
}

Coverage::Place* Coverage::find(Places& places, const std::string& id, std::uint32_t& index) {
  const auto found = places.by_id.find(id);
  if (found == places.by_id.end()) return nullptr;
  index = found->second;
  return &places.places[index];
}

void Coverage::hear(const application::Uplink& uplink) {
  Pair pair;
  Place* device = find(devices_, uplink.device.id, pair.first);
  if (device != nullptr) ++device->frames;
  for (const radio::Reception& reception : uplink.frame.receptions) {
    ++signals_[cell_of(reception)];
    Place* gateway = find(gateways_, uplink.gateways[reception.gateway].id, pair.second);
    if (gateway != nullptr) ++gateway->frames;
    if (device == nullptr || gateway == nullptr) continue;
    if (links_.size() >= kMaxLinks && !links_.contains(pair)) {
      is_cut_ = true;
      continue;
    }
    Link& link = links_[pair];
    link.best_rssi =
        link.frames == 0 ? reception.rssi_dbm : std::max(link.best_rssi, reception.rssi_dbm);
    ++link.frames;
  }
}

}  // namespace sim::report
