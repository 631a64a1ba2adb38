#include "sim/delivery/backoff.h"

#include <algorithm>

namespace sim::delivery {

bool Backoff::begin_trial(WallTime now) {
  if (state_ != State::paused || now < until_) return false;
  state_ = State::trying;
  return true;
}

bool Backoff::cannot_connect(WallTime now) {
  return pause(Trouble::connecting, now);
}

bool Backoff::dropped(WallTime now) {
  if (longest_.count() == 0) return false;
  drops_ = std::min(drops_ + 1, kDropsInARow);
  return drops_ == kDropsInARow && pause(Trouble::dropping, now);
}

bool Backoff::pause(Trouble trouble, WallTime now) {
  // One that was begun before the pause says nothing new.
  if (longest_.count() == 0 || state_ == State::paused) return false;
  const bool was_trial = state_ == State::trying;
  pause_ = std::min(longest_, std::max(kFirstPause, 2 * pause_));
  until_ = now + pause_;
  state_ = State::paused;
  trouble_ = trouble;
  return was_trial;
}

void Backoff::connected() {
  if (state_ != State::open && trouble_ == Trouble::connecting) open();
}

void Backoff::answered() {
  drops_ = 0;
  // Kept connections that answer do not say that another one would be taken.
  if (state_ != State::open && trouble_ == Trouble::dropping) open();
}

void Backoff::open() {
  state_ = State::open;
  pause_ = std::chrono::milliseconds(0);
}

}  // namespace sim::delivery
