// A small field for tests of the world, and a recorder of what happens in it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/world/world.h"

namespace sim::world {

using namespace std::chrono_literals;

constexpr engine::SimTime kStart{std::chrono::seconds(1'700'000'000)};

inline fleet::Gateway gateway_near(const std::string& id) {
  fleet::Gateway gateway;
  gateway.id = id;
  gateway.at = {52.3676, 4.8851, 30};
  return gateway;
}

inline fleet::Device device_near(const std::string& id) {
  fleet::Device device;
  device.id = id;
  device.at = {52.3680, 4.8855, 1};
  device.sends = {10s, 10min, 0};
  device.data_rate_index = 5;
  device.payload = payload::FixedBytes{{1, 2, 3, 4}};
  return device;
}

/// One device beside two gateways, for an hour.
inline FieldPlan small_field() {
  FieldPlan plan;
  plan.start = kStart;
  plan.duration = 1h;
  plan.channels = lorawan::find_channel_plan("EU868");
  plan.path_loss.shadowing_sigma_db = 0;
  plan.gateways = {gateway_near("gw-a"), gateway_near("gw-b")};
  plan.devices = {device_near("dev-1")};
  return plan;
}

inline network::Downlink downlink_to(std::uint32_t device, std::uint64_t number,
                                     bool confirmed = false) {
  network::Downlink downlink;
  downlink.number = number;
  downlink.device = device;
  downlink.f_port = 2;
  downlink.confirmed = confirmed;
  downlink.payload = {1};
  return downlink;
}

/// Runs a world to its end and keeps copies of what happened.
struct Recorder {
  std::vector<network::Uplink> uplinks;
  std::vector<engine::SimTime> published;
  std::vector<DownlinkSent> sent;
  std::vector<DownlinkAcknowledged> acknowledged;
  std::vector<UplinkGivenUp> given_up;
  std::vector<FrameLost> lost;
  std::vector<FrameNotSent> not_sent;
  std::vector<DeviceReacted> reacted;
  std::vector<GatewayChanged> gateways;
  std::vector<FrameRefused> refused;
  std::vector<FrameDelayed> delayed;
  std::vector<DeviceJoined> joined;
  std::vector<JoinFailed> join_failed;
  std::vector<DeviceChanged> changed;
  std::vector<DeviceAdapted> adapted;

  void take(const World& world, std::span<const Happening> happenings) {
    for (const Happening& happening : happenings) {
      if (const auto* h = std::get_if<UplinkPublished>(&happening)) {
        uplinks.push_back(*h->uplink);
        published.push_back(world.now());
      }
      keep(happening, sent);
      keep(happening, acknowledged);
      keep(happening, given_up);
      keep(happening, lost);
      keep(happening, not_sent);
      keep(happening, reacted);
      keep(happening, gateways);
      keep(happening, refused);
      keep(happening, delayed);
      keep(happening, joined);
      keep(happening, join_failed);
      keep(happening, changed);
      keep(happening, adapted);
    }
  }

  template <class Kind>
  static void keep(const Happening& happening, std::vector<Kind>& kept) {
    if (const auto* h = std::get_if<Kind>(&happening)) kept.push_back(*h);
  }

  void run(World& world) {
    while (!world.done()) take(world, world.step());
  }

  void run_until_uplinks(World& world, std::size_t count) {
    while (!world.done() && uplinks.size() < count) take(world, world.step());
  }
};

}  // namespace sim::world
