#include "sim/endpoint/frame_store.h"

#include <algorithm>
#include <chrono>

namespace sim::endpoint {

namespace {

constexpr std::size_t kRecords = 8;
constexpr std::size_t kMaxFields = 4096;
// A confirmed frame is sent again for a minute or so, and gateways' clocks are not the same.
constexpr std::chrono::minutes kSameMoment{2};

// The length in front keeps apart what a separator could not: both ids come from outside.
std::string key_of(const Frame& frame) {
  return std::to_string(frame.app_id.size()) + ":" + frame.app_id + frame.dev_id;
}

}  // namespace

FrameStore::FrameStore(std::size_t max_devices, StoreDefect defect)
    : max_devices_(std::max<std::size_t>(max_devices, 1)), defect_(defect) {}

Taken FrameStore::take(const Frame& frame, bool wants_downlink, const std::string& fields) {
  const std::lock_guard lock(mutex_);
  Device& from = device(frame);
  if (Record* known = find(from, frame)) {
    if (defect_ == StoreDefect::keeps_duplicates) ++from.stored.count;
    const bool again = wants_downlink && known->downlink == Downlink::failed;
    if (again) known->downlink = Downlink::calling;
    return {false, again};
  }
  note_latest(from, frame, fields);
  ++from.stored.count;
  if (from.records.size() == kRecords) from.records.erase(from.records.begin());
  from.records.push_back({frame.counter, frame.payload_raw, frame.sent_at,
                          wants_downlink ? Downlink::calling : Downlink::none});
  return {true, wants_downlink};
}

// A lower counter that was sent later is a device that began anew; one that was sent earlier is a
// frame that comes late. What was sent at the same moment, as far as anybody can tell, is in the
// order of its counters, and then in that of its coming.
bool FrameStore::is_older(const Device& device, const Frame& frame) const {
  const bool has_lower_counter = frame.counter < device.stored.counter;
  switch (defect_) {
    case StoreDefect::last_comer_is_latest:
      return false;
    case StoreDefect::highest_counter_is_latest:
      return has_lower_counter;
    default:
      return frame.sent_at < device.latest_sent_at ||
             (frame.sent_at == device.latest_sent_at && has_lower_counter);
  }
}

void FrameStore::note_latest(Device& device, const Frame& frame, const std::string& fields) const {
  Stored& stored = device.stored;
  if (stored.count > 0 && is_older(device, frame)) return;
  device.latest_sent_at = frame.sent_at;
  stored.counter = defect_ == StoreDefect::keeps_16_bits ? frame.counter & 0xFFFFU : frame.counter;
  stored.fields = fields.size() <= kMaxFields ? fields : std::string();
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

std::optional<Stored> FrameStore::stored(const std::string& dev_id) const {
  const std::lock_guard lock(mutex_);
  const auto entry = by_id_.find(dev_id);
  if (entry == by_id_.end()) return std::nullopt;
  return entry->second->stored;
}

FrameStore::Device& FrameStore::device(const Frame& frame) {
  const std::string key = key_of(frame);
  if (const auto entry = by_key_.find(key); entry != by_key_.end()) {
    devices_.splice(devices_.end(), devices_, entry->second);
    by_id_[frame.dev_id] = entry->second;
    return devices_.back();
  }
  if (devices_.size() == max_devices_) forget_oldest();
  devices_.push_back({key, frame.dev_id, {}, {}, {}});
  by_key_.emplace(key, std::prev(devices_.end()));
  by_id_[frame.dev_id] = std::prev(devices_.end());
  return devices_.back();
}

void FrameStore::forget_oldest() {
  by_key_.erase(devices_.front().key);
  const auto named = by_id_.find(devices_.front().dev_id);
  if (named != by_id_.end() && named->second == devices_.begin()) by_id_.erase(named);
  devices_.pop_front();
}

// The frame that came last is known by counter and payload. Those before it by their moment as
// well: a device that was reset counts from 0 again, and may send what it sent then.
FrameStore::Record* FrameStore::find(Device& device, const Frame& frame) {
  for (auto record = device.records.rbegin(); record != device.records.rend(); ++record) {
    if (record->counter != frame.counter || record->payload_raw != frame.payload_raw) continue;
    const auto apart = std::chrono::abs(record->sent_at - frame.sent_at);
    if (record == device.records.rbegin() || apart <= kSameMoment) return &*record;
  }
  return nullptr;
}

}  // namespace sim::endpoint
