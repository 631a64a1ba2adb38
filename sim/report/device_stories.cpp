#include "sim/report/device_stories.h"

#include <array>

#include "sim/report/printable.h"

namespace sim::report {

void DeviceStories::add(std::string_view device, engine::SimDuration offset, Kind kind,
                        std::string_view text) {
  const std::string id(device);
  auto found = by_device_.find(id);
  if (found == by_device_.end()) {
    if (stories_.size() == kMaxDevices) {
      is_cut_ = true;
      return;
    }
    found = by_device_.emplace(id, stories_.size()).first;
    stories_.push_back({id, {}, 0});
  }
  Story& story = stories_[found->second];
  if (story.events.size() == kMaxEvents) {
    ++story.left_out;
    return;
  }
  story.events.push_back({offset, kind, shortened(utf8(text), kMaxText)});
}

std::string_view to_string(DeviceStories::Kind kind) {
  constexpr std::array<std::string_view, 10> kNames = {
      "uplink", "retry",   "lost",   "delivered",    "undelivered",
      "call",   "refused", "window", "acknowledged", "change"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace sim::report
