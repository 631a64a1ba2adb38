#include "sim/delivery/channel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace sim::delivery {

namespace {

boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

Move failed_move() {
  const bool later = errno == EAGAIN || errno == EWOULDBLOCK;
  return later ? Move{} : Move{Moved::error, 0, last_error()};
}

}  // namespace

boost::system::error_code Channel::open(const Address& address) {
  const int family = address.protocol().family();
  descriptor_ = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor_ < 0) return last_error();
  const int on = 1;
  if (family != AF_UNIX) {
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  const auto size = static_cast<socklen_t>(address.size());
  if (::connect(descriptor_, address.data(), size) == 0 || errno == EINPROGRESS) return {};
  const auto error = last_error();
  close();
  return error;
}

boost::system::error_code Channel::connect_error() const {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return last_error();
  return {error, boost::system::system_category()};
}

Move Channel::read(std::span<char> buffer) const {
  const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size > 0) return {Moved::some, static_cast<std::size_t>(size)};
  return size == 0 ? Move{Moved::end} : failed_move();
}

Move Channel::write(std::string_view bytes) const {
  const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return size >= 0 ? Move{Moved::some, static_cast<std::size_t>(size)} : failed_move();
}

void Channel::end_sending() const {
  ::shutdown(descriptor_, SHUT_WR);
}

void Channel::reset_on_close() const {
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void Channel::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace sim::delivery
