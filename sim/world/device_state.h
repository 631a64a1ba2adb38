// What changes of a device during a run: its session, its counters, what it sends next and how.
//
// The description stays in fleet::Device; World moves this state on. It knows nothing of gateways,
// servers or the queue of events. DeviceState is what every uplink touches, two cache lines of it,
// since there may be a million; what few devices need (fields, joins, data rates that adapt) is
// their DeviceMemory. Called by World. Thread rule: the run's thread. Source: LoRaWAN
// L2 1.0.4, 4.3.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "sim/engine/random.h"
#include "sim/fleet/device.h"
#include "sim/fleet/duty_cycle.h"
#include "sim/network/downlink_queue.h"
#include "sim/network/server.h"
#include "sim/payload/format.h"
#include "sim/radio/link_budget.h"

namespace sim::world {

/// Uplink channels lie in at most so many parts of the band.
constexpr std::size_t kUplinkBands = 3;

/// What few devices need. Made with the device, for those that have use for it.
struct DeviceMemory {
  explicit DeviceMemory(engine::Random values) : field_values(values) {}

  payload::FieldState fields;
  engine::Random field_values;
  lorawan::Bytes payload;  ///< of the present frame, where it may be sent again
  fleet::JoinBudget join_budget;
  std::uint32_t join_attempt = 0;  ///< of the present procedure
  std::uint32_t unheard = 0;       ///< uplinks since the last downlink (ADR_ACK_CNT)
  double used_mas = 0;             ///< of the battery, milliampere-seconds
  engine::SimTime charged_until;   ///< up to when sleep is counted
  std::vector<radio::Link> links;  ///< of a device that moves or was moved
  std::uint64_t cell = 0;          ///< where those are of
  bool was_moved = false;          ///< by a downlink: it leaves its track, and stays there
  engine::SimTime silent_until;    ///< of a device that a downlink silenced
  bool adr_answer = false;         ///< the next frame tells that the network's setting was taken
};

/// What every frame needs stands within two lines of memory; the rest is behind them.
struct alignas(64) DeviceState {
  fleet::SendPlace sends;
  engine::SimDuration every{};
  std::uint32_t first_link = 0;
  std::uint16_t links = 0;
  std::uint8_t f_port = 1;
  std::uint8_t data_rate = 0;  ///< of new frames
  std::uint32_t next_f_cnt = 0;
  std::uint32_t f_cnt = 0;             ///< of the present frame
  std::uint32_t transmissions = 0;     ///< how often it was on the air
  std::uint32_t frames = 0;            ///< how many new frames it made
  std::uint32_t frame_generation = 0;  ///< counts frames and joins: old timers are void
  std::uint32_t send_generation = 0;   ///< counts changes of the interval: old sends are void
  float eirp_dbm = 14;
  std::uint8_t attempt = 0;
  std::uint8_t repeats = 0;  ///< how often the present frame may still be sent
  bool joined = true;
  bool powered = true;
  bool awaits_ack = false;
  bool owes_ack = false;  ///< heard a confirmed downlink; the next frame says so
  bool acks = false;      ///< the present frame acknowledges a downlink
  bool waits = false;     ///< the present frame is made, and may not be sent yet
  bool adr_ack_req = false;
  // What of the description every frame asks for: the description itself lies far away.
  bool pinned_reception = false;
  bool pinned_frequency = false;
  bool pinned_time = false;
  bool limited = true;  ///< keeps its duty cycle
  bool has_battery = false;
  bool class_c = false;
  bool moves = false;   ///< its links are in its memory
  bool silent = false;  ///< a downlink silenced it; its memory knows until when
  bool confirmed = false;
  bool counts_16_bits = false;
  bool has_commands = false;  ///< adaptive data rate, or link checks
  bool on_grid = false;       ///< periodic traffic
  bool sends_random = false;  ///< a payload of random bytes, of so many
  std::uint8_t least_bytes = 0;
  std::uint8_t most_bytes = 0;
  float jitter = 0;
  std::unique_ptr<DeviceMemory> memory;
  std::array<fleet::BandUse, kUplinkBands> bands;
};

std::unique_ptr<DeviceMemory> new_memory(std::uint64_t seed, std::uint32_t index);

/// The state in which a device begins.
DeviceState initial_state(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
                          engine::SimTime start);

/// Makes the next frame: the counter moves on, and the payload comes to `payload`. The error says
/// what could not be encoded; the counter moves on all the same, so the gap shows.
tl::expected<void, std::string> make_frame(std::uint64_t seed, std::uint32_t index,
                                           const fleet::Device& device, DeviceState& state,
                                           const payload::Format& format, engine::SimTime now,
                                           lorawan::Bytes& payload);

/// The frame that was made may not be sent yet: the device keeps it.
void keep_waiting(std::uint64_t seed, std::uint32_t index, const lorawan::Bytes& payload,
                  DeviceState& state);

/// Why a device sends nothing whose frame before still waits.
constexpr std::string_view kFrameBeforeWaits = "the frame before it may not be sent yet";

/// What the frame's header says to the network, beside the counter.
network::FrameFlags frame_flags(const fleet::Device& device, const DeviceState& state);

/// Puts the next uplink behind the present one.
void plan_next_send(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
                    DeviceState& state);

/// What the rules made of a downlink: how many applied, and what World has to see to. Of several
/// rules the last one's word counts.
struct Reacted {
  std::size_t rules = 0;
  bool joins_again = false;
  std::optional<engine::SimDuration> reboot{};
  std::optional<engine::SimDuration> silent{};
  std::optional<fleet::Position> move{};
};

/// Takes in a downlink that it heard: applies the rules to what the state itself holds.
Reacted react(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
              DeviceState& state, const network::Downlink& downlink, std::uint8_t f_port,
              const payload::Format& format, engine::SimTime now);

/// Its fields begin as they did when it was made, with draws of their own.
void begin_fields_anew(const fleet::Device& device, DeviceState& state);

/// Whether a downlink silenced it and that is not over yet.
bool is_silent(const DeviceState& state, engine::SimTime now);

/// Counts an uplink that nothing answered yet, and slows down or gets louder where that went on for
/// too long (ADR back-off).
void back_off(const lorawan::ChannelPlan& plan, const fleet::Device& device, DeviceState& state);

/// Takes over what the network set.
void apply(const network::AdrSettings& settings, DeviceState& state);

/// Takes a frame's and the sleep's charge from the battery. Returns whether anything is left.
bool drain(const fleet::Battery& battery, DeviceState& state, engine::SimDuration airtime,
           engine::SimTime now);

/// Whether a battery ran down: such a device is off for good.
bool battery_is_empty(const fleet::Device& device, const DeviceState& state);

/// What is left of the battery, 1 down to 0; 1 where there is none that runs down.
double battery_level(const fleet::Device& device, const DeviceState& state);

}  // namespace sim::world
