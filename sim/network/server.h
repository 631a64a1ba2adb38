// The network server: counters, sessions, data rates, and what goes back to a device.
//
// It sees receptions and nothing of the devices themselves. A frame's copies are merged within a
// window of 200 ms, its counter is checked, and the uplink that remains goes to the application;
// 100 ms later the server takes what the queue has for the receive window, and puts its own
// commands (data rate, link check) on it. Called by World. Thread rule: the run's thread. Source:
// shared facts on TTN v2, 3, 5.1 and 5.3; on radio, 3.9 and 4.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "sim/engine/prefetch.h"
#include "sim/engine/sim_time.h"
#include "sim/network/adr.h"
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
/// when the window closes. Copies that come after another such time are a message of their own:
/// they go to `later` where it is given. `receptions` must not be empty.
engine::SimTime deduplicate(std::vector<radio::Reception>& receptions, engine::SimDuration window,
                            std::vector<radio::Reception>* later = nullptr);

/// Why the server did not pass a frame on.
enum class CounterVerdict : std::uint8_t { accepted, not_higher, gap_too_large };
std::string_view to_string(CounterVerdict verdict);

/// What a frame's header says to the server beside the counter.
struct FrameFlags {
  bool ack = false;          ///< acknowledges the last confirmed downlink
  bool adr = false;          ///< the network may set data rate and power
  bool adr_ack_req = false;  ///< the device has heard nothing for long
  bool adr_answer = false;   ///< the device took over what the network set
  bool link_check = false;   ///< asks how well it is heard
};

/// What the server tells of a link: dB above the floor, and how many gateways heard.
struct LinkCheck {
  int margin_db = 0;
  int gateways = 0;
};

/// What the server sends in a receive window.
struct Answer {
  bool ack = false;                    ///< acknowledges a confirmed uplink
  const Downlink* downlink = nullptr;  ///< the application's, if any; valid until the queue changes
  bool first_time = true;              ///< false where a confirmed downlink is sent again
  bool pending = false;                ///< more waits (FPending)
  std::uint32_t f_cnt_down = 0;
  std::optional<AdrSettings> adr{};
  std::optional<LinkCheck> link_check{};

  /// Bytes of MAC commands in the frame's header.
  [[nodiscard]] std::size_t command_bytes() const;
};

class Server {
 public:
  /// `plan` is for adaptive data rates; without one there are none.
  explicit Server(std::size_t devices, const lorawan::ChannelPlan* plan = nullptr);

  /// A device whose counter is not to be checked, as its owner may ask.
  void trust_counter_of(std::uint32_t device) { sessions_[device].trusts_counter = true; }

  /// Fetches a device's session before it is needed.
  void prefetch(std::uint32_t device) const { engine::prefetch(&sessions_[device]); }

  /// Checks the counter of a merged frame and fills in `is_retry` and `is_retry_as_deployed`.
  CounterVerdict accept(Uplink& uplink);

  /// Takes note of an accepted uplink's ACK bit; the number of the downlink that it acknowledges.
  std::optional<std::uint64_t> acknowledge(const Uplink& uplink, bool ack);

  /// Takes note of the signal of an accepted uplink, and of what the device took over.
  void observe(const Uplink& uplink, const FrameFlags& flags);

  /// Whether anything may go out after that uplink even if no downlink comes any more.
  [[nodiscard]] bool may_respond(const Uplink& uplink, const FrameFlags& flags) const;

  /// What to send after that uplink; nothing where no answer is due and no downlink waits.
  std::optional<Answer> respond(const Uplink& uplink, const FrameFlags& flags = {});

  /// The size of the downlink that respond() would send, in bytes; 0 where there is none.
  [[nodiscard]] std::size_t next_downlink_bytes(std::uint32_t device) const;

  /// What to send at once to a device that always listens: the next downlink that waits.
  std::optional<Answer> send_at_once(std::uint32_t device);

  /// A device wants to join. False where its nonce was used before: then nothing is answered.
  bool join(std::uint32_t device, std::uint16_t dev_nonce);
  /// The device has taken the new session: counters begin anew.
  void begin_session(std::uint32_t device);
  /// The owner made the network forget the counters (as after a device's reset).
  void forget_counters(std::uint32_t device) { begin_session(device); }

  /// Queues a downlink. Returns the numbers of those that it displaced.
  std::vector<std::uint64_t> enqueue(Downlink downlink);

  /// Downlinks that were accepted and never sent, over all devices.
  [[nodiscard]] std::size_t unsent() const;

 private:
  struct AdrState {
    AdrHistory history;
    int power_dbm = 0;
    std::optional<AdrSettings> asked;  // and not taken over yet
  };
  /// What few devices have: kept apart, so that a million sessions stay small.
  struct Extras {
    DownlinkQueue queue;
    AdrState adr;
    std::unordered_set<std::uint16_t> used_nonces;
  };
  struct Session {
    std::uint32_t last_f_cnt = 0;
    std::uint32_t handler_f_cnt = 0;  // the second counter, which only tells retries apart
    std::uint32_t next_f_cnt_down = 0;
    bool seen = false;
    bool trusts_counter = false;
    bool told_channels = false;  // after the session's first uplink, where the region asks for it
    std::unique_ptr<Extras> extras;

    Extras& more() {
      if (!extras) extras = std::make_unique<Extras>();
      return *extras;
    }
  };

  static CounterVerdict check_counter(const Session& session, const Uplink& uplink);
  [[nodiscard]] std::optional<AdrSettings> wanted_settings(const Session& session,
                                                           const Uplink& uplink) const;
  [[nodiscard]] bool tells_channels(const Session& session) const;

  const lorawan::ChannelPlan* plan_;
  std::vector<Session> sessions_;
};

}  // namespace sim::network
