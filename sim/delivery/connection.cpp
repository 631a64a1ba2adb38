#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include "sim/delivery/connection.h"
#include "sim/delivery/pool.h"

namespace sim::delivery {

namespace asio = boost::asio;

namespace {

std::string duration_text(std::chrono::milliseconds time) {
  const auto ms = time.count();
  return ms >= 1000 && ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

bool is_reset(const boost::system::error_code& error) {
  return error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace

Connection::Connection(asio::io_context& io, Pool& pool)
    : pool_(pool),
      socket_(io),
      timer_(io),
      reader_({pool.settings().header_limit, pool.settings().body_limit}) {}

// A step that is taken only while the connection is the one that it was begun on.
template <class Step>
auto Connection::guarded(Step step) {
  return [self = shared_from_this(), epoch = epoch_, step](const Error& error, auto... more) {
    if (self->epoch_ == epoch) ((*self).*step)(error, more...);
  };
}

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
  if (is_idle()) return exchange();
  connect();
}

void Connection::probe(ProbeDone done) {
  probe_ = std::move(done);
  connect();
}

void Connection::close() {
  ++epoch_;
  Error ignored;
  socket_.close(ignored);
  timer_.cancel();
  timer_runs_ = false;
  addresses_.reset();
  probe_ = nullptr;
  kept_ = false;
  phase_ = Phase::closed;
}

void Connection::give_up(std::string_view reason) {
  if (!is_busy()) return close();
  if (probe_) return report_probe(std::make_error_code(std::errc::operation_canceled));
  close();
  report(Outcome::failed, reason);
}

void Connection::connect() {
  phase_ = Phase::connecting;
  kept_ = false;
  start_timer(pool_.settings().connect_timeout);
  pool_.addresses().find(guarded(&Connection::on_addresses));
}

void Connection::on_addresses(const Error& error,
                              const std::shared_ptr<const AddressList>& addresses) {
  if (error) {
    return on_cannot_connect(
        error, "cannot find the host " + pool_.addresses().host() + ": " + error.message());
  }
  addresses_ = addresses;
  next_address_ = 0;
  try_next_address({});
}

void Connection::try_next_address(const Error& last_error) {
  if (next_address_ < addresses_->size()) {
    socket_.async_connect((*addresses_)[next_address_++], guarded(&Connection::on_connected));
    return;
  }
  pool_.addresses().forget();
  on_cannot_connect(last_error, last_error == asio::error::connection_refused
                                    ? "connection refused"
                                    : "cannot connect: " + last_error.message());
}

void Connection::on_connected(const Error& error) {
  if (error) {
    Error ignored;
    socket_.close(ignored);
    return try_next_address(error);
  }
  addresses_.reset();
  Error ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (probe_) return report_probe({});
  read_some();
  exchange();
}

void Connection::on_cannot_connect(const Error& error, const std::string& reason) {
  if (probe_) return report_probe(error);
  fail(Outcome::failed, reason);
}

void Connection::exchange() {
  phase_ = Phase::exchanging;
  ++attempts_;
  if (attempts_ == 1) sent_ = Clock::now();
  reader_.reset();
  write_error_ = {};
  written_ = 0;
  start_timer(pool_.settings().answer_timeout);
  if (odd_) begin_odd();
  write_some();
}

// Not asio::async_write: its next step would not know that the socket has become another one.
void Connection::write_some() {
  socket_.async_write_some(asio::buffer(request_.data() + written_, write_end_ - written_),
                           guarded(&Connection::on_written));
}

void Connection::on_written(const Error& error, std::size_t size) {
  written_ += size;
  if (!error && written_ < write_end_) return write_some();
  if (!error && odd_) return on_piece_written();
  // An answer may have come all the same: the read that is under way tells.
  write_error_ = error;
}

void Connection::read_some() {
  socket_.async_read_some(asio::buffer(buffer_), guarded(&Connection::on_read));
}

void Connection::on_read(const Error& error, std::size_t size) {
  // A server that closes, or says something unasked, while nothing is in flight.
  if (!is_exchanging()) return close();
  if (error) return on_read_error(error);
  if (odd_) return on_odd_read({buffer_.data(), size});
  switch (reader_.take({buffer_.data(), size})) {
    case AnswerReader::Reading::more:
      return read_some();
    case AnswerReader::Reading::complete:
      return on_answer(reader_.may_keep_connection() && written_ == request_.size());
    case AnswerReader::Reading::broken:
      return fail(Outcome::failed, reader_.problem());
  }
}

void Connection::on_read_error(const Error& error) {
  if (kept_ && !reader_.begun() && !resent_) {
    resent_ = true;
    close();
    return connect();
  }
  const bool at_end = error == asio::error::eof;
  if (at_end && reader_.take_end() == AnswerReader::Reading::complete) {
    return odd_ ? on_odd_answer(false) : on_answer(false);
  }
  if (at_end && !is_reset(write_error_)) return fail(Outcome::failed, reader_.problem());
  if (at_end || is_reset(error)) {
    return fail(Outcome::failed, reader_.begun()
                                     ? "reset the connection in the middle of the answer"
                                     : "reset the connection without an answer");
  }
  fail(Outcome::failed, "cannot read the answer: " + error.message());
}

void Connection::on_answer(bool keep) {
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
  read_some();  // nothing is to come but the server's close
}

void Connection::start_timer(Clock::duration limit) {
  deadline_ = Clock::now() + limit;
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
  if (phase_ == Phase::connecting) {
    if (probe_) return report_probe(std::make_error_code(std::errc::timed_out));
    pool_.addresses().forget();
    const auto limit = duration_text(pool_.settings().connect_timeout);
    return fail(Outcome::timed_out, "no connection within " + limit);
  }
  if (odd_ && odd_->pauses) return on_pause_over();
  const auto limit = duration_text(pool_.settings().answer_timeout);
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

void Connection::report_probe(const std::error_code& error) {
  const ProbeDone done = std::exchange(probe_, nullptr);
  if (!error && pool_.keeps_connections()) {
    become_idle();
  } else {
    close();
  }
  pool_.probed(*this, done, error);
}

}  // namespace sim::delivery
