#include "sim/fleet/duty_cycle.h"

#include <algorithm>

namespace sim::fleet {

namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

constexpr SimDuration kObserved = 1h;
constexpr SimDuration kFirst = 1h;
constexpr SimDuration kSecond = 10h;
constexpr SimDuration kDay = 24h;
constexpr SimDuration kEarlyBudget = 36s;
constexpr SimDuration kDailyBudget = 8700ms;

SimDuration scaled(SimDuration length, double factor) {
  return SimDuration(
      static_cast<SimDuration::rep>(static_cast<double>(length.count()) * factor + 1));
}

double share_of(SimDuration part, SimDuration whole) {
  return static_cast<double>(part.count()) / static_cast<double>(whole.count());
}

/// The share with which one frame more than it allows still fits into any hour: the one that had
/// begun before.
double safe_share(double duty_cycle, SimDuration longest) {
  return std::max(duty_cycle - share_of(longest, kObserved), duty_cycle / 100);
}

}  // namespace

// The waits so far assumed that no frame is longer than the longest before.
SimTime BandUse::earliest_of_longest(SimTime now, SimDuration airtime, double duty_cycle) const {
  return std::max(now, free_ + scaled(airtime, 1 / safe_share(duty_cycle, longest_)));
}

void BandUse::use(SimTime start, SimDuration airtime, double duty_cycle) {
  longest_ = std::max(longest_, airtime);
  free_ = start + scaled(airtime, 1 / safe_share(duty_cycle, longest_));
}

void JoinBudget::begin(SimTime now) {
  since_ = now;
  period_begin_ = now;
  used_ = SimDuration{0};
}

JoinBudget::Period JoinBudget::period_of(SimTime now) const {
  if (now < since_ + kFirst) return {since_, since_ + kFirst, kEarlyBudget};
  const SimTime second_end = since_ + kFirst + kSecond;
  if (now < second_end) return {since_ + kFirst, second_end, kEarlyBudget};
  const auto days = (now - second_end) / kDay;
  return {second_end + days * kDay, second_end + (days + 1) * kDay, kDailyBudget};
}

SimTime JoinBudget::earliest(SimTime now, SimDuration airtime) const {
  const Period period = period_of(now);
  const SimDuration used = period.begin == period_begin_ ? used_ : SimDuration{0};
  return used + airtime <= period.budget ? now : period.end;
}

void JoinBudget::use(SimTime start, SimDuration airtime) {
  const Period period = period_of(start);
  if (period.begin != period_begin_) {
    period_begin_ = period.begin;
    used_ = SimDuration{0};
  }
  used_ += airtime;
}

}  // namespace sim::fleet
