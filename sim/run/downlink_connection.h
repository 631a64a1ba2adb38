// One connection of the downlink API, from its first byte to its close.
//
// It reads a request, has it answered and reads the next: one request at most in a turn of the
// loop, and who sends many at once queues for every one but the first. While idle it holds no
// buffer and no timer: it waits for the socket to become readable, and reads into one buffer that
// all share. Called by run::DownlinkApi. Thread rule: the io_context's one thread. Source: RFC
// 9112 9.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <unordered_set>

#include "sim/run/call_reader.h"
#include "sim/run/downlink_api.h"
#include "sim/run/response_text.h"

namespace sim::run {

class DownlinkConnection;

/// What the connections of one server share. A connection leaves its set when it closes.
struct DownlinkConnections : std::enable_shared_from_this<DownlinkConnections> {
  explicit DownlinkConnections(boost::asio::io_context& context) : io(context) {}

  /// Lets a connection that has already read its next request go on in a later turn of the loop.
  void queue(std::shared_ptr<DownlinkConnection> connection);
  void serve_queue();

  boost::asio::io_context& io;
  DownlinkApiLimits limits;
  DownlinkApi::Handler handler;
  std::unordered_set<std::shared_ptr<DownlinkConnection>> served;
  std::unordered_set<std::shared_ptr<DownlinkConnection>> refused;
  std::deque<std::shared_ptr<DownlinkConnection>> queued;
  std::array<char, std::size_t{16} * 1024> scratch{};
};

class DownlinkConnection : public std::enable_shared_from_this<DownlinkConnection> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  DownlinkConnection(boost::asio::ip::tcp::socket socket, std::shared_ptr<DownlinkConnections> all);

  /// Begins to wait for requests.
  void serve();
  /// Answers with this problem without waiting for a request, and closes.
  void refuse(Call::Problem problem);

  /// Goes on with what has been read already.
  void advance();
  /// Whether what it waits for should have happened by now.
  [[nodiscard]] bool is_due(Time now) const { return !closed_ && now >= deadline_; }
  /// Ends the wait if it is still due: answers a slow request, closes in all other cases.
  void expire(Time now);

  void close();

 private:
  enum class Phase { Idle, Reading, Writing, Lingering };

  void enter(Phase phase, std::chrono::milliseconds time_limit);
  void wait_readable();
  void on_readable();
  void on_end_of_input();
  void send_continue();
  void answer();
  void answer(const Call& call, bool keep_alive);
  void answer_later(const Reply::Later& begin, ResponseForm form);
  void hold_back(std::chrono::nanoseconds delay, bool keep_alive);
  void write_answer(bool keep_alive);
  void on_answered(bool keep_alive);
  void keep_silent();
  void reset();
  void linger();
  void drain();

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<DownlinkConnections> all_;
  std::unique_ptr<CallReader> reader_;  ///< only while a request is being read
  std::string input_;                   ///< read and not consumed
  std::string output_;
  std::unique_ptr<boost::asio::steady_timer> timer_;  ///< of an answer that is held back
  Time deadline_{};
  std::size_t drained_ = 0;
  Phase phase_ = Phase::Idle;
  bool waiting_ = false;  ///< for readability
  bool closed_ = false;
};

}  // namespace sim::run
