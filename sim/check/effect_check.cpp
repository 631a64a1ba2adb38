#include "sim/check/effect_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/uplink_facts.h"
#include "sim/check/wording.h"

namespace sim::check {

namespace {

using Wall = std::chrono::nanoseconds;

/// An endpoint that sends a downlink does so by then, as a rule.
constexpr Wall kChance = std::chrono::seconds(1);
/// No more is waited for once so many uplinks in a row brought nothing.
constexpr unsigned kPatience = 3;

}  // namespace

EffectCheck::EffectCheck(const Expectation& expectation)
    : expectation_(expectation), wanted_(std::get<EffectExpectation>(expectation.what)) {}

void EffectCheck::on(const Stamp& stamp, const UplinkDue& entry) {
  const std::string_view device = entry.uplink->device.id;
  if (!matches_glob(wanted_.to, device)) return;
  const UplinkFacts facts = facts_of(entry);
  if (const auto waits = waits_.find(device); waits != waits_.end()) {
    show(stamp.at, waits->second, wanted_.effect.holds(facts), facts.fields, device);
  }
  if (wanted_.when && !wanted_.when->holds(facts)) return;
  waits_[device].push_back(
      {entry.number, facts.counter, stamp.at + wanted_.within, "no later uplink"});
  if (held_.contains(device)) ++in_vain_;
  hold(device, stamp.wall + kChance);
}

/// A later uplink of the device: ends its waits, or tells how things stand.
void EffectCheck::show(engine::SimTime at, Waits& waits, bool has_effect,
                       const payload::Fields& fields, std::string_view device) {
  std::erase_if(waits, [&](const Wait& wait) {
    if (wait.deadline >= at) return false;
    ++bad_;
    fail(wait, device);
    return true;
  });
  if (has_effect) {
    good_ += waits.size();
    waits.clear();
    return;
  }
  if (waits.empty() || evidence_.full()) return;
  const std::string seen = payload::to_text(fields);
  for (Wait& wait : waits) wait.last_seen = "the last one showed " + seen;
}

void EffectCheck::fail(const Wait& wait, std::string_view device) {
  if (evidence_.full()) return;
  evidence_.add(fmt::format("{}: no uplink with {} within {}; {}",
                            uplink_text(wait.uplink, device, wait.f_cnt), wanted_.effect.text(),
                            duration_text(wanted_.within), wait.last_seen),
                "");
}

/// What the endpoint did not get has no effect.
void EffectCheck::on(const Stamp& stamp, const UplinkDelivered& entry) {
  const auto waits = waits_.find(entry.device);
  if (waits == waits_.end()) return;
  const auto wait = std::find_if(waits->second.begin(), waits->second.end(),
                                 [&](const Wait& one) { return one.uplink == entry.number; });
  if (wait == waits->second.end()) return;
  if (entry.delivery->outcome == delivery::Outcome::delivered) {
    if (entry.tries > 1) wait->deadline = stamp.at + wanted_.within;
    if (held_.contains(entry.device)) hold(waits->first, stamp.wall + kChance);
    return;
  }
  waits->second.erase(wait);
  held_.erase(entry.device);
}

/// The effect is owed from when a try succeeds.
void EffectCheck::on(const DeliveryTried& entry) {
  const auto waits = waits_.find(entry.device);
  if (waits == waits_.end()) return;
  for (Wait& wait : waits->second) {
    if (wait.uplink == entry.number) wait.deadline = engine::SimTime::max();
  }
  held_.erase(entry.device);
}

void EffectCheck::hold(std::string_view device, Wall wall) {
  held_[device] = wall;
}

void EffectCheck::on(const DownlinkCalled& entry) {
  if (entry.downlink == nullptr || held_.erase(entry.device) == 0) return;
  in_vain_ = 0;
}

void EffectCheck::on(const Stamp& stamp, const RunEnded& entry) {
  for (auto& [device, waits] : waits_) {
    for (const Wait& wait : waits) {
      if (entry.interrupted || wait.deadline >= stamp.at) {
        ++untold_;
        continue;
      }
      ++bad_;
      fail(wait, device);
    }
  }
  waits_.clear();
  held_.clear();
}

std::optional<Wall> EffectCheck::holds_time_until() const {
  std::optional<Wall> until;
  if (in_vain_ >= kPatience) return until;
  for (const auto& [device, wall] : held_) until = std::max(until.value_or(wall), wall);
  return until;
}

Verdict EffectCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  const std::uint64_t all = good_ + bad_ + untold_;
  verdict.expected = expected_effect_text(wanted_);
  verdict.outcome =
      bad_ > 0 ? Outcome::failed : (good_ > 0 ? Outcome::passed : Outcome::inconclusive);
  verdict.actual = all == 0 ? "no uplink put it to the test"
                            : fmt::format("as expected after {}", share_text(good_, good_ + bad_));
  if (untold_ > 0) verdict.actual += fmt::format("; the run ended too early for {}", untold_);
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

std::string expected_effect_text(const EffectExpectation& wanted) {
  return fmt::format("an uplink with {} within {} of each uplink{}{}", wanted.effect.text(),
                     duration_text(wanted.within), wanted.to == "*" ? "" : " of " + wanted.to,
                     wanted.when ? " where " + wanted.when->text() : "");
}

}  // namespace sim::check
