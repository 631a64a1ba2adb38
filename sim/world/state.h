// World's inside: the queue of events and what each event does, a file for each part of a frame's
// life.
//
//   sending.cpp    a device makes a frame, waits for its duty cycle, and is on the air
//   receiving.cpp  the frame ends; the network merges its copies and publishes the uplink
//   answering.cpp  something goes back in a receive window, and the device hears it or not
//   reacting.cpp   the device does what its rules say; its power goes and comes back
//   joining.cpp    a device without a session asks for one
//   happenings of devices and gateways by the clock (outages, power cuts) are in world.cpp
//
// Included by these files only. Thread rule: the run's thread. Source: sim/README.md.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/engine/event_queue.h"
#include "sim/network/downlink_choice.h"
#include "sim/world/ahead.h"
#include "sim/world/air.h"
#include "sim/world/channel_table.h"
#include "sim/world/transmitter.h"
#include "sim/world/world.h"

namespace sim::world {

enum class EventKind : std::uint8_t {
  send,
  repeat,
  join,
  frame_end,
  publish,
  respond,
  at_once,
  window,
  power_on,
  extra_send,
  outage,
  recovery,
  action,
  wake,
};

/// What is to happen to whom. Two words that stay in registers on their way to the queue.
class Event {
 public:
  Event(EventKind kind, std::uint32_t index, std::uint32_t generation)
      : what_((std::uint64_t{index} << 8U) | static_cast<std::uint8_t>(kind)),
        generation_(generation) {}

  [[nodiscard]] EventKind kind() const { return static_cast<EventKind>(what_ & 0xFFU); }
  /// A device, a slot, an outage or an action.
  [[nodiscard]] std::uint32_t index() const { return static_cast<std::uint32_t>(what_ >> 8U); }
  /// Tells a void timer from a valid one.
  [[nodiscard]] std::uint32_t generation() const { return static_cast<std::uint32_t>(generation_); }

 private:
  std::uint64_t what_;
  std::uint64_t generation_;
};

/// What a frame is for.
enum class FrameKind : std::uint8_t { data, join };

/// A frame from its beginning on the air to its device's receive window. Slots are used again, so
/// that a long run allocates nothing for a frame.
struct Slot {
  FrameKind kind = FrameKind::data;
  FrameOnAir on_air;
  network::Uplink uplink;
  network::FrameFlags flags;
  std::uint16_t dev_nonce = 0;
  bool late_copy = false;
  bool is_out_of_reach = false;  // of a device that Ahead has: nothing of it may be looked at here
  bool pinned_time = false;
  network::Downlink downlink;  // what the window carries; number 0 is none
  network::DownlinkChoice choice;
  std::optional<network::AdrSettings> adr;
  DownlinkSent sent{};
};

/// An uplink whose receive window an application may still make.
struct OpenWindow {
  std::uint32_t slot;
  std::uint32_t device;
  engine::SimTime closes;
};

/// Who heard a device's last uplink.
struct LastHeard {
  std::uint64_t uplink = 0;
  std::vector<radio::Reception> receptions;
};

/// Fetches what an event will need before it is due: the device or the slot, then what they point
/// to, then the gateways.
struct Prefetch {
  static constexpr int kPasses = 4;
  const World::State* state;
  void operator()(const Event& event, int pass) const;
};

struct World::State {
  State(const FieldPlan& field, Application application);

  void carry_out(const Event& event);
  void prefetch_send(std::uint32_t device, int pass) const;
  void prefetch_publish(std::uint32_t slot, int pass) const;
  void prefetch_end(std::uint32_t slot, int pass) const;

  // --- sending.cpp ---
  void schedule_send(std::uint32_t device);
  void send(std::uint32_t device, std::uint32_t generation);
  void send_now(std::uint32_t device);
  void repeat(std::uint32_t device, std::uint32_t generation);
  void transmit(std::uint32_t device, const lorawan::Bytes& payload);
  void put_on_air(std::uint32_t slot, std::uint32_t device, std::uint8_t data_rate,
                  const ChannelUse& channel, engine::SimDuration airtime);
  void take_ahead();
  void prefetch_ahead() const;
  void begin_ahead(const FrameAhead& ready, std::span<const radio::Arrival> heard,
                   std::span<const std::uint8_t> payload);
  void postpone(EventKind kind, std::uint32_t device, engine::SimTime until,
                std::uint32_t generation);
  void give_up(std::uint32_t device);
  [[nodiscard]] bool may_send(std::uint32_t device) const;

  // --- receiving.cpp ---
  void frame_end(std::uint32_t slot);
  void publish(std::uint32_t slot);
  void split_off(const Slot& slot, std::vector<radio::Reception>& later);
  void note_receptions(const Slot& slot);
  void close_windows();

  // --- answering.cpp ---
  void respond(std::uint32_t slot);
  std::vector<network::Window> windows_of(const Slot& slot, std::size_t payload_bytes) const;
  void window(std::uint32_t slot);
  void heard_something(std::uint32_t device, const Slot& slot);
  void send_at_once(std::uint32_t device);
  std::vector<std::uint64_t> enqueue(network::Downlink downlink, engine::SimTime at);
  [[nodiscard]] bool hears(const Slot& slot) const;

  // --- reacting.cpp ---
  void deliver(std::uint32_t device, const Slot& slot);
  void befall(std::uint32_t device, const Reacted& reacted);
  void join_again(std::uint32_t device);
  void reboot(std::uint32_t device, engine::SimDuration length);
  void forget_frames(std::uint32_t device);
  void cut_power(std::uint32_t device, engine::SimTime back);
  void switch_off(std::uint32_t device, engine::SimTime back);
  void power_on(std::uint32_t device, std::uint32_t generation);

  // --- joining.cpp ---
  void begin_join(std::uint32_t device, engine::SimTime at);
  void join(std::uint32_t device, std::uint32_t generation);
  void answer_join(std::uint32_t slot);
  void join_window(std::uint32_t slot);

  // --- world.cpp ---
  [[nodiscard]] bool is_aheads_turn();
  void refill_ahead();
  void act(std::uint32_t action);
  void change_outage(const Outage& outage, bool begins);
  std::uint32_t take_slot();
  void free_slot(std::uint32_t slot) { free_slots.push_back(slot); }

  const FieldPlan& plan;
  ChannelTable channels;
  Air air;
  network::Server server;
  network::GatewayUsage usage;
  std::vector<DeviceState> devices;
  Transmitter transmitter;
  engine::EventQueue<Event, Prefetch> events;
  std::deque<Slot> slots;  // a deque: an uplink's address stays valid while slots are added
  std::vector<std::uint32_t> free_slots;
  std::deque<OpenWindow> open_windows;                      // in the order in which they close
  std::unordered_map<std::uint32_t, LastHeard> last_heard;  // of devices that always listen
  std::vector<radio::Reception> later;
  lorawan::Bytes new_payload;
  std::vector<Happening> happenings;
  engine::SimTime now;
  std::uint64_t next_uplink = 1;
  bool stopped = false;
  std::vector<radio::Arrival> arrivals;  // of the frame that begins
  // --- Frames that are made ahead, where no application answers ---
  std::unique_ptr<Ahead> ahead;
  std::function<AheadBatch*()> feed;     // of what it made; empty: it is asked itself
  AheadBatch own_batch;                  // where it is
  AheadBatch* ahead_batch = &own_batch;  // whose turn it is
  std::size_t next_ahead = 0;            // in it, and in its arrays
  std::size_t ahead_arrivals = 0;
  std::size_t ahead_payloads = 0;
  std::size_t ahead_reasons = 0;
  bool ahead_is_over = false;
};

/// A length of time drawn uniformly between two.
engine::SimDuration between(engine::SimDuration from, engine::SimDuration to, double share);

constexpr auto kRx1Delay = std::chrono::seconds(1);
constexpr auto kRx2Delay = std::chrono::seconds(2);
constexpr auto kJoinRx1Delay = std::chrono::seconds(5);
constexpr auto kJoinRx2Delay = std::chrono::seconds(6);

}  // namespace sim::world
