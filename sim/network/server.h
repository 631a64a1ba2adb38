// The network server: counters, de-duplication, and what goes back to a device.
//
// It sees receptions and nothing of the devices themselves. A frame's copies are merged within a
// window of 200 ms, its counter is checked, and the uplink that remains goes to the application;
// 100 ms later the server takes what the queue has for the receive window. Called by World. Thread
// rule: the run's thread. Source: shared facts on TTN v2, 3, 5.1 and 5.3.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/network/downlink_queue.h"
#include "sim/network/uplink.h"

namespace sim::network {

/// How long the server waits, and what its downlinks go through.
struct ServerSettings {
  engine::SimDuration deduplication = std::chrono::milliseconds(200);
  /// How long an application still makes the receive window of the uplink that it got.
  engine::SimDuration response_deadline = std::chrono::milliseconds(100);
};

/// Merges the copies of a frame: sorts them by arrival and drops those after the window. Returns
/// when the window closes. `receptions` must not be empty.
engine::SimTime deduplicate(std::vector<radio::Reception>& receptions, engine::SimDuration window);

/// Why the server did not pass a frame on.
enum class CounterVerdict : std::uint8_t { accepted, not_higher, gap_too_large };
std::string_view to_string(CounterVerdict verdict);

/// What the server sends in a receive window.
struct Answer {
  bool ack = false;                    ///< acknowledges a confirmed uplink
  const Downlink* downlink = nullptr;  ///< the application's, if any; valid until the queue changes
  bool first_time = true;              ///< false where a confirmed downlink is sent again
  bool pending = false;                ///< more waits (FPending)
  std::uint32_t f_cnt_down = 0;
};

class Server {
 public:
  explicit Server(std::size_t devices);

  /// Checks the counter of a merged frame and fills in `is_retry` and `is_retry_as_deployed`.
  CounterVerdict accept(Uplink& uplink);

  /// Takes note of an accepted uplink's ACK bit; the number of the downlink that it acknowledges.
  std::optional<std::uint64_t> acknowledge(const Uplink& uplink, bool ack);

  /// What to send after that uplink; nothing where no ACK is due and no downlink waits.
  std::optional<Answer> respond(const Uplink& uplink);

  /// Queues a downlink. Returns the numbers of those that it displaced.
  std::vector<std::uint64_t> enqueue(Downlink downlink);

  /// Downlinks that were accepted and never sent, over all devices.
  [[nodiscard]] std::size_t unsent() const;

 private:
  struct Session {
    bool seen = false;
    std::uint32_t last_f_cnt = 0;
    std::uint32_t handler_f_cnt = 0;  // the second counter, which only tells retries apart
    std::uint32_t next_f_cnt_down = 0;
    DownlinkQueue queue;
  };

  std::vector<Session> sessions_;
};

}  // namespace sim::network
