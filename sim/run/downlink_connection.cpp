#include "sim/run/downlink_connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace sim::run {
namespace {

using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;

// A client that is still sending when it is refused gets a reset in place of the answer, unless
// what it sends is read. These bound the patience.
constexpr std::chrono::milliseconds kLingerTime{5000};
constexpr std::size_t kLingerBytes = std::size_t{4} * 1024 * 1024;

// Who is left without an answer is kept that long at most: a client that waits for ever must not
// hold a connection for ever.
constexpr std::chrono::minutes kSilence{5};

// The loop learns of at most 128 readable sockets at a time. Serving more than about as many queued
// requests in between would let those who were first go on while others are not even heard.
constexpr std::size_t kQueuedTurns = 64;

bool names(const http::Headers& headers, std::string_view name, std::string_view value) {
  const std::string* found = http::find_header(headers, name);
  return found && *found == value;
}

/// The status of a problem is the server's, whatever the handler says.
void impose(const Call::Problem& problem, http::Response& response) {
  response.status = problem.status;
  if (problem.status != 503) return;
  std::erase_if(response.headers, [](const auto& header) {
    return http::find_header({header}, "Retry-After") != nullptr;
  });
  response.headers.push_back({"Retry-After", "1"});
}

/// Frees the memory too, which an assignment would keep.
void release(std::string& text) {
  std::string().swap(text);
}

}  // namespace

void DownlinkConnections::queue(std::shared_ptr<DownlinkConnection> connection) {
  queued.push_back(std::move(connection));
  if (queued.size() > 1) return;
  boost::asio::post(io, [self = shared_from_this()] { self->serve_queue(); });
}

void DownlinkConnections::serve_queue() {
  for (std::size_t turns = 0; turns < kQueuedTurns && !queued.empty(); ++turns) {
    const auto connection = std::move(queued.front());
    queued.pop_front();
    connection->advance();
  }
  if (queued.empty()) return;
  boost::asio::post(io, [self = shared_from_this()] { self->serve_queue(); });
}

DownlinkConnection::DownlinkConnection(tcp::socket socket, std::shared_ptr<DownlinkConnections> all)
    : socket_(std::move(socket)), all_(std::move(all)) {
  ErrorCode ignored;
  socket_.non_blocking(true, ignored);
  // Answers go out whole: waiting for the client's acknowledgement of the last one only delays
  // them.
  socket_.set_option(tcp::no_delay(true), ignored);
}

void DownlinkConnection::serve() {
  enter(Phase::Idle, all_->limits.idle);
  wait_readable();
}

void DownlinkConnection::refuse(Call::Problem problem) {
  Call call;
  call.request.method.clear();
  call.request.target.clear();
  call.problem = std::move(problem);
  answer(call, /*keep_alive=*/false);
}

void DownlinkConnection::expire(Time now) {
  if (!is_due(now)) return;
  if (phase_ != Phase::Reading) return close();
  reader_->give_up(408,
                   fmt::format("the request was not complete {} ms after it began",
                               all_->limits.request.count()),
                   input_);
  answer();
}

void DownlinkConnection::close() {
  if (closed_) return;
  const auto self = shared_from_this();  // the sets may hold the last reference
  closed_ = true;
  ErrorCode ignored;
  socket_.close(ignored);
  timer_.reset();
  all_->served.erase(self);
  all_->refused.erase(self);
}

void DownlinkConnection::enter(Phase phase, std::chrono::milliseconds time_limit) {
  phase_ = phase;
  deadline_ = std::chrono::steady_clock::now() + time_limit;
}

void DownlinkConnection::wait_readable() {
  if (waiting_) return;
  waiting_ = true;
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](ErrorCode error) {
    self->waiting_ = false;
    if (self->closed_) return;
    if (error) return self->close();
    self->on_readable();
  });
}

void DownlinkConnection::on_readable() {
  if (phase_ == Phase::Writing) return;  // later: one request at a time
  if (phase_ == Phase::Lingering) return drain();
  ErrorCode error;
  const std::size_t size = socket_.read_some(boost::asio::buffer(all_->scratch), error);
  if (error == boost::asio::error::would_block) return wait_readable();
  if (error == boost::asio::error::eof) return on_end_of_input();
  if (error) return close();
  input_.append(all_->scratch.data(), size);
  advance();
}

/// The client may have closed its half only, and still read.
void DownlinkConnection::on_end_of_input() {
  if (phase_ == Phase::Idle) return close();
  reader_->give_up(400, "the connection ended before the request did", input_);
  answer();
}

void DownlinkConnection::advance() {
  if (closed_) return;
  if (!reader_) {
    // Empty lines do not restart the idle time: they would keep a connection for ever.
    if (!request_begins(input_)) {
      input_.shrink_to_fit();
      return wait_readable();
    }
    reader_ = std::make_unique<CallReader>(all_->limits);
    enter(Phase::Reading, all_->limits.request);
  }
  switch (reader_->read(input_)) {
    case CallReader::Step::NeedsMore:
      return wait_readable();
    case CallReader::Step::WantsContinue:
      return send_continue();
    case CallReader::Step::Complete:
      return answer();
  }
}

void DownlinkConnection::send_continue() {
  phase_ = Phase::Writing;  // and the request's time goes on
  output_ = "HTTP/1.1 100 Continue\r\n\r\n";
  boost::asio::async_write(socket_, boost::asio::buffer(output_),
                           [self = shared_from_this()](ErrorCode error, std::size_t) {
                             if (self->closed_) return;
                             if (error) return self->close();
                             self->phase_ = Phase::Reading;
                             self->wait_readable();
                           });
}

void DownlinkConnection::answer() {
  const auto reader = std::exchange(reader_, nullptr);
  answer(reader->call(), reader->keep_alive());
}

void DownlinkConnection::answer(const Call& call, bool keep_alive) {
  enter(Phase::Writing, all_->limits.request);
  const auto self = shared_from_this();  // the handler may stop the server
  Reply reply = all_->handler(call);
  if (closed_) return;
  const ResponseForm form{.without_body = call.request.method == "HEAD", .keep_alive = keep_alive};
  if (reply.later) return answer_later(reply.later, form);
  if (reply.manner == Reply::Manner::silent) return keep_silent();
  if (reply.manner == Reply::Manner::close) return linger();
  if (reply.manner == Reply::Manner::reset) return reset();
  if (call.problem) impose(*call.problem, reply.response);
  if (names(reply.response.headers, "Connection", "close")) keep_alive = false;
  output_ = response_text(
      reply.response, {.without_body = call.request.method == "HEAD", .keep_alive = keep_alive});
  if (reply.delay.count() > 0) return hold_back(reply.delay, keep_alive);
  write_answer(keep_alive);
}

/// Whoever makes the answer has a time limit of its own; ours is for one that forgets us.
void DownlinkConnection::answer_later(const Reply::Later& begin, ResponseForm form) {
  enter(Phase::Writing, kSilence);
  begin([self = shared_from_this(), form](const http::Response& response) {
    if (self->closed_) return;
    self->enter(Phase::Writing, self->all_->limits.request);
    self->output_ = response_text(response, form);
    self->write_answer(form.keep_alive);
  });
}

/// What the client sends meanwhile stays in the socket: one request at a time.
void DownlinkConnection::hold_back(std::chrono::nanoseconds delay, bool keep_alive) {
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(delay);
  enter(Phase::Writing, whole + all_->limits.request);
  timer_ = std::make_unique<boost::asio::steady_timer>(all_->io, delay);
  timer_->async_wait([self = shared_from_this(), keep_alive](ErrorCode error) {
    if (error || self->closed_) return;
    self->timer_.reset();
    self->write_answer(keep_alive);
  });
}

void DownlinkConnection::write_answer(bool keep_alive) {
  boost::asio::async_write(socket_, boost::asio::buffer(output_),
                           [self = shared_from_this(), keep_alive](ErrorCode error, std::size_t) {
                             if (self->closed_) return;
                             if (error) return self->close();
                             self->on_answered(keep_alive);
                           });
}

void DownlinkConnection::on_answered(bool keep_alive) {
  release(output_);
  if (!keep_alive) return linger();
  enter(Phase::Idle, all_->limits.idle);
  if (!input_.empty()) return all_->queue(shared_from_this());
  release(input_);
  wait_readable();
}

void DownlinkConnection::linger() {
  release(input_);
  ErrorCode error;
  socket_.shutdown(tcp::socket::shutdown_send, error);
  if (error) return close();
  enter(Phase::Lingering, kLingerTime);
  wait_readable();
}

/// Waits for the client to go away, and takes no further request from it.
void DownlinkConnection::keep_silent() {
  release(input_);
  enter(Phase::Lingering, kSilence);
  wait_readable();
}

void DownlinkConnection::reset() {
  ErrorCode ignored;
  socket_.set_option(tcp::socket::linger(true, 0), ignored);
  close();
}

/// Reads and forgets what the client still sends, until it has seen the end.
void DownlinkConnection::drain() {
  ErrorCode error;
  const std::size_t size = socket_.read_some(boost::asio::buffer(all_->scratch), error);
  if (error && error != boost::asio::error::would_block) return close();
  drained_ += size;
  if (drained_ > kLingerBytes) return close();
  wait_readable();
}

}  // namespace sim::run
