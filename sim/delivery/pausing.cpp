// What the Pool does where an endpoint takes no connections: it pauses, tries one, and lets those
// that waited for it share its fate.
#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>

#include "sim/delivery/pool.h"

namespace sim::delivery {

using Clock = std::chrono::steady_clock;

void Pool::on_cannot_connect() {
  trial_failed_ = backoff_.cannot_connect(Clock::now());
}

void Pool::on_dropped() {
  trial_failed_ = backoff_.dropped(Clock::now());
}

void Pool::on_connected() {
  backoff_.connected();
  if (backoff_.is_open()) send_waiting();
}

void Pool::on_answered_again() {
  backoff_.answered();
  if (backoff_.is_open()) send_waiting();
}

bool Pool::may_connect() {
  return backoff_.is_open() || backoff_.begin_trial(Clock::now());
}

/// Sees to it that what waits goes on when a pause is over.
void Pool::wait_for_pause() {
  if (!backoff_.is_paused() || queue_.empty() || pause_timer_runs_) return;
  pause_timer_runs_ = true;
  pause_timer_.expires_at(backoff_.until());
  pause_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!self) return;
    self->pause_timer_runs_ = false;
    if (!error && !self->ended_) self->send_waiting();
  });
}

/// As much of what waits as there are connections for it, and may be opened.
void Pool::send_waiting() {
  for (;;) {
    skip_overdue();
    if (queue_.empty()) return;
    Connection* connection = take_free();
    if (connection == nullptr) return;
    if (!connection->is_idle() && !may_connect()) {
      closed_.push_back(connection);
      return wait_for_pause();
    }
    const Waiting next = std::move(queue_.front());
    queue_.pop_front();
    connection->send(next.job, next.body);
  }
}

/// What has waited for a connection has it no more than the one that was tried for it, unless
/// others that are there will see to it.
void Pool::share_fate(const Delivery& delivery) {
  if (is_any_open()) return;
  const std::string reason(delivery.reason);
  const Outcome outcome = delivery.outcome;
  for (std::size_t left = queue_.size(); left > 0 && !queue_.empty() && !ended_; --left) {
    const Job job = std::move(queue_.front().job);
    queue_.pop_front();
    report_unsent(job, outcome, reason);
  }
}

bool Pool::is_any_open() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& connection) { return connection->is_open(); });
}

}  // namespace sim::delivery
