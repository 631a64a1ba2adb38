// The threads of the server's connections: one for each, made when one is needed and kept.
//
// A connection holds its thread also while it is idle or waits for a downlink call, so there must
// be more of them than a sender has connections; the library's own pool makes all of them at the
// start. Called by UplinkServer through httplib. Thread rule: any thread.
#pragma once

#include <httplib.h>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sim::endpoint {

class ConnectionThreads : public httplib::TaskQueue {
 public:
  /// What comes when `max_threads` are busy waits until one is free.
  explicit ConnectionThreads(std::size_t max_threads);

  void enqueue(std::function<void()> task) override;
  void shutdown() override;

 private:
  void work();

  const std::size_t max_threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::vector<std::thread> threads_;
  std::size_t idle_ = 0;
  bool ending_ = false;
};

}  // namespace sim::endpoint
