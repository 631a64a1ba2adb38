#include "sim/delivery/load_profile.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sim::delivery {

namespace {

double seconds_of(const LoadPhase& phase) {
  return std::chrono::duration<double>(phase.length).count();
}

double uplinks_of(const LoadPhase& phase) {
  return (phase.rate + phase.last_rate) / 2 * seconds_of(phase);
}

/// Seconds from a phase's beginning until so many of its uplinks are due: the root of
/// rate t + slope t^2 / 2, in the form that also holds where the slope is 0.
double seconds_until(const LoadPhase& phase, double uplinks) {
  const double slope = (phase.last_rate - phase.rate) / seconds_of(phase);
  const double root = std::sqrt(std::max(0.0, phase.rate * phase.rate + 2 * slope * uplinks));
  const double divisor = phase.rate + root;
  return divisor > 0 ? std::min(2 * uplinks / divisor, seconds_of(phase)) : 0;
}

}  // namespace

LoadProfile::LoadProfile(std::vector<LoadPhase> phases)
    : phases_(std::move(phases)), before_(1, 0) {
  for (const LoadPhase& phase : phases_) before_.push_back(before_.back() + uplinks_of(phase));
}

std::optional<LoadProfile::Due> LoadProfile::due_after(double uplinks) const {
  if (phases_.empty() || uplinks >= before_.back()) return std::nullopt;
  const auto after = std::upper_bound(before_.begin(), before_.end(), uplinks);
  const auto phase = static_cast<std::size_t>(after - before_.begin()) - 1;
  std::chrono::nanoseconds offset{0};
  for (std::size_t i = 0; i < phase; ++i) offset += phases_[i].length;
  const double within = seconds_until(phases_[phase], uplinks - before_[phase]);
  return Due{offset + std::chrono::nanoseconds(std::llround(within * 1e9)), phase};
}

std::uint64_t LoadProfile::total() const {
  return phases_.empty() ? 0 : static_cast<std::uint64_t>(std::ceil(before_.back()));
}

Pacer::Pacer(const LoadProfile& profile, Arrivals arrivals, std::uint64_t seed)
    : profile_(profile), arrivals_(arrivals), random_(seed, engine::Purpose::load, 0) {}

std::optional<LoadProfile::Due> Pacer::next() {
  // The distance between random arrivals is exponential; the first one is as far from the
  // beginning as the others are from each other.
  if (arrivals_ == Arrivals::random) position_ -= std::log1p(-random_.uniform());
  const auto due = profile_.due_after(position_);
  if (arrivals_ == Arrivals::even) position_ += 1;
  return due;
}

}  // namespace sim::delivery
