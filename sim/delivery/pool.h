// The sender's inside: its connections, and the queue before them.
//
// Called by Sender, and by its connections with what became of a request.
// Thread rule: the io_context's one thread. Source: sim/delivery/sender.h.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "sim/delivery/addresses.h"
#include "sim/delivery/connection.h"
#include "sim/delivery/readiness.h"
#include "sim/delivery/request_template.h"
#include "sim/delivery/sender.h"

namespace sim::delivery {

class Pool : public std::enable_shared_from_this<Pool> {
 public:
  Pool(boost::asio::io_context& io, const RequestHead& head, SenderSettings settings,
       Sender::Done done);

  void probe(Connection::ProbeDone done);
  void post(const Job& job, std::string_view body);
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  [[nodiscard]] bool has_free_connection() const;
  void stop();
  void abort(std::string_view reason);
  /// Closes everything and tells nobody.
  void detach();

  /// For connections.
  [[nodiscard]] const SenderSettings& settings() const { return settings_; }
  [[nodiscard]] const RequestTemplate& request() const { return request_; }
  [[nodiscard]] const RequestHead& head() const { return head_; }
  [[nodiscard]] Addresses& addresses() { return *addresses_; }
  [[nodiscard]] Readiness& readiness() { return *readiness_; }
  /// Where what has come is read into; it need not outlive the call that reads.
  [[nodiscard]] std::span<char> read_buffer() { return read_buffer_; }
  [[nodiscard]] bool keeps_connections() const { return !stopping_; }
  /// The connection has a plain request to send. It goes together with others: a server that is
  /// woken by the first of them need not be woken for the next ones.
  void add_to_burst(Connection& connection);
  void finished(Connection& connection, const Delivery& delivery);
  void probed(Connection& connection, const Connection::ProbeDone& done,
              const std::error_code& error);

 private:
  struct Waiting {
    Job job;
    std::string body;
  };

  void flush_burst();
  Connection* take_free();
  void release(Connection& connection);
  [[nodiscard]] bool has_waited_too_long(const Job& job) const;
  void skip(const Job& job, std::string_view reason);
  void post_skipped();
  void report_skipped();
  void report(const Delivery& delivery);
  void report_unsent(const Job& job, Outcome outcome, std::string_view reason);

  boost::asio::io_context& io_;
  SenderSettings settings_;
  RequestHead head_;
  RequestTemplate request_;
  std::shared_ptr<Addresses> addresses_;
  Sender::Done done_;
  std::shared_ptr<Readiness> readiness_;
  std::array<char, 64 * 1024> read_buffer_;

  std::vector<std::shared_ptr<Connection>> connections_;
  std::vector<Connection*> idle_;  // open when they came here, perhaps closed since
  std::vector<Connection*> closed_;
  std::vector<Connection*> burst_;
  bool burst_is_due_ = false;  // it is sent when the handler that fills it has ended
  std::deque<Waiting> queue_;
  struct Skipped {
    Job job;
    std::string_view reason;
  };
  std::deque<Skipped> skipped_;  // to be told as soon as nobody is within post()
  std::size_t in_flight_ = 0;
  std::size_t finishing_ = 0;  // connections whose outcome is being told: they are free in a moment
  bool stopping_ = false;
  bool ended_ = false;  // aborted, or detached
  bool detached_ = false;
};

}  // namespace sim::delivery
