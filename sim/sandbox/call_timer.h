// How long a call may take: processor time of the engine's thread, so that a busy machine makes no
// codec fail.
//
// When it is over, the engine is asked to stop at its next chance. Called by Engine. Thread rule:
// one timer in a process (a signal has no other way to find it), on the engine's thread.
#pragma once

#include <ctime>

#include <chrono>

struct JSContext;

namespace sim::sandbox {

class CallTimer {
 public:
  /// Throws std::runtime_error where the system gives no timer.
  explicit CallTimer(JSContext* context);
  ~CallTimer();
  CallTimer(const CallTimer&) = delete;
  CallTimer& operator=(const CallTimer&) = delete;

  void start(std::chrono::milliseconds limit);
  /// Whether the time since the start ran out. The engine's own work is free from now on.
  bool stop();
  /// Whether it ran out up to now.
  [[nodiscard]] static bool is_over();

 private:
  timer_t timer_{};
};

}  // namespace sim::sandbox
