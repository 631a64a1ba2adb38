#include "sim/check/judge.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "sim/check/acknowledge_check.h"
#include "sim/check/answer_check.h"
#include "sim/check/connection_check.h"
#include "sim/check/delivery_check.h"
#include "sim/check/downlink_check.h"
#include "sim/check/effect_check.h"
#include "sim/check/latency_check.h"
#include "sim/check/leak_check.h"
#include "sim/check/load_check.h"
#include "sim/check/retry_check.h"
#include "sim/check/stored_check.h"
#include "sim/check/tries_check.h"

namespace sim::check {

namespace {

using Wall = std::chrono::nanoseconds;
using Check =
    std::variant<DeliveryCheck, AnswerCheck, DownlinkCheck, LatencyCheck, RetryCheck, EffectCheck,
                 AcknowledgeCheck, LeakCheck, ConnectionCheck, StoredCheck, LoadCheck, TriesCheck>;

Check make_check(const Expectation& expectation, const RequestRecipe& recipe) {
  if (std::holds_alternative<DeliveryExpectation>(expectation.what)) {
    return DeliveryCheck(expectation, recipe);
  }
  if (std::holds_alternative<AnswerExpectation>(expectation.what)) {
    return AnswerCheck(expectation, recipe);
  }
  if (std::holds_alternative<DownlinkExpectation>(expectation.what)) {
    return DownlinkCheck(expectation, recipe);
  }
  if (std::holds_alternative<RetryExpectation>(expectation.what)) return RetryCheck(expectation);
  if (std::holds_alternative<EffectExpectation>(expectation.what)) return EffectCheck(expectation);
  if (std::holds_alternative<AcknowledgeExpectation>(expectation.what)) {
    return AcknowledgeCheck(expectation);
  }
  if (std::holds_alternative<ConnectionExpectation>(expectation.what)) {
    return ConnectionCheck(expectation, recipe);
  }
  if (std::holds_alternative<LeakExpectation>(expectation.what)) {
    return LeakCheck(expectation, recipe);
  }
  if (std::holds_alternative<StoredExpectation>(expectation.what)) return StoredCheck(expectation);
  if (std::holds_alternative<TriesExpectation>(expectation.what)) {
    return TriesCheck(expectation, recipe);
  }
  if (std::holds_alternative<LoadExpectation>(expectation.what)) return LoadCheck(expectation);
  return LatencyCheck(expectation, recipe);
}

/// Hands an entry to a check that has a use for it.
template <class Entry>
void hand_over(Check& check, const Stamp& stamp, const Entry& entry) {
  std::visit(
      [&](auto& c) {
        if constexpr (requires { c.on(stamp, entry); }) {
          c.on(stamp, entry);
        } else if constexpr (requires { c.on(entry); }) {
          c.on(entry);
        }
      },
      check);
}

std::optional<Wall> later(std::optional<Wall> a, std::optional<Wall> b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

}  // namespace

struct Judge::State {
  State(std::vector<Expectation> e, RequestRecipe r)
      : expectations(std::move(e)), recipe(std::move(r)) {
    checks.reserve(expectations.size());
    for (const Expectation& expectation : expectations) {
      checks.push_back(make_check(expectation, recipe));
    }
    for (Check& check : checks) {
      if (auto* downlink = std::get_if<DownlinkCheck>(&check)) downlink_checks.push_back(downlink);
      if (auto* retry = std::get_if<RetryCheck>(&check)) retry_checks.push_back(retry);
      if (auto* effect = std::get_if<EffectCheck>(&check)) effect_checks.push_back(effect);
    }
  }

  void on_call(const Stamp& stamp, const DownlinkCalled& call) const {
    if (call.refusal != nullptr) {
      for (DownlinkCheck* check : downlink_checks) check->on_refused(call);
    } else if (call.downlink != nullptr) {
      on_downlink(stamp, call);
    }
  }

  /// A downlink may be a stray to one expectation and just what another calls for, so all are
  /// asked before one is told.
  void on_downlink(const Stamp& stamp, const DownlinkCalled& call) const {
    using Claim = DownlinkCheck::Claim;
    std::vector<Claim> claims;
    for (DownlinkCheck* check : downlink_checks) claims.push_back(check->claim(stamp, call));
    if (std::find(claims.begin(), claims.end(), Claim::called_for) != claims.end()) return;
    for (std::size_t i = 0; i < claims.size(); ++i) downlink_checks[i]->blame(claims[i], call);
  }

  std::vector<Expectation> expectations;
  RequestRecipe recipe;
  std::vector<Check> checks;
  std::vector<DownlinkCheck*> downlink_checks;
  std::vector<RetryCheck*> retry_checks;
  std::vector<EffectCheck*> effect_checks;
};

Judge::Judge(std::vector<Expectation> expectations, RequestRecipe recipe)
    : state_(std::make_unique<State>(std::move(expectations), std::move(recipe))) {}

Judge::~Judge() = default;

void Judge::on(const Stamp& stamp, const Entry& entry) {
  std::visit(
      [&](const auto& e) {
        for (Check& check : state_->checks) hand_over(check, stamp, e);
      },
      entry);
  if (const auto* call = std::get_if<DownlinkCalled>(&entry)) state_->on_call(stamp, *call);
}

std::optional<Wall> Judge::wants_until() const {
  std::optional<Wall> until;
  for (const DownlinkCheck* check : state_->downlink_checks) {
    until = later(until, check->wants_until());
  }
  for (const RetryCheck* check : state_->retry_checks) {
    until = later(until, check->wants_until());
  }
  return until;
}

std::optional<Wall> Judge::holds_time_until() const {
  std::optional<Wall> until;
  for (const DownlinkCheck* check : state_->downlink_checks) {
    until = later(until, check->holds_time_until());
  }
  for (const RetryCheck* check : state_->retry_checks) {
    until = later(until, check->holds_time_until());
  }
  for (const EffectCheck* check : state_->effect_checks) {
    until = later(until, check->holds_time_until());
  }
  return until;
}

std::optional<Wall> Judge::quiet_until(std::string_view device, Wall settle) const {
  std::optional<Wall> since;
  for (const DownlinkCheck* check : state_->downlink_checks) {
    since = later(since, check->limited_since(device));
  }
  std::optional<Wall> until = since ? std::optional(*since + settle) : std::nullopt;
  for (const RetryCheck* check : state_->retry_checks) {
    until = later(until, check->quiet_until(device));
  }
  return until;
}

std::optional<Wall> Judge::quiet_until(Wall settle) const {
  std::optional<Wall> since;
  for (const DownlinkCheck* check : state_->downlink_checks) {
    since = later(since, check->limited_since());
  }
  return since ? std::optional(*since + settle) : std::nullopt;
}

std::vector<Verdict> Judge::verdicts() const {
  std::vector<Verdict> verdicts;
  for (const Check& check : state_->checks) {
    verdicts.push_back(std::visit([](const auto& c) { return c.verdict(); }, check));
  }
  return verdicts;
}

}  // namespace sim::check
