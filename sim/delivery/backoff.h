// When the next connection may be opened: an endpoint that takes none is left alone for a while.
//
// After a failure to connect, or so many connections in a row that were closed without an answer,
// there is a pause; then one connection is tried, and if that fails too the next pause is twice as
// long. There is no lot in it: one sender needs none, and runs can be compared. Called by Pool.
// Thread rule: a value. Source: sim/delivery/README.md, "An endpoint that is not there".
#pragma once

#include <chrono>
#include <cstdint>

#include "sim/delivery/delivery.h"

namespace sim::delivery {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds kFirstPause{10};
  /// Connections that are closed without an answer, with no answer in between, before it is taken
  /// for more than chance.
  static constexpr unsigned kDropsInARow = 16;

  /// `longest` 0: there are no pauses.
  explicit Backoff(std::chrono::milliseconds longest) : longest_(longest) {}

  /// Whether connections may be opened as they are needed.
  [[nodiscard]] bool is_open() const { return state_ == State::open; }
  /// Whether nothing has gone wrong lately.
  [[nodiscard]] bool is_calm() const { return state_ == State::open && drops_ == 0; }
  /// When the pause is over. After a failure.
  [[nodiscard]] WallTime until() const { return until_; }
  /// Whether a pause is under way, or over without a connection having been tried since.
  [[nodiscard]] bool is_paused() const { return state_ == State::paused; }

  /// Whether one connection may be tried, which it then is.
  bool begin_trial(WallTime now);
  /// Nothing could be connected to. Returns whether that was the trial.
  bool cannot_connect(WallTime now);
  /// A new connection was closed without an answer. Returns whether that was the trial.
  bool dropped(WallTime now);
  /// A connection is there.
  void connected();
  /// An answer has come, or is waited for in vain: it is no matter of connections.
  void answered();

 private:
  enum class State : std::uint8_t { open, paused, trying };
  enum class Trouble : std::uint8_t { connecting, dropping };

  bool pause(Trouble trouble, WallTime now);
  void open();

  std::chrono::milliseconds longest_;
  std::chrono::milliseconds pause_{0};
  WallTime until_;
  State state_ = State::open;
  Trouble trouble_ = Trouble::connecting;
  unsigned drops_ = 0;
};

}  // namespace sim::delivery
