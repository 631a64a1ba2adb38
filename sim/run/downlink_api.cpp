#include "sim/run/downlink_api.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <system_error>
#include <utility>

#include "sim/run/downlink_connection.h"

namespace sim::run {
namespace {

using boost::asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using std::chrono::milliseconds;

// The parser's header fields have 16-bit sizes.
constexpr std::size_t kMostHeaderBytes = std::size_t{60} * 1024;
// Connections that are being told 503. More than these are closed without an answer.
constexpr std::size_t kRefusalsAtOnce = 64;
// After an accept that failed, out of descriptors as a rule: trying at once would spin.
constexpr milliseconds kAcceptPause{100};

DownlinkApiLimits bounded(DownlinkApiLimits limits) {
  limits.header_bytes = std::min(limits.header_bytes, kMostHeaderBytes);
  return limits;
}

std::string host_and_port(const http::ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host, v6 ? "]" : "", address.port);
}

ErrorCode listen_on(tcp::acceptor& acceptor, const tcp::endpoint& endpoint) {
  ErrorCode error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    ErrorCode ignored;
    acceptor.close(ignored);
  }
  return error;
}

}  // namespace

struct DownlinkApi::State : std::enable_shared_from_this<State> {
  State(boost::asio::io_context& context, http::ListenAddress listen, DownlinkApiLimits limits,
        Handler handler)
      : io(context),
        address(std::move(listen)),
        acceptor(io),
        accept_pause(io),
        sweep_timer(io),
        all(std::make_shared<DownlinkConnections>(io)) {
    all->limits = bounded(limits);
    all->handler = std::move(handler);
  }

  void listen();
  void accept();
  void pause_accepting();
  void take(tcp::socket socket);
  void sweep_later();
  void sweep();
  void stop();

  boost::asio::io_context& io;
  http::ListenAddress address;
  tcp::acceptor acceptor;
  boost::asio::steady_timer accept_pause;
  boost::asio::steady_timer sweep_timer;
  std::shared_ptr<DownlinkConnections> all;
  bool stopped = false;
};

void DownlinkApi::State::listen() {
  ErrorCode error;
  tcp::resolver resolver(io);
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  for (const auto& entry : found) {
    error = listen_on(acceptor, entry.endpoint());
    if (!error) break;
  }
  if (error) throw std::system_error(error, "cannot listen on " + host_and_port(address));
  address.port = acceptor.local_endpoint().port();
}

void DownlinkApi::State::accept() {
  acceptor.async_accept([self = shared_from_this()](ErrorCode error, tcp::socket socket) {
    if (self->stopped) return;
    if (error && error != boost::asio::error::connection_aborted) return self->pause_accepting();
    if (!error) self->take(std::move(socket));
    if (!self->stopped) self->accept();  // the handler of a refusal may have stopped the server
  });
}

void DownlinkApi::State::pause_accepting() {
  accept_pause.expires_after(kAcceptPause);
  accept_pause.async_wait([self = shared_from_this()](ErrorCode) {
    if (!self->stopped) self->accept();
  });
}

void DownlinkApi::State::take(tcp::socket socket) {
  auto connection = std::make_shared<DownlinkConnection>(std::move(socket), all);
  if (all->served.size() < all->limits.connections) {
    all->served.insert(connection);
    return connection->serve();
  }
  const bool too_many_refusals = all->refused.size() >= kRefusalsAtOnce;
  all->refused.insert(connection);
  connection->refuse(
      {503, fmt::format("the limit of {} open connections is reached", all->limits.connections)});
  if (too_many_refusals) connection->close();
}

/// One timer for all connections; a deadline is kept to within a quarter of the shortest limit.
void DownlinkApi::State::sweep_later() {
  const milliseconds shortest = std::min(all->limits.idle, all->limits.request);
  sweep_timer.expires_after(std::clamp(shortest / 4, milliseconds(5), milliseconds(1000)));
  sweep_timer.async_wait([self = shared_from_this()](ErrorCode) {
    if (self->stopped) return;
    self->sweep();
    self->sweep_later();
  });
}

void DownlinkApi::State::sweep() {
  const auto now = std::chrono::steady_clock::now();
  // Posted, so that thousands that are due at once do not hold up the others, and because the sets
  // change when a connection closes.
  const auto post_if_due = [&](const std::shared_ptr<DownlinkConnection>& connection) {
    if (!connection->is_due(now)) return;
    boost::asio::post(io, [connection, now] { connection->expire(now); });
  };
  std::for_each(all->served.begin(), all->served.end(), post_if_due);
  std::for_each(all->refused.begin(), all->refused.end(), post_if_due);
}

void DownlinkApi::State::stop() {
  stopped = true;
  ErrorCode ignored;
  acceptor.close(ignored);
  accept_pause.cancel();
  sweep_timer.cancel();
  const auto served = std::exchange(all->served, {});
  const auto refused = std::exchange(all->refused, {});
  all->queued.clear();
  for (const auto& connection : served) connection->close();
  for (const auto& connection : refused) connection->close();
}

DownlinkApi::DownlinkApi(boost::asio::io_context& io, http::ListenAddress address,
                         DownlinkApiLimits limits, Handler handler)
    : state_(std::make_shared<State>(io, std::move(address), limits, std::move(handler))) {}

DownlinkApi::~DownlinkApi() {
  state_->stop();
}

void DownlinkApi::start() {
  state_->listen();
  state_->accept();
  state_->sweep_later();
}

void DownlinkApi::stop() {
  state_->stop();
}

http::ListenAddress DownlinkApi::address() const {
  return state_->address;
}

std::size_t DownlinkApi::open_connections() const {
  return state_->all->served.size();
}

}  // namespace sim::run
