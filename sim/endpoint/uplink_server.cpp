#include "sim/endpoint/uplink_server.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>

#include "sim/endpoint/connection_threads.h"

namespace sim::endpoint {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kIdle{30};
constexpr std::chrono::seconds kRequest{10};
constexpr std::chrono::seconds kSeeOff{1};
constexpr std::size_t kMaxSeeOff = 4 * 1024 * 1024;
constexpr std::size_t kMaxConnections = 512;
constexpr int kBacklog = 511;

// SO_REUSEADDR alone: with the library's SO_REUSEPORT, a second endpoint on the port would take a
// part of the first one's connections, and nobody would be told.
void set_listener_options(socket_t listener) {
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

}  // namespace

UplinkServer::UplinkServer(std::size_t max_request) : max_request_(max_request) {
  new_task_queue = [] { return new ConnectionThreads(kMaxConnections); };
  set_socket_options(set_listener_options);
  set_tcp_nodelay(true);
  set_keep_alive_max_count(
      1'000'000'000);  // the default of 5 would cost a new connection each time
  set_keep_alive_timeout(kIdle.count());
  set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
    if (response.status < 400) return;
    response.headers.erase("Keep-Alive");
    response.headers.erase("Connection");
    response.set_header("Connection", "close");
  });
}

UplinkServer::~UplinkServer() {
  stop_now();
}

std::uint16_t UplinkServer::start(const std::string& host, std::uint16_t port) {
  errno = 0;
  const int bound =
      port == 0 ? bind_to_any_port(host) : (bind_to_port(host, port) ? int{port} : -1);
  if (bound < 0) {
    const int reason = errno != 0 ? errno : EADDRNOTAVAIL;
    throw std::system_error(reason, std::generic_category(),
                            "cannot listen on " + host + " port " + std::to_string(port));
  }
  // The library's queue of 5 makes the sixth of a burst wait a second for its second try.
  ::listen(svr_sock_, kBacklog);
  acceptor_ = std::thread([this] { listen_after_bind(); });
  while (!is_running()) std::this_thread::yield();  // its stop() does nothing before that
  return static_cast<std::uint16_t>(bound);
}

void UplinkServer::stop_now() {
  stop_.raise();
  stop();
  if (acceptor_.joinable()) acceptor_.join();
}

bool UplinkServer::process_and_close_socket(socket_t connection) {
  {
    SocketStream stream(connection, stop_);
    serve(stream);
  }
  see_off(connection);
  ::close(connection);
  return true;
}

void UplinkServer::serve(SocketStream& stream) {
  bool closed = false;
  while (!closed && !stop_.is_raised() && stream.wait_readable(steady_clock::now() + kIdle)) {
    stream.begin(steady_clock::now() + kRequest, max_request_);
    const auto without_ranges = [](httplib::Request& request) { request.ranges.clear(); };
    if (!process_request(stream, false, closed, without_ranges)) return;
    // After a refusal the rest of the request may still come, and must not be read as the next one.
    if (stream.written_status() >= 400) return;
  }
}

void UplinkServer::see_off(socket_t connection) const {
  ::shutdown(connection, SHUT_WR);
  const Deadline deadline = steady_clock::now() + kSeeOff;
  std::array<char, 4096> rest;
  for (std::size_t taken = 0; taken < kMaxSeeOff;) {
    if (stop_.is_raised() || !wait_for(connection, POLLIN, stop_, deadline)) return;
    const ssize_t got = ::recv(connection, rest.data(), rest.size(), MSG_DONTWAIT);
    if (got <= 0) return;
    taken += static_cast<std::size_t>(got);
  }
}

}  // namespace sim::endpoint
