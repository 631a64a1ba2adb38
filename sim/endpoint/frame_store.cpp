#include "sim/endpoint/frame_store.h"

#include <algorithm>

namespace sim::endpoint {

namespace {

constexpr std::size_t kRecords = 4;

// The length in front keeps apart what a separator could not: both ids come from outside.
std::string key_of(const Frame& frame) {
  return std::to_string(frame.app_id.size()) + ":" + frame.app_id + frame.dev_id;
}

}  // namespace

FrameStore::FrameStore(std::size_t max_devices)
    : max_devices_(std::max<std::size_t>(max_devices, 1)) {}

Taken FrameStore::take(const Frame& frame, bool wants_downlink) {
  const std::lock_guard lock(mutex_);
  Device& from = device(frame);
  if (Record* known = find(from, frame)) {
    const bool again = wants_downlink && known->downlink == Downlink::failed;
    if (again) known->downlink = Downlink::calling;
    return {false, again};
  }
  if (from.records.size() == kRecords) from.records.erase(from.records.begin());
  from.records.push_back({frame.counter, frame.payload_raw, frame.time,
                          wants_downlink ? Downlink::calling : Downlink::none});
  return {true, wants_downlink};
}

void FrameStore::settle_downlink(const Frame& frame, bool sent) {
  const std::lock_guard lock(mutex_);
  const auto entry = by_key_.find(key_of(frame));
  if (entry == by_key_.end()) return;  // the device has had to make room meanwhile
  if (Record* known = find(*entry->second, frame)) {
    known->downlink = sent ? Downlink::sent : Downlink::failed;
  }
}

std::size_t FrameStore::devices() const {
  const std::lock_guard lock(mutex_);
  return devices_.size();
}

FrameStore::Device& FrameStore::device(const Frame& frame) {
  const std::string key = key_of(frame);
  if (const auto entry = by_key_.find(key); entry != by_key_.end()) {
    devices_.splice(devices_.end(), devices_, entry->second);
    return devices_.back();
  }
  if (devices_.size() == max_devices_) {
    by_key_.erase(devices_.front().key);
    devices_.pop_front();
  }
  devices_.push_back({key, {}});
  by_key_.emplace(key, std::prev(devices_.end()));
  return devices_.back();
}

// The newest frame is known by counter and payload. Those before it by their time as well: a device
// that was reset counts from 0 again, and may send what it sent then.
FrameStore::Record* FrameStore::find(Device& device, const Frame& frame) {
  for (auto record = device.records.rbegin(); record != device.records.rend(); ++record) {
    if (record->counter != frame.counter || record->payload_raw != frame.payload_raw) continue;
    if (record == device.records.rbegin() || record->time == frame.time) return &*record;
  }
  return nullptr;
}

}  // namespace sim::endpoint
