// The other side of the load benchmarks: a server that takes requests and answers each with 200,
// as cheaply as epoll allows, so that what is measured is the client. One thread.
//
// usage: epoll_sink, which listens on a free port of 127.0.0.1, says "listening on PORT", and on
// SIGTERM says how many requests it answered. A request is a head and as many bytes of body as its
// Content-Length says; nothing else is understood.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr int kEvents = 256;
constexpr std::size_t kBuffer = 64 * 1024;

/// What of a connection's current request has come.
struct Connection {
  std::string head;
  std::size_t body_left = 0;
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kName = "\r\nContent-Length: ";
  const std::size_t at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kName.size(), head.data() + head.size(), length);
  }
  return length;
}

class Sink {
 public:
  Sink() : listener_(listening()), epoll_(epoll_create1(0)), signals_(stop_signals()) {
    watch(listener_);
    watch(signals_);
  }

  int serve() {
    std::array<epoll_event, kEvents> events{};
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), kEvents, -1);
      for (int i = 0; i < count; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == signals_) return end();
        if (fd == listener_) {
          accept_all();
        } else {
          take(fd);
        }
      }
    }
  }

 private:
  static int listening() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* name = reinterpret_cast<sockaddr*>(&address);
    if (bind(fd, name, size) != 0 || listen(fd, SOMAXCONN) != 0) fail("listen");
    getsockname(fd, name, &size);
    std::printf("listening on %d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return fd;
  }

  static int stop_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    return signalfd(-1, &signals, SFD_CLOEXEC);
  }

  void watch(int fd) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      connections_[fd] = std::make_unique<Connection>();
      watch(fd);
    }
  }

  void take(int fd) {
    const ssize_t size = read(fd, buffer_.data(), buffer_.size());
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) {
      connections_.erase(fd);
      close(fd);
      return;
    }
    const std::size_t answers =
        requests_in(*connections_[fd], {buffer_.data(), static_cast<std::size_t>(size)});
    for (std::size_t i = 0; i < answers; ++i) {
      if (write(fd, kAnswer.data(), kAnswer.size()) < 0) break;
    }
    answered_ += answers;
  }

  /// How many requests these bytes complete.
  static std::size_t requests_in(Connection& connection, std::string_view bytes) {
    std::size_t complete = 0;
    while (!bytes.empty()) {
      if (connection.body_left > 0) {
        const std::size_t taken = std::min(connection.body_left, bytes.size());
        bytes.remove_prefix(taken);
        connection.body_left -= taken;
        if (connection.body_left == 0) ++complete;
        continue;
      }
      const std::size_t before = connection.head.size();
      connection.head += bytes;
      const std::size_t end = connection.head.find("\r\n\r\n", before < 3 ? 0 : before - 3);
      if (end == std::string::npos) break;
      bytes.remove_prefix(end + 4 - before);
      connection.body_left = content_length(connection.head);
      connection.head.clear();
      if (connection.body_left == 0) ++complete;
    }
    return complete;
  }

  [[nodiscard]] int end() const {
    std::printf("answered %llu\n", static_cast<unsigned long long>(answered_));
    return 0;
  }

  const int listener_;
  const int epoll_;
  const int signals_;
  std::array<char, kBuffer> buffer_{};
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::uint64_t answered_ = 0;
};

}  // namespace

int main() {
  return Sink().serve();
}
