// The device's side of a frame: on which channel it goes, and when it may.
//
// What a frame on its way is made of depends on its device alone, so World makes the frames of
// devices that something may happen to when their time comes, and Ahead makes those of all others
// before; both do it by this. What else is on the air is Air's matter. Each has one of its own,
// since it keeps its notes between calls. Thread rule: one thread. Source: LoRaWAN L2 1.0.4, 4.3;
// regional parameters (channels, duty cycle).
#pragma once

#include <span>
#include <vector>

#include "sim/network/uplink.h"
#include "sim/world/airtime_table.h"
#include "sim/world/channel_table.h"
#include "sim/world/device_state.h"
#include "sim/world/field_plan.h"

namespace sim::world {

class Transmitter {
 public:
  /// All must outlive it.
  Transmitter(const FieldPlan& plan, const ChannelTable& channels,
              std::vector<DeviceState>& devices)
      : plan_(plan), channels_(channels), devices_(devices) {}

  /// What a data frame is sent with. A frame that must wait has no channel.
  struct Turn {
    std::uint8_t data_rate = 0;
    network::FrameFlags flags;
    engine::SimDuration airtime{};
    const ChannelUse* channel = nullptr;
    engine::SimTime earliest;  ///< when the first channel is free
    std::uint32_t lot = 0;     ///< what is still undrawn of the frame's random bits
  };
  Turn turn_of(std::uint32_t device, std::size_t payload_bytes, engine::SimTime now);

  /// Those of the channels that the device may use now. Where there are none, `earliest` is when
  /// the first will be free. Valid until the next call.
  std::span<const ChannelUse* const> free_channels(std::uint32_t device,
                                                   std::span<const ChannelUse> usable,
                                                   engine::SimDuration airtime, engine::SimTime now,
                                                   engine::SimTime& earliest);

  /// The device sends: its frame comes to `frame`. The channel's part of the band is used.
  void begin(std::uint32_t device, std::uint8_t data_rate, const ChannelUse& channel,
             engine::SimDuration airtime, engine::SimTime now, fleet::Transmission& frame);

  /// Puts the present frame of the device into `uplink`.
  void fill(std::uint32_t device, const lorawan::Bytes& payload, network::Uplink& uplink) const;

 private:
  [[nodiscard]] std::uint8_t data_rate_of_attempt(std::uint32_t device, std::size_t payload) const;

  const FieldPlan& plan_;
  const ChannelTable& channels_;
  std::vector<DeviceState>& devices_;
  AirtimeTable airtimes_;
  std::vector<const ChannelUse*> candidates_;
};

/// What the plan says of a data rate and a channel, in the frame and in its uplink.
void settle_rate(const lorawan::ChannelPlan& plan, std::uint8_t data_rate, std::uint8_t channel,
                 fleet::Transmission& frame);
void settle_rate(const fleet::Transmission& frame, network::Uplink& uplink);

}  // namespace sim::world
