// The downlinks that wait for one device, with the deployed network's rules.
//
// A class A device listens only after it has sent; what the application schedules waits here. One
// downlink is current: an unconfirmed one is sent once (and again on a retried uplink), a confirmed
// one on every uplink until a new one of the device acknowledges it. Called by Server.
// Thread rule: belongs to one device, on the run's thread.
// Source: shared facts on TTN v2, section 3.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::network {

/// Where a new downlink goes: in the place of all that waits, before it, or behind it.
enum class Schedule : std::uint8_t { replace, first, last };

struct Downlink {
  std::uint64_t number = 0;  ///< counts the run's accepted downlinks, from 1
  std::uint32_t device = 0;  ///< index in the plan
  std::uint8_t f_port = 0;   ///< 0: the port of the uplink that it answers
  bool confirmed = false;
  Schedule schedule = Schedule::replace;
  lorawan::Bytes payload;
  payload::Fields fields{};  ///< as the application gave them; empty where it gave bytes
};

class DownlinkQueue {
 public:
  /// Puts a downlink in. Returns the numbers of those that it displaced before they were ever sent.
  std::vector<std::uint64_t> push(Downlink downlink);

  /// What is known of an uplink when the queue is asked for its answer.
  struct UplinkFacts {
    bool is_retry = false;
    bool ack = false;  ///< the device acknowledges the last confirmed downlink
  };

  /// Takes note of an uplink. Returns the number of the downlink that it acknowledges, if any.
  std::optional<std::uint64_t> on_uplink(UplinkFacts uplink);

  /// The downlink to send now; it stays current. nullptr where there is none.
  const Downlink* take();

  /// What take() would give.
  [[nodiscard]] const Downlink* next() const {
    if (current_) return &*current_;
    return waiting_.empty() ? nullptr : &waiting_.front();
  }

  /// The next downlink that was never sent, whatever the current one is: for a device that always
  /// listens. It becomes current. nullptr where none waits.
  const Downlink* take_next();

  /// Whether take() would give a downlink that it gave before.
  [[nodiscard]] bool current_is_sent() const { return current_.has_value(); }
  /// Downlinks that were accepted and never sent.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  std::deque<Downlink> waiting_;
  std::optional<Downlink> current_;  // was sent at least once
};

}  // namespace sim::network
