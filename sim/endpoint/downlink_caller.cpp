#include "sim/endpoint/downlink_caller.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <httplib.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/http/endpoint.h"

namespace sim::endpoint {

namespace {

constexpr std::size_t kMaxAnswer = 8 * 1024;

// Starts to connect a socket that does not block; the caller waits for it.
bool begin_connect(int fd, const Address& to, std::uint16_t port) {
  sockaddr_storage address{};
  socklen_t size = 0;
  if (to.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, to.bytes.data() + 12, 4);
    std::memcpy(&address, &v4, size = sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    std::memcpy(&v6.sin6_addr, to.bytes.data(), to.bytes.size());
    std::memcpy(&address, &v6, size = sizeof v6);
  }
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0 ||
         errno == EINPROGRESS;
}

// A connected socket, or -1.
int connect_to(const Address& to, std::uint16_t port, const StopSignal& stop, Deadline deadline) {
  const int family = to.is_v4() ? AF_INET : AF_INET6;
  Descriptor connection(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (connection.get() < 0 || !begin_connect(connection.get(), to, port)) return -1;
  if (!wait_for(connection.get(), POLLOUT, stop, deadline)) return -1;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(connection.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) {
    return -1;
  }
  const int on = 1;
  ::setsockopt(connection.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection.release();
}

// cpp-httplib's client over our own connection: to the address that was judged, and with the
// stream's bounds.
class BoundedClient : public httplib::ClientImpl {
 public:
  BoundedClient(const http::Endpoint& server, Address address, const StopSignal& stop,
                Deadline deadline)
      : ClientImpl(server.host, server.port), address_(address), stop_(stop), deadline_(deadline) {
    set_url_encode(false);  // the target goes out as it came
    set_follow_location(false);
    set_decompress(false);
  }

 protected:
  bool create_and_connect_socket(Socket& socket, httplib::Error& error) override {
    socket.sock = connect_to(address_, static_cast<std::uint16_t>(port_), stop_, deadline_);
    if (!socket.is_open()) error = httplib::Error::Connection;
    return socket.is_open();
  }

 private:
  bool process_socket(const Socket& socket,
                      std::function<bool(httplib::Stream& stream)> exchange) override {
    SocketStream stream(socket.sock, stop_);
    stream.begin(deadline_, kMaxAnswer);
    return exchange(stream);
  }

  const Address address_;
  const StopSignal& stop_;
  const Deadline deadline_;
};

// Seconds; the other form of it, a date, is rare and counts as none.
std::optional<std::chrono::seconds> read_retry_after(const std::string& text) {
  constexpr std::size_t kMaxDigits = 9;
  const bool number =
      !text.empty() && text.size() <= kMaxDigits &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!number) return std::nullopt;
  return std::chrono::seconds(std::stol(text));
}

tl::unexpected<CallFailure> failed(std::string reason, bool may_pass) {
  return tl::unexpected(CallFailure{std::move(reason), may_pass, std::nullopt});
}

// What the network says of the call itself will not change; that it is busy or broken may.
CallFailure refused_with(int status, std::optional<std::chrono::seconds> retry_after) {
  const bool may_pass = status == 429 || (status >= 500 && status < 600);
  return {fmt::format("it was answered with {}", status), may_pass, retry_after};
}

tl::expected<int, CallFailure> send(BoundedClient& client, const http::Endpoint& server,
                                    const std::string& method, const std::string& body,
                                    Deadline deadline) {
  httplib::Request request;
  request.method = method;
  request.path = server.target;
  request.headers = {{"Content-Type", "application/json"}, {"Host", server.authority()}};
  request.body = body;
  int status = 0;
  std::optional<std::chrono::seconds> retry_after;
  // The status counts from when it is here: how the body ends changes nothing in it.
  request.response_handler = [&](const httplib::Response& response) {
    status = response.status;
    retry_after = read_retry_after(response.get_header_value("Retry-After"));
    return true;
  };
  httplib::Response response;
  httplib::Error error = httplib::Error::Success;
  if (client.send(request, response, error)) status = response.status;
  if (status >= 200 && status < 300) return status;
  if (status != 0) return tl::unexpected(refused_with(status, retry_after));
  if (std::chrono::steady_clock::now() >= deadline) {
    return failed("there was no answer in time", true);
  }
  if (error == httplib::Error::Connection) return failed("it could not connect", true);
  return failed("there was no valid answer", true);
}

std::string body_of(const DownlinkRequest& request) {
  nlohmann::ordered_json body = {{"dev_id", request.dev_id}, {"port", request.port}};
  if (request.port_as_text) body["port"] = std::to_string(request.port);
  body["confirmed"] = request.confirmed;
  if (request.with_payload) body["payload_raw"] = request.payload_raw;
  if (request.with_fields) body["payload_fields"] = {{"open", true}};
  return body.dump();
}

}  // namespace

tl::expected<int, CallFailure> call_downlink(const DownlinkRequest& request, const Peer& peer,
                                             const StopSignal& stop,
                                             std::chrono::milliseconds timeout) {
  const Deadline deadline = std::chrono::steady_clock::now() + timeout;
  const auto server = http::parse_plain_endpoint(request.url);
  if (!server) return failed(server.error(), false);
  const std::vector<Address> addresses = resolve(server->host, stop, deadline);
  if (addresses.empty()) return failed("its host has no address", true);
  const auto allowed = std::find_if(addresses.begin(), addresses.end(),
                                    [&peer](const Address& a) { return may_call(a, peer); });
  if (allowed == addresses.end()) {
    return failed("its host is not the one that sent the uplink", false);
  }
  BoundedClient client(*server, *allowed, stop, deadline);
  return send(client, *server, request.method, body_of(request), deadline);
}

}  // namespace sim::endpoint
