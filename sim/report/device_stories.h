// What befell each device, one event after the other: what a device's timeline shows.
//
// The first hundred devices that something befell have a story, of three hundred events each; what
// is beyond that is counted. Called by Pictures. Thread rule: none of its own. Source:
// sim/report/README.md, "The HTML report".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/engine/sim_time.h"

namespace sim::report {

class DeviceStories {
 public:
  static constexpr std::size_t kMaxDevices = 100;
  static constexpr std::size_t kMaxEvents = 300;
  static constexpr std::size_t kMaxText = 200;

  enum class Kind : std::uint8_t {
    uplink,
    retry,
    lost,          ///< a frame that did not get through
    delivered,     ///< the endpoint said 2xx
    undelivered,   ///< it did not
    call,          ///< a downlink call that was accepted
    refused,       ///< one that was not
    window,        ///< something was sent in a receive window
    acknowledged,  ///< a downlink, by the device
    change,        ///< of the device: joined, reset, adapted, reacted
  };
  struct Event {
    engine::SimDuration offset;  ///< from the run's beginning
    Kind kind;
    std::string text;
  };
  struct Story {
    std::string device;
    std::vector<Event> events;
    std::uint64_t left_out = 0;
  };

  void add(std::string_view device, engine::SimDuration offset, Kind kind, std::string_view text);

  [[nodiscard]] const std::vector<Story>& stories() const { return stories_; }
  /// Whether there are devices without a story.
  [[nodiscard]] bool is_cut() const { return is_cut_; }

 private:
  std::vector<Story> stories_;
  std::unordered_map<std::string, std::size_t> by_device_;
  bool is_cut_ = false;
};

std::string_view to_string(DeviceStories::Kind kind);

}  // namespace sim::report
