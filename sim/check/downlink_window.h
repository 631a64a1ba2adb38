// What a downlink expectation keeps of a device: its latest uplink, and the windows that are open.
//
// A window opens with an uplink that calls for downlinks and is closed when it is told what came. A
// device has one window most of the time; more only where uplinks follow each other faster than
// downlinks may come. Called by DownlinkCheck. Thread rule: the run's thread.
// Source: scenarios/README.md, "expect".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim::check {

/// The time in which downlinks count for one uplink. All times are wall times since the run began.
struct DownlinkWindow {
  /// What only evidence needs; most windows end without any.
  struct Context {
    std::string body;  ///< of the uplink's request
    std::vector<std::string> notes;
    std::string last;  ///< of too many downlinks
  };

  std::uint64_t uplink = 0;
  std::uint32_t f_cnt = 0;
  unsigned in_time = 0;
  unsigned late = 0;
  bool told_too_many = false;
  bool asleep = false;       ///< its delivery failed, and waits for its next try
  bool redelivered = false;  ///< that try has gone
  std::chrono::nanoseconds deadline{0};
  std::chrono::nanoseconds first_late_after{0};      ///< behind the uplink's sending
  std::optional<std::chrono::nanoseconds> answered;  ///< nothing: not delivered yet
  std::unique_ptr<Context> context;
};

/// What the latest uplink of a device says of downlinks that come now.
enum class Calling : std::uint8_t {
  calls,       ///< they count for its window
  does_not,    ///< nobody called for them
  undelivered  ///< nothing can be said, the endpoint did not take it
};

struct DeviceWatch {
  std::uint64_t latest_uplink = 0;
  std::uint32_t latest_f_cnt = 0;
  std::uint8_t latest_port = 0;
  bool latest_is_retry = false;
  Calling calling = Calling::does_not;
  std::vector<DownlinkWindow> windows;              ///< oldest first
  std::optional<std::chrono::nanoseconds> touched;  ///< when a delivery was repeated last

  /// The latest uplink's window, or nullptr.
  [[nodiscard]] DownlinkWindow* latest_window();
  [[nodiscard]] const DownlinkWindow* latest_window() const;
  [[nodiscard]] DownlinkWindow* window_of(std::uint64_t uplink);
  /// The one whose uplink was delivered again and may have downlinks at that time; otherwise the
  /// oldest that waits for its redelivery; or nullptr.
  [[nodiscard]] DownlinkWindow* between_tries(std::chrono::nanoseconds wall);
  /// The oldest window that needs more downlinks and may still have them at that time, or nullptr.
  [[nodiscard]] DownlinkWindow* oldest_lacking(unsigned min, std::chrono::nanoseconds wall);
};

}  // namespace sim::check
