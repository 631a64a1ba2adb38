// Writes down what happens in the world: each happening becomes a journal entry with names in it.
//
// The world speaks in indices, the journal in identifiers. Uplinks are the runner's business, since
// they have to be posted as well. Called by Runner. Thread rule: the run's thread.
// Source: sim/README.md, "The way the data goes".
#pragma once

#include <cstdint>

#include "sim/check/journal.h"
#include "sim/scenario/plan.h"
#include "sim/world/world.h"

namespace sim::run {

class Chronicle {
 public:
  /// Both must outlive the chronicle.
  Chronicle(const world::FieldPlan& field, check::Journal& journal)
      : field_(field), journal_(journal) {}

  /// Appends what the run is going to do: its load and its redeliveries.
  void write_plan(const scenario::Plan& plan, const check::Stamp& stamp);
  /// Appends where gateways and devices stand, of each the first 10,000: what a picture can show.
  void write_places(const check::Stamp& stamp);

  /// Appends the entry for a happening; nothing for UplinkPublished.
  void write(const check::Stamp& stamp, const world::Happening& happening);

  /// Downlinks that were sent for the first time, so far.
  [[nodiscard]] std::uint64_t transmitted() const { return transmitted_; }

 private:
  const world::FieldPlan& field_;
  check::Journal& journal_;
  std::uint64_t transmitted_ = 0;
};

}  // namespace sim::run
