#include "sim/endpoint/later_threads.h"

#include <exception>
#include <system_error>
#include <utility>

namespace sim::endpoint {

namespace {

constexpr std::size_t kMaxThreads = 16;
constexpr std::size_t kMaxWaiting = 10'000;

}  // namespace

bool LaterThreads::run_after(std::chrono::milliseconds pause, Task task) {
  const std::lock_guard lock(mutex_);
  if (ending_ || waiting_.size() >= kMaxWaiting || !has_thread()) return false;
  waiting_.emplace(Clock::now() + pause, std::move(task));
  wake_.notify_all();  // it may be due before what they wait for
  return true;
}

/// Makes one more where all have something to do; whether there is any.
bool LaterThreads::has_thread() {
  if (threads_.size() > busy_ + waiting_.size() || threads_.size() >= kMaxThreads) return true;
  try {
    threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // Those that there are will come to it.
  }
  return !threads_.empty();
}

std::size_t LaterThreads::stop() {
  std::size_t forgotten = 0;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    forgotten = waiting_.size();
    waiting_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  return forgotten;
}

void LaterThreads::work() {
  std::unique_lock lock(mutex_);
  while (const Task task = next(lock)) {
    ++busy_;
    lock.unlock();
    try {
      task();
    } catch (const std::exception&) {
      // Out of memory as a rule: this try is lost.
    }
    lock.lock();
    --busy_;
  }
}

/// Waits for the first task that is due; an empty one at the end.
LaterThreads::Task LaterThreads::next(std::unique_lock<std::mutex>& lock) {
  while (!ending_) {
    if (waiting_.empty()) {
      wake_.wait(lock);
      continue;
    }
    const auto first = waiting_.begin();
    const Clock::time_point due = first->first;  // another thread may take it while we wait
    if (due <= Clock::now()) {
      Task task = std::move(first->second);
      waiting_.erase(first);
      return task;
    }
    wake_.wait_until(lock, due);
  }
  return {};
}

}  // namespace sim::endpoint
