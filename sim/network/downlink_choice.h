// Which gateway sends a downlink, in which receive window.
//
// The deployed network gave each pair of gateway and window a score: a long time on the air, a weak
// signal, a busy gateway, a used-up duty cycle each make it worse; the lowest score wins. On an
// idle network in Europe that means RX1 after SF7 and SF8, and RX2 at SF9 after slower ones. Called
// by World. Thread rule: the run's thread. Source: TheThingsNetwork/ttn@fce3ec7,
// core/router/downlink.go (computeDownlinkScores); shared facts on radio, 4.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sim/engine/prefetch.h"
#include "sim/fleet/duty_cycle.h"
#include "sim/network/uplink.h"

namespace sim::network {

/// A receive window as the network would use it.
struct Window {
  std::uint8_t number = 1;  ///< 1 or 2
  engine::SimTime start;
  lorawan::TxSettings tx;
  double eirp_dbm = 14;
  engine::SimDuration airtime{};
};

/// A window and the gateway that sends in it.
struct DownlinkChoice {
  std::uint32_t gateway = 0;
  Window window;
};

/// What gateways have heard and sent of late.
class GatewayUsage {
 public:
  GatewayUsage(std::size_t gateways, const lorawan::ChannelPlan& plan);

  /// A gateway received a frame.
  void heard(std::uint32_t gateway, std::size_t channel, engine::SimTime end,
             engine::SimDuration airtime);
  /// Fetches what heard() will touch.
  void prefetch(std::uint32_t gateway) const { engine::prefetch(&heard_[gateway]); }
  /// A gateway sends in that window.
  void sends(std::uint32_t gateway, const Window& window);

  /// Whether it may: the duty cycle allows it, and nothing else is sent at that time.
  [[nodiscard]] bool may_send(std::uint32_t gateway, const Window& window) const;
  /// How much worse the gateway's use makes the window: 0 for one that was silent.
  [[nodiscard]] double score(std::uint32_t gateway, const Window& window) const;

 private:
  static constexpr std::size_t kChannels = 10;
  /// Time on the air in the present and in the last period of five minutes, in units of 10 ms: one
  /// line of memory, since every reception comes by.
  struct alignas(64) Heard {
    std::uint32_t period = 0;
    std::uint32_t before_us = 0;  // of all channels
    std::uint32_t now_us = 0;
    std::array<std::uint16_t, kChannels> before{};
    std::array<std::uint16_t, kChannels> now{};
  };
  /// Time on the air of what a gateway sent.
  struct Share {
    std::uint32_t period = 0;
    std::uint32_t before_us = 0;
    std::uint32_t now_us = 0;
  };
  /// What few gateways do.
  struct Sending {
    Share use;
    std::vector<fleet::BandUse> bands;  // by sub-band
    std::vector<Window> sent;
  };

  static void add(Share& share, engine::SimTime moment, engine::SimDuration airtime);
  static double used(const Share& share, engine::SimTime moment);

  [[nodiscard]] double channel_use(const Heard& heard, const Window& window) const;

  const lorawan::ChannelPlan& plan_;
  std::vector<Heard> heard_;
  std::vector<std::unique_ptr<Sending>> sending_;
};

/// The best pair for an uplink's windows; nothing where no gateway can send in time. `can_send`
/// says whether a gateway is there at all.
std::optional<DownlinkChoice> choose_downlink(const Uplink& uplink,
                                              const std::vector<Window>& windows,
                                              const GatewayUsage& usage, engine::SimTime now,
                                              const std::function<bool(std::uint32_t)>& can_send);

}  // namespace sim::network
