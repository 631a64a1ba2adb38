// What DownlinkCheck makes of deliveries that come again: a window sleeps between two tries.
#include <algorithm>

#include "sim/check/downlink_check.h"

namespace sim::check {

/// A delivery that is repeated calls for nothing, but what it brings has to be waited for.
void DownlinkCheck::on(const Stamp& stamp, const DeliveryRepeated& entry) {
  if (!wanted_.count.max) return;
  const auto found = watches_.find(entry.device);
  if (found == watches_.end()) return;
  limited_since_ = std::max(limited_since_.value_or(Wall{0}), stamp.wall);
  found->second.touched = stamp.wall;
}

/// The downlink is owed for the try that succeeds. What this one brings counts all the same: it may
/// have had its effect, and only its answer was lost.
void DownlinkCheck::on(const Stamp& stamp, const DeliveryTried& entry) {
  const auto found = watches_.find(entry.device);
  if (found == watches_.end()) return;
  DeviceWatch& watch = found->second;
  if (wanted_.count.max) {
    limited_since_ = std::max(limited_since_.value_or(Wall{0}), stamp.wall);
    watch.touched = stamp.wall;
  }
  DownlinkWindow* const window = watch.window_of(entry.number);
  if (window == nullptr) return;
  lacking_.erase({window->deadline, window->uplink});
  window->asleep = true;
}

void DownlinkCheck::on(const Stamp& stamp, const RedeliverySent& entry) {
  const auto found = watches_.find(entry.device);
  if (found == watches_.end()) return;
  DownlinkWindow* const window = found->second.window_of(entry.number);
  if (window == nullptr) return;
  window->asleep = false;
  window->redelivered = true;
  window->deadline = stamp.wall + wanted_.within;
  if (lacks(*window)) lacking_.emplace(window->deadline, window->uplink);
}

}  // namespace sim::check
