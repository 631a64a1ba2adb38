// An endpoint for tests, on a real socket: keeps the bodies, and may call the downlink URL.
//
// One thread of its own, one connection at a time, blocking sockets: as simple as it can be. The
// downlink call is made before the answer, as the reference endpoint does it.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <deque>
#include <functional>
#include <limits>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "sim/http/endpoint.h"

namespace sim::test {

class SmallEndpoint {
  using tcp = boost::asio::ip::tcp;

 public:
  SmallEndpoint() : acceptor_(io_, {boost::asio::ip::make_address("127.0.0.1"), 0}) {
    port_ = acceptor_.local_endpoint().port();
    thread_ = std::thread([this] { serve(); });
  }

  ~SmallEndpoint() {
    stopping_ = true;
    // Wakes both a blocked accept and a blocked read.
    shutdown(acceptor_.native_handle(), SHUT_RDWR);
    {
      const std::lock_guard lock(mutex_);
      if (open_ >= 0) shutdown(open_, SHUT_RDWR);
    }
    thread_.join();
  }

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/uplink";
  }

  /// Posts this body to each uplink's downlink_url before the uplink is answered.
  void answer_with_downlink(std::string body) {
    const std::lock_guard lock(mutex_);
    downlink_ = std::move(body);
  }
  /// Calls so often again, at once, while a downlink is not accepted.
  void try_again(int times) {
    const std::lock_guard lock(mutex_);
    further_tries_ = times;
  }
  /// What each downlink call was answered with: "200", "429, Retry-After 5", "nothing".
  [[nodiscard]] std::vector<std::string> downlink_answers() {
    const std::lock_guard lock(mutex_);
    return downlink_answers_;
  }
  void on_request(std::function<void()> action) {
    const std::lock_guard lock(mutex_);
    on_request_ = std::move(action);
  }
  void never_answer() { stop_answering_after(0); }
  /// Answers that many requests, and no more.
  void stop_answering_after(std::size_t count) {
    const std::lock_guard lock(mutex_);
    answers_left_ = count;
  }
  void answer_status(unsigned status) {
    const std::lock_guard lock(mutex_);
    status_ = status;
  }

  /// The next requests get these answers, one each; what follows is answered as ever.
  struct Scripted {
    unsigned status;
    std::string retry_after{};  ///< empty: there is no such header
  };
  void answer_in_turn(std::vector<Scripted> answers) {
    const std::lock_guard lock(mutex_);
    script_.assign(answers.begin(), answers.end());
  }

  /// Blocks until that many requests have come.
  void wait_for_request(std::size_t count = 1) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return bodies_.size() >= count; });
  }

  [[nodiscard]] std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  /// The headers of the latest request, as "Name: value".
  [[nodiscard]] std::vector<std::string> headers() {
    const std::lock_guard lock(mutex_);
    return headers_;
  }

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void serve() {
    while (!stopping_) {
      boost::system::error_code error;
      tcp::socket socket(io_);
      acceptor_.accept(socket, error);
      if (error) return;
      remember(socket.native_handle());
      serve_connection(socket);
      remember(-1);
    }
  }

  void remember(int handle) {
    const std::lock_guard lock(mutex_);
    open_ = handle;
  }

  void serve_connection(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    for (;;) {
      Request request;
      boost::beast::http::read(socket, buffer, request, error);
      if (error) return;
      const Manners manners = note(request);
      if (manners.on_request) manners.on_request();
      if (!manners.downlink.empty()) call_until_accepted(request.body(), manners);
      if (!manners.answer) continue;
      Response response(boost::beast::http::int_to_status(manners.status), 11);
      if (!manners.retry_after.empty()) {
        response.set(boost::beast::http::field::retry_after, manners.retry_after);
      }
      response.prepare_payload();
      boost::beast::http::write(socket, response, error);
      if (error) return;
    }
  }

  struct Manners {
    std::function<void()> on_request;
    std::string downlink;
    bool answer;
    unsigned status;
    int further_tries;
    std::string retry_after{};
  };

  Manners note(const Request& request) {
    const std::lock_guard lock(mutex_);
    bodies_.push_back(request.body());
    headers_.clear();
    for (const auto& field : request) {
      headers_.push_back(std::string(field.name_string()) + ": " + std::string(field.value()));
    }
    const bool answer = answers_left_ > 0;
    if (answer) --answers_left_;
    came_.notify_all();
    Manners manners{on_request_, downlink_, answer, status_, further_tries_};
    if (!script_.empty()) {
      manners.status = script_.front().status;
      manners.retry_after = script_.front().retry_after;
      script_.pop_front();
    }
    return manners;
  }

  void call_until_accepted(const std::string& uplink, const Manners& manners) {
    for (int tries = 0; tries <= manners.further_tries; ++tries) {
      const std::string answer = call_back(uplink, manners.downlink);
      const std::lock_guard lock(mutex_);
      downlink_answers_.push_back(answer);
      if (answer.starts_with('2')) return;
    }
  }

  static std::string call_back(const std::string& uplink, const std::string& downlink) {
    const std::string url = nlohmann::json::parse(uplink).at("downlink_url");
    const auto endpoint = http::parse_endpoint(url);
    boost::asio::io_context io;
    tcp::socket socket(io);
    socket.connect({boost::asio::ip::make_address(endpoint->host), endpoint->port});
    Request request(boost::beast::http::verb::post, endpoint->target, 11);
    request.set(boost::beast::http::field::host, endpoint->authority());
    request.body() = downlink;
    request.prepare_payload();
    boost::system::error_code error;
    boost::beast::http::write(socket, request, error);
    boost::beast::flat_buffer buffer;
    Response response;
    boost::beast::http::read(socket, buffer, response, error);
    if (error) return "nothing";
    const auto retry_after = response.find(boost::beast::http::field::retry_after);
    return std::to_string(response.result_int()) +
           (retry_after == response.end() ? ""
                                          : ", Retry-After " + std::string(retry_after->value()));
  }

  boost::asio::io_context io_;
  tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  std::string downlink_;
  int further_tries_ = 0;
  std::vector<std::string> downlink_answers_;
  std::function<void()> on_request_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::condition_variable came_;
  std::size_t answers_left_ = std::numeric_limits<std::size_t>::max();
  unsigned status_ = 200;
  std::deque<Scripted> script_;
  int open_ = -1;
  std::vector<std::string> bodies_;
  std::vector<std::string> headers_;
  std::thread thread_;
};

}  // namespace sim::test
