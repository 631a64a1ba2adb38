#include <utility>
// <utility> comes first: Boost.Asio 1.74 needs it in C++20.
#include <algorithm>
#include <boost/asio/post.hpp>

#include "sim/delivery/pool.h"
#include "sim/delivery/proxy_request.h"

namespace sim::delivery {

namespace {

// With so many connections their buffers would take hundreds of megabytes.
constexpr std::size_t kManyConnections = 1000;

std::unique_ptr<const TlsContext> tls_context(const http::Endpoint& endpoint,
                                              const SenderSettings& settings) {
  if (!endpoint.has_tls()) return nullptr;
  const bool many = settings.connections > kManyConnections;
  return std::make_unique<TlsContext>(settings.route.tls, endpoint.host,
                                      many ? Idle::frees_buffers : Idle::keeps_buffers);
}

std::shared_ptr<Addresses> addresses_of(boost::asio::io_context& io, const http::Endpoint& endpoint,
                                        const SenderSettings& settings) {
  const Route& route = settings.route;
  if (!route.unix_socket.empty()) return std::make_shared<Addresses>(io, route.unix_socket);
  const std::string& host = route.proxy ? route.proxy->host : endpoint.host;
  const std::uint16_t port = route.proxy ? route.proxy->port : endpoint.port;
  return std::make_shared<Addresses>(io, host, port, settings.lookup_every);
}

// As many requests as make up for waking a server, and no more: the first of them waits meanwhile.
constexpr std::size_t kBurst = 64;

}  // namespace

Pool::Pool(boost::asio::io_context& io, const RequestHead& head, SenderSettings settings,
           Sender::Done done)
    : io_(io),
      settings_(std::move(settings)),
      head_(by_route(head, settings_.route)),
      request_(head_),
      tunnel_(tunnel_request(head.endpoint, settings_.route)),
      tls_(tls_context(head.endpoint, settings_)),
      addresses_(addresses_of(io, head.endpoint, settings_)),
      done_(std::move(done)),
      readiness_(std::make_shared<Readiness>(io)),
      backoff_(settings_.longest_pause),
      pause_timer_(io) {
  settings_.connections = std::max<std::size_t>(settings_.connections, 1);
}

void Pool::probe(Connection::ProbeDone done) {
  Connection* connection = ended_ ? nullptr : take_free();
  if (connection != nullptr && !connection->is_idle()) return connection->probe(std::move(done));
  std::error_code error;
  if (connection != nullptr) {
    idle_.push_back(connection);
  } else {
    error = std::make_error_code(std::errc::device_or_resource_busy);
  }
  boost::asio::post(io_, [weak = weak_from_this(), done = std::move(done), error] {
    const auto self = weak.lock();
    if (self && !self->ended_) done(error, error ? error.message() : std::string());
  });
}

void Pool::post(const Job& job, std::string_view body) {
  if (ended_) return;
  ++in_flight_;
  Connection* connection = take_free();
  if (connection != nullptr && !connection->is_idle() && !may_connect()) {
    closed_.push_back(connection);
    connection = nullptr;
  }
  if (connection != nullptr) {
    connection->send(job, body);
  } else if (queue_.size() < settings_.queue_limit + finishing_) {
    queue_.push_back({job, std::string(body)});
    wait_for_pause();
  } else {
    skip(job, "no free connection, and the queue is full");
  }
}

bool Pool::has_free_connection() const {
  if (ended_) return false;
  if (!idle_.empty() || queue_.size() < finishing_) return true;
  // In a pause there is a place to wait for its end.
  if (!backoff_.is_open()) return queue_.size() < settings_.queue_limit;
  return !closed_.empty() || connections_.size() < settings_.connections;
}

void Pool::stop() {
  stopping_ = true;
  for (const auto& connection : connections_) {
    if (connection->is_idle()) connection->close();
  }
}

void Pool::abort(std::string_view reason) {
  const auto self = shared_from_this();  // a callback may end the Sender
  ended_ = true;
  stopping_ = true;
  pause_timer_.cancel();
  // The reason may belong to the one that is called back.
  const std::string kept_reason(reason);
  for (const auto& connection : std::vector(connections_)) connection->give_up(kept_reason);
  for (const Waiting& waiting : std::exchange(queue_, {})) {
    report_unsent(waiting.job, Outcome::failed, kept_reason);
  }
  report_skipped();
}

void Pool::detach() {
  ended_ = true;
  stopping_ = true;
  detached_ = true;
  pause_timer_.cancel();
  for (const auto& connection : connections_) connection->close();
  queue_.clear();
  skipped_.clear();
}

void Pool::finished(Connection& connection, const Delivery& delivery) {
  const auto self = shared_from_this();  // the callback may end the Sender
  const bool trial_failed = std::exchange(trial_failed_, false);
  ++finishing_;
  report(delivery);
  if (trial_failed) share_fate(delivery);
  --finishing_;
  if (!ended_) release(connection);
}

void Pool::probed(Connection& connection, const Connection::ProbeDone& done,
                  const std::error_code& error, std::string_view reason) {
  const auto self = shared_from_this();
  ++finishing_;
  if (!detached_) done(error, reason);
  --finishing_;
  if (!ended_) release(connection);
}

void Pool::add_to_burst(Connection& connection) {
  burst_.push_back(&connection);
  if (burst_.size() >= kBurst) return flush_burst();
  if (std::exchange(burst_is_due_, true)) return;
  boost::asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->burst_is_due_ = false;
    self->flush_burst();
  });
}

void Pool::flush_burst() {
  for (Connection* connection : burst_) connection->flush();
  burst_.clear();
}

Connection* Pool::take_free() {
  while (!idle_.empty()) {
    Connection* connection = idle_.back();
    idle_.pop_back();
    if (connection->is_idle()) return connection;
    closed_.push_back(connection);
  }
  if (!closed_.empty()) {
    Connection* connection = closed_.back();
    closed_.pop_back();
    return connection;
  }
  if (connections_.size() >= settings_.connections) return nullptr;
  connections_.push_back(std::make_shared<Connection>(io_, *this));
  return connections_.back().get();
}

void Pool::release(Connection& connection) {
  skip_overdue();
  if (queue_.empty() || !(connection.is_idle() || may_connect())) {
    (connection.is_idle() ? idle_ : closed_).push_back(&connection);
    return wait_for_pause();
  }
  const Waiting next = std::move(queue_.front());
  queue_.pop_front();
  connection.send(next.job, next.body);
}

void Pool::skip_overdue() {
  while (!queue_.empty() && has_waited_too_long(queue_.front().job)) {
    skip(queue_.front().job, "no free connection within the longest wait");
    queue_.pop_front();
  }
}

bool Pool::has_waited_too_long(const Job& job) const {
  if (settings_.longest_wait.count() == 0) return false;
  return std::chrono::steady_clock::now() - job.due > settings_.longest_wait;
}

void Pool::skip(const Job& job, std::string_view reason) {
  skipped_.push_back({job, reason});
  if (skipped_.size() == 1) post_skipped();
}

void Pool::post_skipped() {
  boost::asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->report_skipped();
  });
}

void Pool::report_skipped() {
  // What the callbacks skip in their turn waits for its own turn, so that the answers are not
  // starved.
  for (std::size_t left = skipped_.size(); left > 0 && !skipped_.empty(); --left) {
    const auto [job, reason] = skipped_.front();
    skipped_.pop_front();
    report_unsent(job, Outcome::skipped, reason);
  }
  if (!skipped_.empty()) post_skipped();
}

void Pool::report_unsent(const Job& job, Outcome outcome, std::string_view reason) {
  Delivery delivery;
  delivery.id = job.id;
  delivery.due = job.due;
  delivery.sent = delivery.answered = std::chrono::steady_clock::now();
  delivery.outcome = outcome;
  delivery.reason = reason;
  report(delivery);
}

void Pool::report(const Delivery& delivery) {
  if (detached_) return;
  --in_flight_;
  done_(delivery);
}

}  // namespace sim::delivery
