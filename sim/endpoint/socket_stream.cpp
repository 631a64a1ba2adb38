#include "sim/endpoint/socket_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

namespace sim::endpoint {

namespace {

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

void ip_and_port(AddressOf address_of, int fd, std::string& ip, int& port) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (address_of(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    port = ntohs(v4.sin_port);
  } else if (address.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    port = ntohs(v6.sin6_port);
  }
  ip = text.data();
}

int status_in(std::string_view head) {
  constexpr std::string_view kStart = "HTTP/1.1 ";
  int status = 0;
  if (head.starts_with(kStart)) {
    std::from_chars(head.data() + kStart.size(), head.data() + head.size(), status);
  }
  return status;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int Descriptor::release() {
  return std::exchange(fd_, -1);
}

StopSignal::StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_.get() < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void StopSignal::raise() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(event_.get(), &one, sizeof one);
}

bool StopSignal::is_raised() const {
  pollfd event{event_.get(), POLLIN, 0};
  return ::poll(&event, 1, 0) > 0;
}

void StopSignal::wait_for(std::chrono::milliseconds time) const {
  const auto until = std::chrono::steady_clock::now() + time;
  constexpr int kNothing = -1;  // poll(2) passes over it
  while (std::chrono::steady_clock::now() < until && !is_raised()) {
    endpoint::wait_for(kNothing, 0, *this, until);
  }
}

bool wait_for(int fd, short events, const StopSignal& stop, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    std::array<pollfd, 2> waiting{{{fd, events, 0}, {stop.fd(), POLLIN, 0}}};
    const int timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    const int ready = ::poll(waiting.data(), waiting.size(), timeout);
    if (waiting[0].revents != 0 && ready > 0) return true;
    if (ready > 0 || (ready < 0 && errno != EINTR)) return false;
    if (std::chrono::steady_clock::now() >= deadline) return false;
  }
}

SocketStream::SocketStream(int fd, const StopSignal& stop) : fd_(fd), stop_(stop) {}

void SocketStream::begin(Deadline deadline, std::size_t byte_budget) {
  deadline_ = deadline;
  budget_ = byte_budget;
}

bool SocketStream::wait_readable(Deadline deadline) const {
  return begin_ < end_ || wait_for(fd_, POLLIN, stop_, deadline);
}

bool SocketStream::is_readable() const {
  return wait_readable(deadline_);
}

bool SocketStream::is_writable() const {
  return wait_for(fd_, POLLOUT, stop_, deadline_);
}

// cpp-httplib reads heads byte by byte, so what comes is kept here until it asks.
bool SocketStream::fill() {
  ssize_t got = -1;
  do {
    if (!wait_for(fd_, POLLIN, stop_, deadline_)) return false;
    got = ::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  } while (got < 0 && (errno == EINTR || errno == EAGAIN));
  if (got <= 0) return false;
  begin_ = 0;
  end_ = static_cast<std::size_t>(got);
  return true;
}

ssize_t SocketStream::read(char* to, std::size_t size) {
  if (budget_ == 0) return -1;
  if (begin_ == end_ && !fill()) return 0;
  const std::size_t taken = std::min({size, end_ - begin_, budget_});
  std::memcpy(to, buffer_.data() + begin_, taken);
  begin_ += taken;
  budget_ -= taken;
  return static_cast<ssize_t>(taken);
}

ssize_t SocketStream::write(const char* from, std::size_t size) {
  if (const int status = status_in({from, size}); status != 0) written_status_ = status;
  for (;;) {
    if (!is_writable()) return -1;
    const ssize_t sent = ::send(fd_, from, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return sent;
    if (errno != EINTR && errno != EAGAIN) return -1;
  }
}

void SocketStream::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip_and_port(::getpeername, fd_, ip, port);
}

void SocketStream::get_local_ip_and_port(std::string& ip, int& port) const {
  ip_and_port(::getsockname, fd_, ip, port);
}

}  // namespace sim::endpoint
