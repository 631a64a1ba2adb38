// The other side of the load benchmarks: a server that takes requests and answers each with 200,
// as cheaply as epoll allows, so that what is measured is the client. One thread.
//
// usage: epoll_sink [--stall LENGTH_MS EVERY_MS] [--gather COUNT] [--log FILE]. It listens on a free port of
// 127.0.0.1, says "listening on PORT", and on SIGTERM says how many requests it answered. A request
// is a head and as many bytes of body as its Content-Length says; nothing else is understood. With
// --stall it stands still for so long at the end of each such time, counted from its first request.
// With --gather it answers nobody before so many requests wait on as many connections, then all.
// With --log it writes a line for each request: the number behind "counter": in its body, and when
// it was answered, in nanoseconds of the monotonic clock.
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
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
// As clients of HTTP/1.0 want it.
constexpr std::string_view kKeepingAnswer =
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n";
constexpr int kEvents = 256;
constexpr std::size_t kBuffer = 64 * 1024;

/// What of a connection's current request has come.
struct Connection {
  std::string head;
  std::string body;  // only where there is a log
  std::size_t body_left = 0;
};

struct Options {
  std::chrono::nanoseconds stall{0};
  std::chrono::nanoseconds every{0};
  std::size_t gather = 0;
  const char* log = nullptr;
};

std::chrono::nanoseconds monotonic_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

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

/// The number behind "counter": in a body, or -1.
long long counter_in(std::string_view body) {
  constexpr std::string_view kName = "\"counter\":";
  const std::size_t at = body.find(kName);
  long long counter = -1;
  if (at != std::string_view::npos) {
    std::from_chars(body.data() + at + kName.size(), body.data() + body.size(), counter);
  }
  return counter;
}

class Sink {
 public:
  explicit Sink(Options options)
      : options_(options),
        listener_(listening()),
        epoll_(epoll_create1(0)),
        signals_(stop_signals()) {
    watch(listener_);
    watch(signals_);
  }

  int serve() {
    std::array<epoll_event, kEvents> events{};
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), kEvents, until_stall());
      stall();
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

  /// Milliseconds until the next stall; -1 where there is none.
  [[nodiscard]] int until_stall() const {
    if (options_.stall.count() == 0 || began_.count() == 0) return -1;
    const auto at = (monotonic_now() - began_) % options_.every;
    const auto left = std::max(std::chrono::nanoseconds{0}, options_.every - options_.stall - at);
    return static_cast<int>(left / std::chrono::milliseconds{1}) + 1;
  }

  /// Stands still to the end of a stall, if this is one.
  void stall() {
    if (options_.stall.count() == 0) return;
    if (began_.count() == 0) began_ = monotonic_now();
    const auto at = (monotonic_now() - began_) % options_.every;
    if (at < options_.every - options_.stall) return;
    std::this_thread::sleep_for(options_.every - at);
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
    Connection& connection = *connections_[fd];
    const std::size_t answers =
        requests_in(connection, {buffer_.data(), static_cast<std::size_t>(size)});
    for (std::size_t i = 0; i < answers; ++i) answer(fd);
  }

  void answer(int fd) {
    if (options_.gather == 0) return answer_now(fd);
    gathered_.push_back(fd);
    if (gathered_.size() < options_.gather) return;
    for (const int one : gathered_) answer_now(one);
    gathered_.clear();
  }

  void answer_now(int fd) {
    if (write(fd, answer_.data(), answer_.size()) >= 0) ++answered_;
  }

  /// How many requests these bytes complete.
  std::size_t requests_in(Connection& connection, std::string_view bytes) {
    std::size_t complete = 0;
    while (!bytes.empty()) {
      if (connection.body_left > 0) {
        const std::size_t taken = std::min(connection.body_left, bytes.size());
        if (options_.log != nullptr) connection.body += bytes.substr(0, taken);
        bytes.remove_prefix(taken);
        connection.body_left -= taken;
        if (connection.body_left == 0) {
          ++complete;
          note(connection);
        }
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

  /// A request is whole, and will be answered in a moment.
  void note(Connection& connection) {
    if (options_.log == nullptr) return;
    log_.emplace_back(counter_in(connection.body), monotonic_now().count());
    connection.body.clear();
  }

  [[nodiscard]] int end() const {
    if (options_.log != nullptr) {
      std::FILE* file = std::fopen(options_.log, "w");
      if (file == nullptr) fail(options_.log);
      for (const auto& [counter, at] : log_) std::fprintf(file, "%lld %lld\n", counter, at);
      std::fclose(file);
    }
    std::printf("answered %llu\n", static_cast<unsigned long long>(answered_));
    return 0;
  }

  const Options options_;
  const std::string_view answer_ = options_.log != nullptr ? kKeepingAnswer : kAnswer;
  const int listener_;
  const int epoll_;
  const int signals_;
  std::array<char, kBuffer> buffer_{};
  std::unordered_map<int, std::unique_ptr<Connection>> connections_;
  std::vector<int> gathered_;  // connections whose request waits for others
  std::uint64_t answered_ = 0;
  std::chrono::nanoseconds began_{0};  // with the first event
  std::vector<std::pair<long long, long long>> log_;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--stall" && i + 2 < argc) {
      options.stall = std::chrono::milliseconds(std::atoi(argv[++i]));
      options.every = std::chrono::milliseconds(std::atoi(argv[++i]));
    } else if (name == "--gather" && i + 1 < argc) {
      options.gather = static_cast<std::size_t>(std::atoi(argv[++i]));
    } else if (name == "--log" && i + 1 < argc) {
      options.log = argv[++i];
    } else {
      std::fprintf(stderr, "usage: epoll_sink [--stall LENGTH_MS EVERY_MS] [--gather COUNT] [--log FILE]\n");
      std::exit(2);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  return Sink(options_of(argc, argv)).serve();
}
