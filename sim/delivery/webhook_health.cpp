#include "sim/delivery/webhook_health.h"

#include <algorithm>

namespace sim::delivery {

namespace {

constexpr int kGone = 410;

}  // namespace

bool WebhookHealth::admits(Moment now) {
  if (disabled_ || on_trial_) return false;
  if (held_until_ && now < *held_until_) return false;
  held_until_.reset();
  on_trial_ = suspended_;
  return true;
}

WebhookHealth::Change WebhookHealth::note(const TryResult& result, Moment now) {
  if (disabled_) return Change::none;
  if (result.outcome == Outcome::skipped) {
    on_trial_ = false;
    return Change::none;
  }
  if (result.outcome != Outcome::delivered) return note_failure(result, now);
  failures_ = 0;
  on_trial_ = false;
  if (!suspended_) return Change::none;
  suspended_ = false;
  held_until_.reset();
  return Change::resumed;
}

WebhookHealth::Change WebhookHealth::note_failure(const TryResult& result, Moment now) {
  ++failures_;
  if (policy_.gone_disables && result.status == kGone) {
    disabled_ = true;
    return Change::disabled;
  }
  const auto& suspension = policy_.suspension;
  if (suspension && failures_ >= suspension->after) {
    // What was in flight when it began tells nothing new, but makes it last longer.
    const bool is_new = !suspended_ || on_trial_;
    suspended_ = true;
    on_trial_ = false;
    held_until_ = now + suspension->span;
    return is_new ? Change::suspended : Change::none;
  }
  if (!is_in(policy_.throttled_by, result.status)) return Change::none;
  const bool is_new = !held_until_;
  const Moment until = now + result.retry_after.value_or(kThrottle);
  held_until_ = std::max(held_until_.value_or(until), until);
  return is_new ? Change::throttled : Change::none;
}

}  // namespace sim::delivery
