// The field that a run takes its uplinks from: simulated devices, or what others recorded.
//
// The runner asks when something happens next, lets it happen, and hands in downlinks; where the
// uplinks come from is not its business. Contents goes with a field that has its bodies ready.
// Called by Runner, DownlinkDesk and Poster; the recorded one is replay's. Thread rule: the run's
// thread. Source: sim/README.md, "The way the data goes".
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "sim/delivery/sender.h"
#include "sim/dialect/dialect.h"
#include "sim/world/world.h"

namespace sim::run {

/// As world::World has these functions.
class Field {
 public:
  virtual ~Field() = default;
  [[nodiscard]] virtual bool done() const = 0;
  [[nodiscard]] virtual engine::SimTime next_time() const = 0;
  [[nodiscard]] virtual engine::SimTime now() const = 0;
  virtual std::span<const world::Happening> step() = 0;
  /// At that moment there is a step, whatever else happens: a redelivery is due.
  virtual void wake_at(engine::SimTime at) = 0;
  virtual void stop_sending() = 0;
  virtual std::vector<std::uint64_t> enqueue(network::Downlink downlink, engine::SimTime at) = 0;
  [[nodiscard]] virtual std::size_t max_downlink_payload(std::uint32_t device) const = 0;
  [[nodiscard]] virtual std::uint8_t uplink_port(std::uint32_t device) const = 0;
};

/// The plan's own devices, radio and network.
class SimulatedField final : public Field {
 public:
  explicit SimulatedField(const world::FieldPlan& plan) : world_(plan) {}

  [[nodiscard]] bool done() const override { return world_.done(); }
  [[nodiscard]] engine::SimTime next_time() const override { return world_.next_time(); }
  [[nodiscard]] engine::SimTime now() const override { return world_.now(); }
  std::span<const world::Happening> step() override { return world_.step(); }
  void wake_at(engine::SimTime at) override { world_.wake_at(at); }
  void stop_sending() override { world_.stop_sending(); }
  std::vector<std::uint64_t> enqueue(network::Downlink downlink, engine::SimTime at) override {
    return world_.enqueue(std::move(downlink), at);
  }
  [[nodiscard]] std::size_t max_downlink_payload(std::uint32_t device) const override {
    return world_.max_downlink_payload(device);
  }
  [[nodiscard]] std::uint8_t uplink_port(std::uint32_t device) const override {
    return world_.uplink_port(device);
  }

 private:
  world::World world_;
};

/// What is sent of uplinks whose bodies somebody else wrote. Asked of the uplink that the field
/// told of last.
class Contents {
 public:
  virtual ~Contents() = default;
  /// What all requests have in common, but for the endpoint's host.
  [[nodiscard]] virtual delivery::RequestHead head(const http::Endpoint& endpoint) = 0;
  /// The fields that the body shows.
  [[nodiscard]] virtual const payload::Fields& fields() const = 0;
  /// Writes bodies, with that downlink URL in them.
  [[nodiscard]] virtual std::unique_ptr<dialect::UplinkWriter> make_writer(
      std::string_view downlink_url) = 0;
  /// How the request differs from the head, together with what a rule does to it; nullptr: not at
  /// all.
  [[nodiscard]] virtual std::shared_ptr<const delivery::Treatment> treatment(
      const std::shared_ptr<const delivery::Treatment>& rule) = 0;
};

/// Where a run's uplinks come from, if not from its plan's devices.
struct Source {
  Field* field = nullptr;
  Contents* contents = nullptr;
};

}  // namespace sim::run
