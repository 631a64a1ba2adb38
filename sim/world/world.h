// The simulated field: devices, radio and network server on one queue of virtual time.
//
// World knows no socket and no clock. Its owner calls step() as far as virtual time may go, looks
// at what happened, and hands in downlinks with enqueue(). The same plan and the same calls give
// the same happenings. Called by run (and by generate). Thread rule: one thread. Source:
// sim/README.md, "Time"; LoRaWAN L2 1.0.4, 3.3 (receive windows), 4.3.1.2 (acknowledgement).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "sim/world/air_watcher.h"
#include "sim/world/field_plan.h"
#include "sim/world/happening.h"

namespace sim::world {

struct AheadBatch;

/// Whether anybody may hand in downlinks.
enum class Application : std::uint8_t { answers, is_silent };

class World {
 public:
  /// Where the application is silent, the frames of devices that nothing can happen to are made
  /// ahead of their time, in batches, which is quicker; the happenings are the same.
  explicit World(const FieldPlan& plan, Application application = Application::answers);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Tells `watcher`, which must outlive the world, of every frame on the air. At most one.
  void watch_air(AirWatcher& watcher);

  /// Has the frames that are made ahead come from `feed`, which gives a batch of make_ahead()'s, in
  /// their order, each time that the one before is used up; nullptr: there are no more. To be
  /// called before the first question or step.
  void feed_ahead(std::function<AheadBatch*()> feed);
  /// Makes the next of these batches; an empty one is the last. May be called in another thread
  /// than the rest, and then only there.
  void make_ahead(AheadBatch& batch);

  /// Whether nothing is left to happen.
  [[nodiscard]] bool done() const;
  /// When the next event is due. Not to be called when done().
  [[nodiscard]] engine::SimTime next_time() const;
  /// The moment of the last event that was carried out, or the start.
  [[nodiscard]] engine::SimTime now() const;

  /// Carries out the next event. The happenings are valid until the next call.
  std::span<const Happening> step();

  /// Lets virtual time come to that moment, or to the present where it is over: a step at which
  /// nothing happens in the field.
  void wake_at(engine::SimTime at);

  /// Devices send no new frames from now on; what is on its way comes to its end.
  void stop_sending();

  /// Queues a downlink that came at `at` (which may be later than the last event) for its device's
  /// next window. Returns the numbers of those that it displaced.
  std::vector<std::uint64_t> enqueue(network::Downlink downlink, engine::SimTime at);
  std::vector<std::uint64_t> enqueue(network::Downlink downlink);

  /// The largest payload that a downlink to this device may have now, in bytes.
  [[nodiscard]] std::size_t max_downlink_payload(std::uint32_t device) const;

  /// The port of this device's next uplink.
  [[nodiscard]] std::uint8_t uplink_port(std::uint32_t device) const;

  /// Downlinks that were accepted and never sent.
  [[nodiscard]] std::size_t pending_downlinks() const;

  struct State;  // known to World's own files

 private:
  std::unique_ptr<State> state_;
};

}  // namespace sim::world
