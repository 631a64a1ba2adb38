// A connected socket as cpp-httplib's Stream, with what that library's own lacks: a deadline for
// the whole exchange, a bound on the bytes that are taken in, and an end at once when the endpoint
// stops.
//
// cpp-httplib bounds each single read and no line or chunked body, so a peer that sends a byte now
// and then, or bytes without end, would hold a thread for good. Called by UplinkServer and
// DownlinkCaller. Thread rule: a stream belongs to one thread; a StopSignal to all.
#pragma once

#include <httplib.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>

namespace sim::endpoint {

using Deadline = std::chrono::steady_clock::time_point;

/// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  int release();

 private:
  int fd_;
};

/// Raised once; whatever waits in wait_for() sees it.
class StopSignal {
 public:
  StopSignal();
  void raise() const;
  [[nodiscard]] bool is_raised() const;
  [[nodiscard]] int fd() const { return event_.get(); }
  /// Waits so long, or until it is raised.
  void wait_for(std::chrono::milliseconds time) const;

 private:
  Descriptor event_;
};

/// True when `fd` is ready for `events` (of poll); false when the deadline or the stop comes first.
bool wait_for(int fd, short events, const StopSignal& stop, Deadline deadline);

class SocketStream : public httplib::Stream {
 public:
  SocketStream(int fd, const StopSignal& stop);

  /// Begins a request or an answer: how long it may take, and how much it may send us.
  void begin(Deadline deadline, std::size_t byte_budget);
  /// Waits for the first byte of the next request.
  [[nodiscard]] bool wait_readable(Deadline deadline) const;
  /// The status in the head that was written last; 0 before.
  [[nodiscard]] int written_status() const { return written_status_; }

  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  ssize_t read(char* to, std::size_t size) override;
  ssize_t write(const char* from, std::size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  [[nodiscard]] socket_t socket() const override { return fd_; }

 private:
  bool fill();

  const int fd_;
  const StopSignal& stop_;
  Deadline deadline_{};
  std::size_t budget_ = 0;
  int written_status_ = 0;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace sim::endpoint
