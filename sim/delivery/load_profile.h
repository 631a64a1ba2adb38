// The load that a run offers: phases of a constant or a growing rate, and the moment of each
// uplink in them.
//
// An open loop: the moments are planned before anything is sent, and no answer moves them, so a
// server that stalls is seen for as long as it stalls. Called by run (what is due?) and report
// (which phase?). Thread rule: a LoadProfile is immutable; a Pacer has a position, give each run
// its own. Source: scenarios/README.md, "load".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/random.h"

namespace sim::delivery {

/// A time in which the rate stays what it is, or changes evenly from one to another.
struct LoadPhase {
  std::string name;
  double rate = 0;  ///< uplinks a second, at its beginning
  double last_rate = 0;
  std::chrono::nanoseconds length{};
};

class LoadProfile {
 public:
  struct Due {
    std::chrono::nanoseconds offset{};  ///< from the load's beginning
    std::size_t phase = 0;
  };

  LoadProfile() = default;
  explicit LoadProfile(std::vector<LoadPhase> phases);

  /// When that many uplinks have become due; nothing where they are more than the whole load has.
  [[nodiscard]] std::optional<Due> due_after(double uplinks) const;
  /// The uplinks of the whole load; a fraction of one counts as one.
  [[nodiscard]] std::uint64_t total() const;
  [[nodiscard]] const std::vector<LoadPhase>& phases() const { return phases_; }

 private:
  std::vector<LoadPhase> phases_;
  std::vector<double> before_;  // uplinks that are due before each phase; at last, in all
};

/// How uplinks follow each other at a rate.
enum class Arrivals : std::uint8_t {
  even,    ///< at equal distances
  random,  ///< independent of each other, as those of many devices are
};

/// Hands out the moments of a load, one after the other.
class Pacer {
 public:
  /// The profile must outlive it. `seed` is for random arrivals.
  Pacer(const LoadProfile& profile, Arrivals arrivals, std::uint64_t seed);

  /// The next uplink's moment; nothing once the load is over.
  std::optional<LoadProfile::Due> next();

 private:
  const LoadProfile& profile_;
  Arrivals arrivals_;
  engine::Random random_;
  double position_ = 0;
};

}  // namespace sim::delivery
