// A few threads that do things later: further tries of downlinks, so that no answer waits for them.
//
// There are several, since a call that nobody answers holds its thread until it times out; they are
// made when they are needed. What still waits when it stops is forgotten.
// Called by ReferenceEndpoint. Thread rule: any thread; stop() from one that is not its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace sim::endpoint {

class LaterThreads {
 public:
  using Task = std::function<void()>;

  LaterThreads() = default;
  ~LaterThreads() { stop(); }
  LaterThreads(const LaterThreads&) = delete;
  LaterThreads& operator=(const LaterThreads&) = delete;

  /// Runs the task after that time. False where too many wait already, or it has stopped. A task
  /// that throws is over.
  bool run_after(std::chrono::milliseconds pause, Task task);
  /// How many tasks it forgets.
  std::size_t stop();

 private:
  using Clock = std::chrono::steady_clock;

  void work();
  Task next(std::unique_lock<std::mutex>& lock);
  bool has_thread();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Clock::time_point, Task> waiting_;  // by when they are due
  std::vector<std::thread> threads_;
  std::size_t busy_ = 0;
  bool ending_ = false;
};

}  // namespace sim::endpoint
