#include "sim/check/downlink_window.h"

#include <algorithm>

namespace sim::check {

const DownlinkWindow* DeviceWatch::latest_window() const {
  const bool has = !windows.empty() && windows.back().uplink == latest_uplink;
  return has ? &windows.back() : nullptr;
}

DownlinkWindow* DeviceWatch::latest_window() {
  const bool has = !windows.empty() && windows.back().uplink == latest_uplink;
  return has ? &windows.back() : nullptr;
}

DownlinkWindow* DeviceWatch::window_of(std::uint64_t uplink) {
  const auto found =
      std::find_if(windows.begin(), windows.end(),
                   [uplink](const DownlinkWindow& window) { return window.uplink == uplink; });
  return found == windows.end() ? nullptr : &*found;
}

DownlinkWindow* DeviceWatch::between_tries(std::chrono::nanoseconds wall) {
  const auto again =
      std::find_if(windows.begin(), windows.end(), [wall](const DownlinkWindow& window) {
        return window.redelivered && !window.asleep && wall <= window.deadline;
      });
  if (again != windows.end()) return &*again;
  const auto asleep = std::find_if(windows.begin(), windows.end(),
                                   [](const DownlinkWindow& window) { return window.asleep; });
  return asleep == windows.end() ? nullptr : &*asleep;
}

DownlinkWindow* DeviceWatch::oldest_lacking(unsigned min, std::chrono::nanoseconds wall) {
  const auto found =
      std::find_if(windows.begin(), windows.end(), [min, wall](const DownlinkWindow& window) {
        return !window.asleep && window.in_time < min && wall <= window.deadline;
      });
  return found == windows.end() ? nullptr : &*found;
}

}  // namespace sim::check
