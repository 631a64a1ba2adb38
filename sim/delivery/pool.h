// The sender's inside: its connections, and the queue before them.
//
// Called by Sender, and by its connections with what became of a request.
// Thread rule: the io_context's one thread. Source: sim/delivery/sender.h.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "sim/delivery/addresses.h"
#include "sim/delivery/backoff.h"
#include "sim/delivery/connection.h"
#include "sim/delivery/readiness.h"
#include "sim/delivery/request_template.h"
#include "sim/delivery/sender.h"
#include "sim/delivery/tls_context.h"

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
  [[nodiscard]] bool has_proxy() const { return settings_.route.proxy.has_value(); }
  /// What a proxy is asked with for a way to the endpoint; empty: there is no need to.
  [[nodiscard]] const std::string& tunnel() const { return tunnel_; }
  /// nullptr: the endpoint is spoken to without.
  [[nodiscard]] const TlsContext* tls() const { return tls_.get(); }
  [[nodiscard]] Readiness& readiness() { return *readiness_; }
  /// Where what has come is read into; it need not outlive the call that reads.
  [[nodiscard]] std::span<char> read_buffer() { return read_buffer_; }
  [[nodiscard]] bool keeps_connections() const { return !stopping_; }
  /// The connection has a plain request to send. It goes together with others: a server that is
  /// woken by the first of them need not be woken for the next ones.
  void add_to_burst(Connection& connection);
  void finished(Connection& connection, const Delivery& delivery);
  void probed(Connection& connection, const Connection::ProbeDone& done,
              const std::error_code& error, std::string_view reason);
  /// How it goes with connections, told before the outcome: nothing could be connected to; one is
  /// there; a new one was closed without an answer; an answer came, or is waited for in vain.
  void on_cannot_connect();
  void on_connected();
  void on_dropped();
  void on_answered() {
    if (!backoff_.is_calm()) on_answered_again();
  }

 private:
  struct Waiting {
    Job job;
    std::string body;
  };

  void flush_burst();
  void on_answered_again();
  [[nodiscard]] bool may_connect();
  void wait_for_pause();
  void send_waiting();
  void share_fate(const Delivery& delivery);
  [[nodiscard]] bool is_any_open() const;
  void skip_overdue();
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
  std::string tunnel_;
  std::unique_ptr<const TlsContext> tls_;
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
  Backoff backoff_;
  boost::asio::steady_timer pause_timer_;
  bool pause_timer_runs_ = false;
  bool trial_failed_ = false;  // what waited shares the fate of the outcome that is told next
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
