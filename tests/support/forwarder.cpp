#include "tests/support/forwarder.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "tests/support/loopback.h"

namespace sim::support {

namespace {

int listen_at(const std::string& path) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::invalid_argument("the path is too long");
  path.copy(address.sun_path, path.size());
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket, 128) != 0) {
    throw std::system_error(errno, std::generic_category(), path);
  }
  return socket;
}

}  // namespace

Forwarder::Forwarder(std::string path, std::uint16_t port)
    : path_(std::move(path)), behind_(port), listener_(listen_at(path_)) {
  begin();
}

Forwarder::Forwarder() : listener_(listen_on_loopback(port_)) {
  begin();
}

void Forwarder::begin() {
  if (::pipe(end_) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  acceptor_ = std::thread([this] { accept_all(); });
}

Forwarder::~Forwarder() {
  ::close(end_[1]);
  acceptor_.join();
  for (std::thread& server : servers_) server.join();
  ::close(end_[0]);
  ::close(listener_);
  if (!path_.empty()) ::unlink(path_.c_str());
}

std::vector<std::string> Forwarder::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

/// False where everything is to end.
bool Forwarder::wait(const std::vector<int>& sockets) const {
  std::vector<pollfd> waiting{{end_[0], POLLIN, 0}};
  for (const int socket : sockets) waiting.push_back({socket, POLLIN, 0});
  while (::poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  return waiting[0].revents == 0;
}

void Forwarder::accept_all() {
  while (wait({listener_})) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) continue;
    servers_.emplace_back([this, socket] { serve(socket); });
  }
}

void Forwarder::serve(int socket) {
  const int behind = path_.empty() ? tunnel_for(socket) : connect_on_loopback(behind_);
  if (behind >= 0) {
    pump(socket, behind);
    ::close(behind);
  }
  ::close(socket);
}

/// Reads what a client asks for, and opens it; -1 where it asks for nothing.
int Forwarder::tunnel_for(int socket) {
  std::string head;
  std::array<char, 4096> buffer{};
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (!wait({socket})) return -1;
    const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) return -1;
    head.append(buffer.data(), static_cast<std::size_t>(size));
  }
  {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
  }
  const std::size_t end = head.find(" HTTP/1.1");
  const std::size_t colon = head.rfind(':', end);
  const auto port = static_cast<std::uint16_t>(std::stoul(head.substr(colon + 1)));
  const int behind = connect_on_loopback(port);
  send_all(socket, "HTTP/1.1 200 Connection established\r\n\r\n");
  return behind;
}

void Forwarder::pump(int one, int other) const {
  std::array<char, 64 * 1024> buffer{};
  int open = 2;
  bool ended[2] = {false, false};
  while (open > 0) {
    std::vector<int> waiting;
    if (!ended[0]) waiting.push_back(one);
    if (!ended[1]) waiting.push_back(other);
    if (!wait(waiting)) return;
    for (int i = 0; i < 2; ++i) {
      const int from = i == 0 ? one : other;
      const int to = i == 0 ? other : one;
      if (ended[i]) continue;
      const ssize_t size = ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (size > 0) send_all(to, {buffer.data(), static_cast<std::size_t>(size)});
      if (size > 0 || (size < 0 && errno == EAGAIN)) continue;
      ended[i] = true;
      --open;
      ::shutdown(to, SHUT_WR);
    }
  }
}

}  // namespace sim::support
