// What changes of a device during a run: its counter, its fields, its frame on the air.
//
// The description stays in fleet::Device; World moves this state on. Kept apart from World because
// it is the device's side alone: it knows nothing of gateways, servers or the queue of events.
// Called by World. Thread rule: the run's thread. Source: LoRaWAN L2 1.0.4, 4.3.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "sim/engine/random.h"
#include "sim/fleet/device.h"
#include "sim/fleet/transmission.h"
#include "sim/network/downlink_queue.h"
#include "sim/payload/format.h"
#include "sim/radio/link_budget.h"

namespace sim::world {

class DeviceState {
 public:
  /// `device` must outlive the state.
  DeviceState(std::uint64_t seed, std::uint32_t index, const fleet::Device& device,
              engine::SimTime start, std::vector<radio::Link> links);

  /// When the next new frame is due: the grid of `every`, moved by jitter.
  [[nodiscard]] engine::SimTime next_send() const { return next_send_; }

  /// Makes the next frame: new payload, next counter. The error says what could not be encoded; the
  /// counter moves on all the same, so the gap shows.
  tl::expected<void, std::string> make_frame(const payload::Format& format);

  /// Puts the grid's next moment behind the present one.
  void plan_next_send();

  /// Takes in a downlink that it heard: applies the rules. Returns how many applied.
  std::size_t react(const network::Downlink& downlink, std::uint8_t f_port,
                    const payload::Format& format, engine::SimTime now);

  [[nodiscard]] const fleet::Device& device() const { return *device_; }
  [[nodiscard]] const lorawan::Bytes& payload() const { return payload_; }
  [[nodiscard]] const std::vector<radio::Link>& links() const { return links_; }

  /// The frame that is on the air, or was last; its radio part is filled in by World.
  fleet::Transmission frame;
  std::uint64_t frame_generation = 0;  ///< counts frames and acknowledgements: old timers are void
  std::uint64_t send_generation = 0;   ///< counts changes of the interval: old sends are void
  bool awaits_ack = false;
  bool owes_ack = false;  ///< heard a confirmed downlink; the next frame says so
  engine::Random channel_choice;
  engine::Random retransmission;
  std::uint64_t transmissions = 0;  ///< how often it was on the air

 private:
  void make_random_bytes(const payload::RandomBytes& source);

  const fleet::Device* device_;
  std::vector<radio::Link> links_;
  payload::FieldState fields_;
  lorawan::Bytes payload_;
  std::uint32_t next_f_cnt_;
  std::uint8_t f_port_;
  engine::SimDuration every_;
  engine::SimTime grid_;  // the present moment of the grid, without jitter
  engine::SimTime next_send_;
  engine::Random jitter_;
  engine::Random field_values_;
  engine::Random payload_bytes_;
};

}  // namespace sim::world
