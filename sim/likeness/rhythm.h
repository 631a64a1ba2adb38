// How devices send in time: how often, how evenly, or by chance.
//
// A device that is badly heard shows few intervals, and some over several counters. What it shows
// is weighed for each kind of rhythm, and together with what others of its kind show: it differs
// from them only where its own frames say so. Called by learn(). Thread rule: pure.
// Source: sim/likeness/README.md.
#pragma once

#include <chrono>
#include <compare>
#include <span>
#include <vector>

#include "sim/likeness/observations.h"

namespace sim::likeness {

struct Rhythm {
  std::chrono::milliseconds every{};
  int jitter_percent = 0;
  bool poisson = false;

  auto operator<=>(const Rhythm&) const = default;
};

/// Of devices that are of a kind, each in its place.
std::vector<Rhythm> rhythms_of(std::span<const SeenDevice* const> alike);

}  // namespace sim::likeness
