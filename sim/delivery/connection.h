// One of the sender's connections: it is opened when needed, carries one request at a time, and is
// kept open in between where the server agrees.
//
// Its life is a row of short steps, one member function each: connect, write, read, finish. It is
// told of whatever comes as long as it is open, so a server's close is noticed while it is idle,
// and an answer that comes before the request has gone is taken. Nothing is allocated, and no timer
// set, for a request over a kept connection. How it is opened stands apart, in opening_steps.cpp,
// and what differs for a treated request in odd_steps.cpp. Called by Pool, which owns it. Thread
// rule: the io_context's one thread. Source: RFC 9112 9.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include "sim/delivery/addresses.h"
#include "sim/delivery/answer_reader.h"
#include "sim/delivery/channel.h"
#include "sim/delivery/delivery.h"
#include "sim/delivery/odd_request.h"
#include "sim/delivery/readiness.h"
#include "sim/delivery/sender.h"

namespace sim::delivery {

class Pool;

/// A delivery that waits for its outcome.
struct Job {
  std::uint64_t id = 0;
  WallTime due;
  std::shared_ptr<const Treatment> treatment;  // null: a request like any other
};

class Connection final : public Watched, public std::enable_shared_from_this<Connection> {
 public:
  using ProbeDone = Sender::Probed;

  Connection(boost::asio::io_context& io, Pool& pool);

  /// Prepares a request, which goes with the pool's next burst over the kept connection, or over a
  /// new one as soon as it is there. The pool is told the outcome. Must not be busy.
  void send(const Job& job, std::string_view body);
  /// Sends what was prepared and still waits for it.
  void flush();
  /// Opens the connection and tells the pool. Must not be busy.
  void probe(ProbeDone done);

  [[nodiscard]] bool is_busy() const { return phase_ != Phase::closed && phase_ != Phase::idle; }
  /// Whether it is kept open and can send at once.
  [[nodiscard]] bool is_idle() const { return phase_ == Phase::idle; }
  /// Whether it is there, idle or with a request on its way.
  [[nodiscard]] bool is_open() const {
    return phase_ != Phase::closed && phase_ != Phase::connecting;
  }

  /// Closes it; what is in flight is forgotten, and the pool is not told.
  void close();
  /// Closes it; what is in flight is told to the pool as `failed`, or as a failed probe.
  void give_up(std::string_view reason);

  void on_ready(Ready ready) override;

 private:
  using Error = boost::system::error_code;
  // The plain executor: a type-erased one would cost a virtual call, and a copy, for each step.
  using Executor = boost::asio::io_context::executor_type;
  using Clock = std::chrono::steady_clock;
  using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

  enum class Phase : std::uint8_t {
    closed,
    connecting,
    idle,
    prepared,  ///< a request waits for the next burst
    exchanging,
  };

  template <class Step>
  auto guarded(Step step);

  /// Where opening it has come to.
  enum class Opening : std::uint8_t {
    addresses,  ///< they are looked up
    tcp,        ///< the socket connects
    full,       ///< a Unix socket's queue is full: it is tried again in a moment
    tunnel,     ///< the proxy is asked for the endpoint
    tls,        ///< hands are shaken
  };

  [[nodiscard]] bool is_exchanging() const { return phase_ == Phase::exchanging; }
  void on_turn(const Error& error);

  // The steps of opening are in opening_steps.cpp.
  void connect();
  void on_addresses(const Error& error, const std::shared_ptr<const AddressList>& addresses);
  void try_next_address(Error last_error);
  void give_address_its_time();
  void on_no_address(const Error& last_error);
  void on_opening_ready(Ready ready);
  void on_reached();
  void ask_for_tunnel();
  void read_tunnel_answer();
  void secure();
  void shake_hands();
  void on_connected();
  void on_opening_end(const Move& move, std::string_view during);
  void on_opening_timer();
  void on_cannot_connect(Outcome outcome, const std::error_code& error, const std::string& reason);

  void become_idle();
  void exchange();
  void write_some();
  [[nodiscard]] bool write_until_blocked();
  void read_all(bool ended);
  void on_unasked();
  void on_bytes(std::string_view bytes);
  void on_read_error(const Move& move);
  void on_answer_cut_off(const Move& move);
  void leave_channel();
  void on_answer(bool keep);
  void start_timer(Clock::duration limit, Clock::time_point now = Clock::now());
  void run_timer();
  void on_timer(const Error& error);
  void fail(Outcome outcome, std::string_view reason);
  void report(Outcome outcome, std::string_view reason);
  void report_probe(const std::error_code& error, std::string_view reason = {});

  // A treated request on its way: where its plan has come to. The steps are in odd_steps.cpp.
  struct Odd {
    OddRequest request;  // its bytes are in request_
    std::size_t step = 0;
    unsigned duplicates_left = 0;
    unsigned answers_left = 0;
    bool pauses = false;           // the timer says when to go on
    bool awaits_go_ahead = false;  // "100 Continue" does
  };
  void prepare_odd(std::string_view body);
  void begin_odd();
  void begin_odd_answer();
  void next_piece();
  void choose_piece();
  [[nodiscard]] bool on_piece_written();
  [[nodiscard]] bool on_step_written(const OddStep& step);
  void pause(Clock::duration time);
  void on_pause_over();
  void go_on();
  void on_odd_read(std::string_view bytes);
  void on_odd_answer(bool keep);
  void fail_odd(Outcome outcome, std::string_view reason);
  void prepare_close();

  Pool& pool_;
  boost::asio::io_context& io_;
  Channel channel_;
  Readiness::Ticket ticket_ = 0;  // while the channel is open
  // Setting a timer costs more than a request may: one that runs goes on through many requests, and
  // looks at the deadline when it is over.
  Timer timer_;
  bool timer_runs_ = false;
  Clock::time_point deadline_ = Clock::time_point::max();
  AnswerReader reader_;
  Phase phase_ = Phase::closed;
  unsigned epoch_ = 0;  // counts closes: what was begun before is not listened to

  Opening opening_ = Opening::addresses;
  Clock::time_point opening_ends_;
  std::shared_ptr<const AddressList> addresses_;
  std::size_t next_address_ = 0;
  ProbeDone probe_;

  Job job_;
  WallTime sent_;
  unsigned attempts_ = 0;
  bool kept_ = false;    // the connection has been idle: it may be dead
  bool resent_ = false;  // once is enough
  bool by_fault_ = false;
  bool answer_keeps_ = false;
  bool blocked_ = false;  // the rest of the request goes when the socket can be written to
  Error write_error_;
  std::size_t written_ = 0;
  std::size_t write_end_ = 0;
  std::string request_;
  std::unique_ptr<Odd> odd_;
};

// A step that is taken only while the connection is the one that it was begun on.
template <class Step>
auto Connection::guarded(Step step) {
  return [self = shared_from_this(), epoch = epoch_, step](const Error& error, auto... more) {
    if (self->epoch_ == epoch) ((*self).*step)(error, more...);
  };
}

}  // namespace sim::delivery
