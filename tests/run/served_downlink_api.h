// A downlink API on a thread of its own, with limits that no test meets by accident, and the bytes
// of common requests. Used by the tests of the downlink API. Thread rule: the test's thread.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sim/run/downlink_api.h"
#include "tests/run/raw_client.h"

namespace sim::run {

inline const http::ListenAddress kAnyPort{"127.0.0.1", 0};

/// Limits that no test meets by accident.
inline DownlinkApiLimits patient() {
  DownlinkApiLimits limits;
  limits.idle = limits.request = std::chrono::milliseconds(60'000);
  return limits;
}

/// Tells what came: "POST /path: body", or the problem.
inline http::Response echo(const Call& call) {
  if (call.problem) return {200, {}, call.problem->message + "\n"};
  return {200, {}, call.request.method + " " + call.request.target + ": " + call.request.body};
}

/// The server on its own thread, and the calls that it was given.
class Served {
 public:
  explicit Served(DownlinkApiLimits limits = patient(), DownlinkApi::Handler handler = echo)
      : api_(io_, kAnyPort, limits, [this, handler](const Call& call) {
          calls_.push_back(call);
          return handler(call);
        }) {
    api_.start();
    port_ = api_.address().port;
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Served() { stop(); }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawClient connect() const { return RawClient(port_); }

  /// Runs it on the server's thread and waits for it.
  template <typename Function>
  auto on_server(Function function) {
    std::packaged_task<decltype(function())()> task(std::move(function));
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }
  std::size_t open_connections() {
    return on_server([this] { return api_.open_connections(); });
  }
  void stop_api() {
    on_server([this] {
      api_.stop();
      return 0;
    });
  }

  /// All calls; ends the server.
  const std::vector<Call>& calls() {
    stop();
    return calls_;
  }

 private:
  void stop() {
    if (!thread_.joinable()) return;
    stop_api();
    work_.reset();
    thread_.join();
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::vector<Call> calls_;
  DownlinkApi api_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

inline std::string post(const std::string& target, const std::string& body) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

inline std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

/// Sends it as the only thing on a connection and gives all that comes back until the server
/// closes.
inline std::string outcome(const Served& server, const std::string& bytes) {
  RawClient client = server.connect();
  client.send(bytes);
  return client.read_to_end();
}

inline std::string refusal(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size() + 1) +
         "\r\nConnection: close\r\n\r\n" + body + "\n";
}

}  // namespace sim::run
