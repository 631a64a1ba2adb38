#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include "sim/delivery/connection.h"
#include "sim/delivery/pool.h"
#include "sim/delivery/reason_text.h"

namespace sim::delivery {

namespace asio = boost::asio;

namespace {

bool is_reset(const boost::system::error_code& error) {
  return error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace

Connection::Connection(asio::io_context& io, Pool& pool)
    : pool_(pool),
      io_(io),
      timer_(io),
      reader_({pool.settings().header_limit, pool.settings().body_limit}) {}

void Connection::send(const Job& job, std::string_view body) {
  job_ = job;
  sent_ = {};
  attempts_ = 0;
  resent_ = false;
  by_fault_ = false;
  odd_.reset();
  if (job.treatment) {
    prepare_odd(body);
  } else {
    pool_.request().write(body, request_);
    write_end_ = request_.size();
  }
  if (!is_idle()) return connect();
  phase_ = Phase::prepared;
  if (!odd_) return pool_.add_to_burst(*this);
  // A treated request may have its outcome as soon as it is sent, which is not told within send().
  boost::asio::post(io_, [step = guarded(&Connection::on_turn)] { step({}); });
}

void Connection::flush() {
  if (phase_ == Phase::prepared) exchange();
}

void Connection::on_turn(const Error&) {
  flush();
}

void Connection::probe(ProbeDone done) {
  probe_ = std::move(done);
  connect();
}

void Connection::close() {
  ++epoch_;
  leave_channel();
  timer_.cancel();
  timer_runs_ = false;
  addresses_.reset();
  probe_ = nullptr;
  kept_ = false;
  phase_ = Phase::closed;
}

void Connection::leave_channel() {
  if (channel_.descriptor() < 0) return;
  pool_.readiness().forget(ticket_);
  channel_.close();
}

void Connection::give_up(std::string_view reason) {
  if (!is_busy()) return close();
  if (probe_) return report_probe(std::make_error_code(std::errc::operation_canceled));
  close();
  report(Outcome::failed, reason);
}

void Connection::on_ready(Ready ready) {
  const auto self = shared_from_this();  // a callback may end the Sender
  const unsigned epoch = epoch_;
  if (phase_ == Phase::connecting) {
    on_opening_ready(ready);
    if (phase_ == Phase::connecting) return;
  } else if (blocked_ && ready.writable) {
    write_some();
  }
  if (ready.readable && epoch == epoch_ && channel_.descriptor() >= 0) read_all(ready.ended);
}

void Connection::exchange() {
  phase_ = Phase::exchanging;
  ++attempts_;
  const auto now = Clock::now();
  if (attempts_ == 1) sent_ = now;
  reader_.reset();
  write_error_ = {};
  written_ = 0;
  blocked_ = false;
  start_timer(pool_.settings().answer_timeout, now);
  if (odd_) begin_odd();
  write_some();
}

void Connection::write_some() {
  while (write_until_blocked() && odd_ && on_piece_written()) {
  }
}

/// Whether everything up to write_end_ has gone.
bool Connection::write_until_blocked() {
  blocked_ = false;
  while (written_ < write_end_) {
    const Move move = channel_.write({request_.data() + written_, write_end_ - written_});
    if (move.moved == Moved::some) {
      written_ += move.size;
      continue;
    }
    blocked_ = move.moved == Moved::later;
    // An answer may have come all the same: reading tells.
    write_error_ = move.error;
    return false;
  }
  return true;
}

void Connection::read_all(bool ended) {
  const unsigned epoch = epoch_;
  const std::span<char> buffer = pool_.read_buffer();
  for (;;) {
    const Move move = channel_.read(buffer);
    if (move.moved == Moved::later) return;
    // A server that closes, or says something unasked, while nothing is in flight.
    if (!is_exchanging()) return on_unasked();
    if (move.moved != Moved::some) return on_read_error(move);
    on_bytes({buffer.data(), move.size});
    // What did not fill the buffer was all there was, unless the end stands behind it.
    if (epoch != epoch_ || !(ended || channel_.may_have_more(move.size, buffer.size()))) return;
  }
}

void Connection::on_unasked() {
  const bool prepared = phase_ == Phase::prepared;
  close();
  if (prepared) connect();
}

void Connection::on_bytes(std::string_view bytes) {
  if (odd_) return on_odd_read(bytes);
  switch (reader_.take(bytes)) {
    case AnswerReader::Reading::more:
      return;
    case AnswerReader::Reading::complete:
      return on_answer(reader_.may_keep_connection() && written_ == request_.size());
    case AnswerReader::Reading::broken:
      return fail(Outcome::failed, reader_.problem());
  }
}

void Connection::on_read_error(const Move& move) {
  if (kept_ && !reader_.begun() && !resent_) {
    resent_ = true;
    close();
    return connect();
  }
  if (!kept_ && !reader_.begun() && !odd_) pool_.on_dropped();
  if (move.moved != Moved::error) return on_answer_cut_off(move);
  if (is_reset(move.error)) {
    return fail(Outcome::failed, reader_.begun()
                                     ? "reset the connection in the middle of the answer"
                                     : "reset the connection without an answer");
  }
  if (!channel_.problem().empty()) return fail(Outcome::failed, std::string(channel_.problem()));
  fail(Outcome::failed, "cannot read the answer: " + move.error.message());
}

/// The endpoint has closed: that may be how it ends an answer.
void Connection::on_answer_cut_off(const Move& move) {
  const bool complete = reader_.take_end() == AnswerReader::Reading::complete;
  if (complete && move.moved == Moved::truncated) {
    return fail(Outcome::failed,
                "closed the connection without TLS's close_notify: the answer may be cut off");
  }
  if (complete) return odd_ ? on_odd_answer(false) : on_answer(false);
  if (!is_reset(write_error_)) return fail(Outcome::failed, reader_.problem());
  fail(Outcome::failed, reader_.begun() ? "reset the connection in the middle of the answer"
                                        : "reset the connection without an answer");
}

void Connection::on_answer(bool keep) {
  pool_.on_answered();
  if (reader_.status() == kProxyAuthentication && pool_.has_proxy()) {
    return fail(Outcome::failed, kWantsUser);
  }
  answer_keeps_ = keep;
  if (keep && pool_.keeps_connections()) {
    become_idle();
  } else {
    close();
  }
  report(http::is_success(reader_.status()) ? Outcome::delivered : Outcome::rejected, {});
}

void Connection::become_idle() {
  deadline_ = Clock::time_point::max();
  kept_ = true;
  phase_ = Phase::idle;
}

void Connection::start_timer(Clock::duration limit, Clock::time_point now) {
  deadline_ = now + limit;
  // One that runs already, and comes no later, sees then that there is more time.
  if (!timer_runs_ || timer_.expiry() > deadline_) run_timer();
}

void Connection::run_timer() {
  timer_runs_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait(guarded(&Connection::on_timer));
}

void Connection::on_timer(const Error& error) {
  // One that was set anew, or cancelled, while it was on its way here.
  if (error || timer_.expiry() > Clock::now()) return;
  timer_runs_ = false;
  if (deadline_ == Clock::time_point::max()) return;  // nothing is waited for any more
  if (deadline_ > Clock::now()) return run_timer();
  if (phase_ == Phase::connecting) return on_opening_timer();
  if (odd_ && odd_->pauses) return on_pause_over();
  const auto limit = duration_text(pool_.settings().answer_timeout);
  pool_.on_answered();
  fail(Outcome::timed_out,
       (reader_.begun() ? "answer not complete within " : "no answer within ") + limit);
}

void Connection::fail(Outcome outcome, std::string_view reason) {
  if (odd_ && is_exchanging()) return fail_odd(outcome, reason);
  close();
  report(outcome, reason);
}

void Connection::report(Outcome outcome, std::string_view reason) {
  const bool answered = outcome == Outcome::delivered || outcome == Outcome::rejected;
  Delivery delivery;
  delivery.id = job_.id;
  delivery.due = job_.due;
  delivery.answered = Clock::now();
  delivery.sent = attempts_ > 0 ? sent_ : delivery.answered;
  delivery.outcome = outcome;
  delivery.attempts = attempts_;
  delivery.by_fault = by_fault_;
  delivery.reason = reason;
  if (answered) {
    delivery.status = reader_.status();
    delivery.may_keep = answer_keeps_;
    delivery.headers = &reader_.headers();
    delivery.body = reader_.body();
    delivery.body_size = reader_.body_size();
  }
  pool_.finished(*this, delivery);
}

void Connection::report_probe(const std::error_code& error, std::string_view reason) {
  const std::string text(reason);
  const ProbeDone done = std::exchange(probe_, nullptr);
  if (!error && pool_.keeps_connections()) {
    become_idle();
  } else {
    close();
  }
  pool_.probed(*this, done, error, text);
}

}  // namespace sim::delivery
