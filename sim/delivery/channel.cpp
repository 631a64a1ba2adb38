#include "sim/delivery/channel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "sim/delivery/tls_stream.h"

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

Channel::Channel() = default;

Channel::~Channel() {
  close();
}

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

void Channel::begin_tls(const TlsContext& context) {
  tls_ = std::make_unique<TlsStream>(context, descriptor_);
}

Move Channel::handshake() {
  return tls_->handshake();
}

Move Channel::read(std::span<char> buffer) {
  if (tls_) return tls_->read(buffer);
  const ssize_t size = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
  if (size > 0) return {Moved::some, static_cast<std::size_t>(size)};
  return size == 0 ? Move{Moved::end} : failed_move();
}

Move Channel::write(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  const ssize_t size = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  return size >= 0 ? Move{Moved::some, static_cast<std::size_t>(size)} : failed_move();
}

bool Channel::may_have_more(std::size_t size, std::size_t asked) const {
  return tls_ ? tls_->may_have_more() : size == asked;
}

std::string_view Channel::problem() const {
  return tls_ ? std::string_view(tls_->problem()) : std::string_view{};
}

void Channel::end_sending() {
  if (tls_) tls_->end_sending();
  ::shutdown(descriptor_, SHUT_WR);
}

void Channel::reset_on_close() {
  breaks_off_ = true;
  const linger at_once{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void Channel::close() {
  if (tls_ && !breaks_off_) tls_->end_sending();
  tls_.reset();
  breaks_off_ = false;
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace sim::delivery
