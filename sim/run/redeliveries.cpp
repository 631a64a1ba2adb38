#include "sim/run/redeliveries.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/engine/random.h"

namespace sim::run {

using delivery::WebhookHealth;

delivery::TryResult Redeliveries::result_of(unsigned step,
                                            const delivery::Delivery& delivery) const {
  delivery::TryResult result{step, delivery.outcome, delivery.status, std::nullopt};
  const bool matters = policy_.honours_retry_after || !policy_.throttled_by.empty();
  if (matters && delivery.headers != nullptr && delivery.status != 0) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    result.retry_after = delivery::retry_after(*delivery.headers, now);
  }
  return result;
}

Redeliveries::Next Redeliveries::after_try(const Waiting& waiting,
                                           const delivery::Delivery& delivery) {
  if (delivery.outcome == delivery::Outcome::delivered || !policy_.redelivers()) return {};
  const delivery::TryResult result = result_of(waiting.step, delivery);
  const std::uint64_t subject = engine::mixed_subject(waiting.number, waiting.step);
  const auto words = engine::random_words(seed_, engine::Purpose::redelivery, subject);
  delivery::NextTry next = delivery::next_try(policy_, result, engine::share_of(words[0]));
  if (next.wait && health_.is_disabled()) return {std::nullopt, "the webhook is disabled"};
  if (next.wait && bytes_ + size_of(waiting) > most_bytes_) {
    return {std::nullopt,
            fmt::format("{} others wait already, and more do not fit", waiting_.size())};
  }
  return {next.wait, std::move(next.why_not)};
}

std::optional<check::WebhookChanged> Redeliveries::note(const delivery::Delivery& delivery,
                                                        Moment now) {
  using Change = WebhookHealth::Change;
  using Kind = check::WebhookChanged::Kind;
  const Change change = health_.note(result_of(1, delivery), now);
  const Moment span = health_.held_until().value_or(now) - now;
  switch (change) {
    case Change::none:
      return std::nullopt;
    case Change::suspended:
      reason_ = fmt::format("{} failures in a row or more", policy_.suspension->after);
      return check::WebhookChanged{Kind::suspended, reason_, span};
    case Change::throttled:
      reason_ = fmt::format("it answered {}", delivery.status);
      return check::WebhookChanged{Kind::suspended, reason_, span};
    case Change::disabled:
      reason_ = fmt::format("it answered {}", delivery.status);
      return check::WebhookChanged{Kind::disabled, reason_, Moment{0}};
    case Change::resumed:
      reason_ = "a delivery went through";
      return check::WebhookChanged{Kind::resumed, reason_, Moment{0}};
  }
  return std::nullopt;
}

std::string Redeliveries::reason_withheld() const {
  return fmt::format("not sent: the webhook is {}: {}",
                     health_.is_disabled() ? "disabled" : "suspended", reason_);
}

void Redeliveries::keep(Moment due, Waiting waiting) {
  bytes_ += size_of(waiting);
  waiting_.emplace(std::pair(due, ++kept_), std::move(waiting));
}

std::optional<std::pair<Redeliveries::Moment, std::uint32_t>> Redeliveries::next() const {
  if (waiting_.empty()) return std::nullopt;
  const auto& [key, waiting] = *waiting_.begin();
  return std::pair(key.first, waiting.device);
}

Redeliveries::Waiting Redeliveries::take_next() {
  auto node = waiting_.extract(waiting_.begin());
  bytes_ -= size_of(node.mapped());
  return std::move(node.mapped());
}

}  // namespace sim::run
