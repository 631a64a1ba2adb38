// What Poster does where a delivery is made again: a try's end, the next, and what is withheld.
#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include "sim/run/poster.h"

namespace sim::run {

using Clock = std::chrono::steady_clock;
using delivery::Delivery;
using delivery::Outcome;

namespace {

/// Whether a rule that has taken a delivery alters this try of it.
bool befalls(const scenario::DeliveryRule* rule, unsigned nth, engine::SimTime at) {
  if (rule == nullptr || (rule->tries != 0 && nth > rule->tries)) return false;
  return !rule->to || at < *rule->to;
}

}  // namespace

/// The webhook is suspended: nothing is sent, and the schedule goes on as after a failure.
void Poster::withhold(std::size_t place, const Due& due) {
  places_[place].tries -= 1;
  const std::string reason = redeliveries_->reason_withheld();
  Delivery delivery;
  delivery.id = place;
  delivery.due = due.moment;
  delivery.sent = delivery.answered = Clock::now();
  delivery.outcome = Outcome::skipped;
  delivery.reason = reason;
  if (places_[place].is_repeated) {
    places_[place].is_repeated = false;
  } else {
    on_try(place, delivery, true);
  }
  free_places_.push_back(place);
  hooks_.on_progress();
}

void Poster::on_try(std::size_t place, const Delivery& delivery, bool withheld) {
  InFlight& sent = places_[place];
  const check::Stamp stamp = hooks_.stamp(delivery.answered);
  const Redeliveries::Moment now = redelivery_clock(stamp);
  const std::string& device = plan_.field.devices[sent.device].id;
  std::optional<check::WebhookChanged> change;
  if (!withheld && !aborts_) change = redeliveries_->note(delivery, now);
  // What found no free connection was not the endpoint's doing, and is not made again.
  const bool unsent = delivery.outcome == Outcome::skipped && !withheld;
  if (unsent) sent.tries -= 1;
  const bool own_doing = aborts_ || unsent;
  Redeliveries::Waiting waiting = waiting_of(sent, delivery, withheld);
  const auto next = own_doing ? Redeliveries::Next{} : redeliveries_->after_try(waiting, delivery);
  if (next.wait) {
    journal_.append(stamp,
                    check::DeliveryTried{sent.number, device, sent.f_cnt, &delivery, sent.body,
                                         sent.treatment.get(), sent.phase, sent.step, *next.wait});
    waiting.body = std::move(sent.body);
    redeliveries_->keep(now + *next.wait, std::move(waiting));
    hooks_.on_redelivery_planned(now + *next.wait);
  } else {
    Delivery last = delivery;
    // The ledger has what became of the last try that was sent.
    if (withheld && sent.tries > 0) last.outcome = waiting.outcome;
    conclude(sent, last, stamp, next.why_not, withheld);
  }
  if (!change) return;
  journal_.append(stamp, *change);
  if (redeliveries_->is_disabled()) give_up_waiting("the webhook is disabled", Outcome::skipped);
}

Redeliveries::Waiting Poster::waiting_of(const InFlight& sent, const Delivery& delivery,
                                         bool withheld) {
  Redeliveries::Waiting waiting;
  waiting.device = sent.device;
  waiting.f_cnt = sent.f_cnt;
  waiting.number = sent.number;
  waiting.phase = sent.phase;
  waiting.rule = sent.rule;
  waiting.treatments = sent.treatments;
  waiting.step = sent.step;
  waiting.tries = sent.tries;
  waiting.outcome = withheld ? sent.last_outcome : delivery.outcome;
  return waiting;
}

std::optional<Redeliveries::Moment> Poster::next_redelivery() const {
  const auto next = redeliveries_ ? redeliveries_->next() : std::nullopt;
  return next ? std::optional(next->first) : std::nullopt;
}

std::optional<std::uint32_t> Poster::redelivery_due() const {
  const auto next = redeliveries_ ? redeliveries_->next() : std::nullopt;
  if (!next || next->first > redelivery_clock(hooks_.stamp(Clock::now()))) return std::nullopt;
  return next->second;
}

void Poster::redeliver() {
  if (!redelivery_due()) return;
  Redeliveries::Waiting waiting = redeliveries_->take_next();
  const auto now = Clock::now();
  const check::Stamp stamp = hooks_.stamp(now);
  const std::size_t place = take_place();
  InFlight& item = places_[place];
  item.device = waiting.device;
  item.f_cnt = waiting.f_cnt;
  item.number = waiting.number;
  item.phase = waiting.phase;
  item.is_repeated = false;
  item.step = waiting.step + 1;
  item.tries = waiting.tries + 1;
  item.last_outcome = waiting.outcome;
  item.rule = waiting.rule;
  item.treatments = std::move(waiting.treatments);
  item.treatment =
      befalls(item.rule, item.tries, stamp.at) ? item.treatments.altered : item.treatments.plain;
  item.body = std::move(waiting.body);
  const Due due{now, false, item.phase};
  if (!redeliveries_->admits(redelivery_clock(stamp))) return withhold(place, due);
  journal_.append(stamp, check::RedeliverySent{item.number, plan_.field.devices[item.device].id,
                                               item.f_cnt, item.body, item.step});
  hand_over(place, due.moment);
}

/// Nothing that waits is sent any more. `outcome` where the run ends; otherwise what the last try
/// came to.
void Poster::give_up_waiting(std::string_view reason, Outcome outcome) {
  while (redeliveries_->size() > 0) {
    const Redeliveries::Waiting waiting = redeliveries_->take_next();
    InFlight last;
    last.device = waiting.device;
    last.f_cnt = waiting.f_cnt;
    last.number = waiting.number;
    last.phase = waiting.phase;
    last.tries = waiting.tries;
    last.treatment = waiting.treatments.plain;
    last.body = waiting.body;
    Delivery delivery;
    delivery.due = delivery.sent = delivery.answered = Clock::now();
    delivery.outcome = aborts_ ? outcome : waiting.outcome;
    delivery.reason = reason;
    conclude(last, delivery, hooks_.stamp(delivery.answered), reason, waiting.tries == 0);
  }
}

}  // namespace sim::run
