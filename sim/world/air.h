// The air between devices and gateways: who hears a frame, what else is on it, what gets through.
//
// Joins the link budget (how strong), the medium (what else is there) and the gateways' outages
// into one question and one answer: a frame begins, and when it has come to its end these are its
// receptions. Called by World. Thread rule: the run's thread. Source: sim/README.md; shared facts
// on radio, 3.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sim/radio/link_budget.h"
#include "sim/radio/medium.h"
#include "sim/world/air_watcher.h"
#include "sim/world/device_state.h"
#include "sim/world/field_plan.h"

namespace sim::world {

/// A frame on the air, with what of it may be heard at each gateway.
struct FrameOnAir {
  fleet::Transmission frame;
  std::vector<radio::Arrival> arrivals;
};

class Air {
 public:
  explicit Air(const FieldPlan& plan);

  /// Works out the links of a device that stays at its place.
  void place(std::uint32_t index, DeviceState& state);
  /// Works them out anew for a device that was moved; it stands at `at` from now on.
  void move(std::uint32_t index, DeviceState& state, const fleet::Position& at);

  /// Fetch a device's links, and what stands behind them, before they are needed; `deep`: also what
  /// is on the air there.
  void prefetch_links(const DeviceState& state) const;
  void prefetch_gateways(const DeviceState& state, bool deep) const;
  void prefetch_ears(const DeviceState& state) const;
  void prefetch_gateway(std::uint32_t gateway) const {
    budget_.prefetch(gateway);
    medium_.prefetch(gateway);
  }

  /// Tells of every frame from now on; nullptr: nobody.
  void watch(AirWatcher* watcher) { watcher_ = watcher; }

  /// Works out the links of a device that moves anew, where it is another place by now.
  void follow(std::uint32_t index, DeviceState& state, engine::SimTime now);

  /// Adds how a frame of the device comes in over each of its links. Changes nothing of the air,
  /// so that it may be asked before the frame begins, and in another thread.
  void arrive(const fleet::Transmission& frame, const DeviceState& state,
              std::vector<radio::Arrival>& arrivals) const;
  /// The frame begins. What may be heard of its arrivals comes to `on_air`.
  void begin(FrameOnAir& on_air, std::span<const radio::Arrival> arrivals, bool join);
  /// It has come to its end: puts what the network gets of it into `receptions`. Where that is
  /// nothing, says why.
  std::string_view end(const FrameOnAir& on_air, std::vector<radio::Reception>& receptions);

  /// A gateway sends.
  void send(std::uint32_t gateway, const network::Window& window);
  /// Whether the device hears what that gateway sends.
  [[nodiscard]] bool hears(std::uint32_t index, const DeviceState& state, std::uint32_t gateway,
                           const lorawan::DataRate& rate, double eirp_dbm, std::uint64_t lot) const;

  /// An outage of a gateway begins or ends. Returns whether the gateway went down or came back.
  bool begin_outage(const Outage& outage);
  bool end_outage(const Outage& outage, engine::SimTime now);
  /// Whether the gateway can send: it is up, and the network reaches it.
  [[nodiscard]] bool can_send(std::uint32_t gateway) const;

 private:
  [[nodiscard]] radio::Sender sender_of(std::uint32_t index) const;
  void find_links(const radio::Sender& sender, std::uint32_t index,
                  std::vector<radio::Link>& links) const;

  struct Site {
    int outages = 0;               // that it is in
    int cut_off = 0;               // outages of its backhaul
    engine::SimTime back;          // when the longest of those ends
    bool flush = false;            // what it heard in them is sent then
    engine::SimTime next_flushed;  // the earliest moment for the next copy
  };

  [[nodiscard]] std::span<const radio::Link> links_of(const DeviceState& state) const;
  void add_ghost(const fleet::Transmission& frame, const radio::Arrival& arrival,
                 std::vector<radio::Reception>& receptions) const;
  bool pass_backhaul(const radio::Arrival& arrival, radio::Reception& reception);

  const FieldPlan& plan_;
  radio::LogDistancePathLoss path_loss_;
  radio::LinkBudget budget_;
  radio::Medium medium_;
  std::vector<radio::Link> links_;
  std::vector<Site> sites_;
  std::vector<std::uint8_t> troubled_;  // gateways in an outage of any kind: most are in none
  AirWatcher* watcher_ = nullptr;
};

}  // namespace sim::world
