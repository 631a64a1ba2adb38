// The steps of a Connection that only a treated request takes: a plan is carried out, and answers
// are read that may come in any of its steps.
#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>

#include "sim/delivery/connection.h"
#include "sim/delivery/pool.h"

namespace sim::delivery {

void Connection::prepare_odd(std::string_view body) {
  const Treatment& treatment = *job_.treatment;
  odd_ = std::make_unique<Odd>();
  odd_->request = make_odd_request(pool_.head(), treatment, body);
  // Copied, not moved: the memory serves the plain requests that follow.
  request_.assign(std::exchange(odd_->request.bytes, {}));
  if (treatment.fault == Fault::duplicate) odd_->duplicates_left = treatment.times - 1;
  if (is_idle() && odd_->request.wants_new_connection) close();
}

void Connection::begin_odd() {
  attempts_ += odd_->request.copies - 1;
  odd_->step = 0;
  odd_->answers_left = odd_->request.copies;
  odd_->pauses = false;
  odd_->awaits_go_ahead = false;
  begin_odd_answer();
  const OddStep& first = odd_->request.steps.front();
  write_end_ = first.piece == 0 ? first.end : std::min(first.end, first.piece);
}

void Connection::begin_odd_answer() {
  reader_.reset();
  if (!odd_->request.answer_has_body) reader_.expect_no_body();
}

void Connection::next_piece() {
  choose_piece();
  write_some();
}

void Connection::choose_piece() {
  if (written_ == odd_->request.steps[odd_->step].end) ++odd_->step;
  const OddStep& step = odd_->request.steps[odd_->step];
  write_end_ = step.piece == 0 ? step.end : std::min(step.end, written_ + step.piece);
}

/// Whether there is another piece to be written at once.
bool Connection::on_piece_written() {
  const OddStep& step = odd_->request.steps[odd_->step];
  if (written_ == step.end) return on_step_written(step);
  if (step.piece_pause > Clock::duration::zero()) {
    pause(step.piece_pause);
    return false;
  }
  choose_piece();
  return true;
}

bool Connection::on_step_written(const OddStep& step) {
  switch (step.then) {
    case Then::answer:
      return false;
    case Then::next_step:
      if (step.pause > Clock::duration::zero()) {
        pause(step.pause);
        return false;
      }
      choose_piece();
      return true;
    case Then::go_ahead:
      if (reader_.may_continue()) {
        go_on();
      } else {
        odd_->awaits_go_ahead = true;
        pause(std::min<Clock::duration>(step.pause, pool_.settings().answer_timeout));
      }
      return false;
    case Then::end_sending:
      channel_.end_sending();
      return false;
    case Then::close:
    case Then::reset:
      fail_odd(Outcome::failed, {});
      return false;
  }
  return false;
}

void Connection::pause(Clock::duration time) {
  odd_->pauses = true;
  start_timer(time);
}

void Connection::on_pause_over() {
  // A final answer has begun: what it is decides whether the body goes.
  if (odd_->awaits_go_ahead && reader_.is_amid_answer()) {
    odd_->pauses = false;
    return start_timer(pool_.settings().answer_timeout);
  }
  go_on();
}

void Connection::go_on() {
  odd_->pauses = false;
  odd_->awaits_go_ahead = false;
  start_timer(pool_.settings().answer_timeout);
  next_piece();
}

void Connection::on_odd_read(std::string_view bytes) {
  auto reading = reader_.take(bytes);
  while (reading == AnswerReader::Reading::complete && odd_->answers_left > 1) {
    --odd_->answers_left;
    kept_ = false;  // it is not dead, and nothing is sent again
    bytes.remove_prefix(bytes.size() - reader_.bytes_after());
    begin_odd_answer();
    reading = reader_.take(bytes);
  }
  switch (reading) {
    case AnswerReader::Reading::more:
      if (odd_->awaits_go_ahead && reader_.may_continue()) go_on();
      return;
    case AnswerReader::Reading::complete:
      return on_odd_answer(reader_.may_keep_connection() && written_ == request_.size());
    case AnswerReader::Reading::broken:
      return fail_odd(Outcome::failed, reader_.problem());
  }
}

void Connection::on_odd_answer(bool keep) {
  if (odd_->answers_left > 1) {
    --odd_->answers_left;
    begin_odd_answer();
    return fail_odd(Outcome::failed, "closed the connection without an answer");
  }
  keep = keep && odd_->request.keeps_connection;
  if (odd_->duplicates_left > 0) {
    --odd_->duplicates_left;
    if (keep) {
      become_idle();
      return exchange();
    }
    close();
    return connect();
  }
  if (keep) return on_answer(true);
  prepare_close();
  on_answer(false);
}

void Connection::fail_odd(Outcome outcome, std::string_view reason) {
  std::string text(reason);
  if (odd_->answers_left < odd_->request.copies) text += " to the second copy";
  const OddFailure failure = explain_failure(job_.treatment->fault, outcome, text, reader_.begun());
  by_fault_ = failure.by_fault;
  prepare_close();
  close();
  report(failure.outcome, failure.reason);
}

void Connection::prepare_close() {
  if (odd_->request.steps.back().then == Then::reset) channel_.reset_on_close();
}

}  // namespace sim::delivery
