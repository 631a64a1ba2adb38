// A blocking socket that sends bytes as they are given and reads answers: what a test needs to be a
// client of any manners. A read that nobody answers fails after half a minute; nothing waits for
// ever. Used by the tests of the downlink API. Thread rule: one thread.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sim::run {

/// An answer as it stood on the wire.
struct RawAnswer {
  int status = 0;
  std::string head;  ///< to the empty line, exclusive of it
  std::string body;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (socket_ < 0) throw std::runtime_error("no socket");
    const timeval patience{30, 0};
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    static_assert(sizeof generic == sizeof address);
    __builtin_memcpy(&generic, &address, sizeof generic);
    if (::connect(socket_, &generic, sizeof generic) != 0)
      throw std::runtime_error("not connected");
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_)) {}
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;

  void close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
  }
  void close_sending_half() { ::shutdown(socket_, SHUT_WR); }

  /// Whether all of it was taken; the server may have closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// The next answer; its body is as long as it says. An interim answer (1xx) has none.
  RawAnswer read_answer(bool without_body = false) {
    RawAnswer answer;
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) receive();
    answer.head = input_.substr(0, end);
    input_.erase(0, end + 4);
    answer.status = std::atoi(answer.head.c_str() + sizeof("HTTP/1.1"));
    static constexpr std::string_view length = "\r\nContent-Length: ";
    const std::size_t found = answer.head.find(length);
    if (found == std::string::npos || without_body) return answer;
    const auto size = std::strtoul(answer.head.c_str() + found + length.size(), nullptr, 10);
    while (input_.size() < size) receive();
    answer.body = input_.substr(0, size);
    input_.erase(0, size);
    return answer;
  }

  /// All that still comes until the server closes in good order; throws where it resets.
  std::string read_to_end() {
    while (receive_some()) {
    }
    return std::exchange(input_, {});
  }

 private:
  void receive() {
    if (!receive_some()) throw std::runtime_error("closed before the answer was complete");
  }

  bool receive_some() {
    char buffer[4096];
    const ssize_t size = ::recv(socket_, buffer, sizeof buffer, 0);
    if (size < 0) throw std::runtime_error("reset, or nothing came");
    input_.append(buffer, static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_;
  std::string input_;
};

}  // namespace sim::run
