// The downlink API under as many connections as it promises. The clients live in a process of their
// own: each end then needs half of the descriptors, and the server's memory is the server's alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "sim/run/downlink_api.h"
#include "tests/run/raw_client.h"

namespace sim::run {
namespace {

constexpr std::size_t kConnections = 10'000;

/// A pipe whose ends close with it.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int reader() const { return ends_[0]; }
  int release_reader() { return std::exchange(ends_[0], -1); }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }

  template <typename Value>
  [[nodiscard]] bool put(Value value) {
    return ::write(ends_[1], &value, sizeof value) == sizeof value;
  }
  template <typename Value>
  Value get() {
    Value value{};
    if (::read(ends_[0], &value, sizeof value) != sizeof value) return Value{};
    return value;
  }
  void put_text(const std::string& text) {
    if (::write(ends_[1], text.data(), text.size()) < 0) std::abort();
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(std::exchange(end, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};

/// What the process of the clients does: given the port and a pipe to the server's handler.
using Clients = std::function<std::string(std::uint16_t port, Pipe& signals)>;
/// The server's handler, which may read what the clients signal.
using Handler = std::function<http::Response(const Call& call, DownlinkApi& api, Pipe& signals)>;

[[noreturn]] void run_clients(const Clients& clients, Pipe& port, Pipe& signals, Pipe& result) {
  std::string text;
  try {
    text = clients(port.get<std::uint16_t>(), signals);
  } catch (const std::exception& error) {
    text = error.what();
  }
  result.put_text(text);
  ::_exit(0);
}

/// Serves until the clients are done, and gives what they say: "ok", or what was wrong.
std::string serve(const Clients& clients, const Handler& handler) {
  Pipe port, signals, result;
  const pid_t child = ::fork();  // before there are sockets that both would hold
  if (child == 0) run_clients(clients, port, signals, result);
  signals.close_writer();
  result.close_writer();

  boost::asio::io_context io(1);
  DownlinkApiLimits limits;
  limits.idle = limits.request = std::chrono::milliseconds(600'000);
  DownlinkApi* self = nullptr;
  DownlinkApi api(io, {"127.0.0.1", 0}, limits,
                  [&](const Call& call) { return handler(call, *self, signals); });
  self = &api;
  api.start();
  EXPECT_TRUE(port.put(api.address().port));

  std::string text;
  boost::asio::posix::stream_descriptor reader(io, result.release_reader());
  boost::asio::async_read(reader, boost::asio::dynamic_buffer(text),
                          [&](auto, std::size_t) { api.stop(); });
  io.run();
  ::waitpid(child, nullptr, 0);
  return text;
}

/// Room for the connections at one end, and what else a process has open.
testing::AssertionResult raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max >= kConnections + 100) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "the hard limit of open files is " << limit.rlim_max;
}

std::string get(std::size_t number, const std::string& what) {
  return "GET /" + what + "/" + std::to_string(number) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

void expect_answer(RawClient& client, std::size_t number, const std::string& what) {
  const RawAnswer answer = client.read_answer();
  const std::string expected = "/" + what + "/" + std::to_string(number);
  if (answer.status == 200 && answer.body == expected) return;
  throw std::runtime_error("expected " + expected + ", not " + answer.head + " " + answer.body);
}

/// Opens all connections and has one call answered on each. In portions, so that none waits in a
/// queue of the kernel that is shorter than there are connections.
std::vector<RawClient> open_connections(std::uint16_t port) {
  constexpr std::size_t portion = 100;
  std::vector<RawClient> clients;
  clients.reserve(kConnections);
  while (clients.size() < kConnections) {
    const std::size_t first = clients.size();
    for (std::size_t i = first; i < first + portion; ++i) {
      clients.emplace_back(port).send(get(i, "first"));
    }
    for (std::size_t i = first; i < first + portion; ++i) expect_answer(clients[i], i, "first");
  }
  return clients;
}

TEST(DownlinkLoad, ServesTenThousandConnectionsAtOnce) {
  ASSERT_TRUE(raise_descriptor_limit());
  std::size_t open = 0;
  std::size_t bytes = 0;
  const std::size_t before = ::mallinfo2().uordblks;

  const std::string outcome = serve(
      [](std::uint16_t port, Pipe&) {
        std::vector<RawClient> clients = open_connections(port);
        clients[0].send(get(0, "measure"));
        expect_answer(clients[0], 0, "measure");
        // 7 shares no factor with their number: each once, and in another order.
        for (std::size_t i = 0; i < kConnections; ++i) {
          const std::size_t number = i * 7 % kConnections;
          clients[number].send(get(number, "second"));
        }
        for (std::size_t i = kConnections; i-- > 0;) expect_answer(clients[i], i, "second");
        return std::string("ok");
      },
      [&](const Call& call, DownlinkApi& api, Pipe&) {
        if (call.request.target == "/measure/0") {
          open = api.open_connections();
          bytes = (::mallinfo2().uordblks - before) / open;
        }
        return http::Response{200, {}, call.request.target};
      });

  EXPECT_EQ(outcome, "ok");
  EXPECT_EQ(open, kConnections);
  EXPECT_LT(bytes, 4096U);
  RecordProperty("bytes_per_idle_connection", std::to_string(bytes));
}

TEST(DownlinkLoad, LetsNoFloodStarveASingleCall) {
  ASSERT_TRUE(raise_descriptor_limit());
  constexpr std::size_t pipelined = 5;
  std::size_t flood = 0;
  std::size_t before_single = 0;

  const std::string outcome = serve(
      [&](std::uint16_t port, Pipe& signals) {
        std::vector<RawClient> clients = open_connections(port);
        // The server stands still until all have sent: what it does first then is its own choice.
        clients[0].send(get(0, "hold"));
        for (std::size_t i = 1; i + 1 < kConnections; ++i) {
          std::string calls;
          for (std::size_t n = 0; n < pipelined; ++n) calls += get(i, "flood");
          clients[i].send(calls);
        }
        const std::size_t last = kConnections - 1;
        clients[last].send(get(last, "single"));
        if (!signals.put('g')) return std::string("no signal");
        expect_answer(clients[0], 0, "hold");
        expect_answer(clients[last], last, "single");
        for (std::size_t i = 1; i < last; ++i) {
          for (std::size_t n = 0; n < pipelined; ++n) expect_answer(clients[i], i, "flood");
        }
        return std::string("ok");
      },
      [&](const Call& call, DownlinkApi&, Pipe& signals) {
        const std::string& target = call.request.target;
        if (target == "/hold/0") signals.get<char>();
        if (target.starts_with("/flood/")) ++flood;
        if (target.starts_with("/single/")) before_single = flood;
        return http::Response{200, {}, target};
      });

  EXPECT_EQ(outcome, "ok");
  EXPECT_EQ(flood, (kConnections - 2) * pipelined);
  // It came last: one call of each of the others before it would be right, and queued ones are
  // served in between so that they go on too.
  EXPECT_LT(before_single, flood / 2);
  RecordProperty("flood_before_single", std::to_string(before_single));
}

TEST(DownlinkLoad, ServesOneMoreConnectionOnlyWhenOneHasClosed) {
  constexpr std::size_t most = 100;
  boost::asio::io_context io(1);
  DownlinkApiLimits limits;
  limits.connections = most;
  std::size_t served = 0;
  std::size_t refusals = 0;
  DownlinkApi api(io, {"127.0.0.1", 0}, limits, [&](const Call& call) {
    ++(call.problem ? refusals : served);
    return http::Response{200, {}, call.request.target};
  });
  api.start();
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < most; ++i) clients.emplace_back(api.address().port);
  while (api.open_connections() < most) io.run_one();

  RawClient refused(api.address().port);
  std::vector<RawClient> many;  // more than are told so at once; those must not get in either
  for (std::size_t i = 0; i < most; ++i) many.emplace_back(api.address().port);
  while (refusals < many.size() + 1) io.run_one();
  const RawAnswer refusal = refused.read_answer();
  EXPECT_EQ(refusal.status, 503);
  EXPECT_THAT(refusal.head, testing::HasSubstr("\r\nRetry-After: 1\r\n"));
  EXPECT_EQ(refused.read_to_end(), "");
  EXPECT_EQ(api.open_connections(), most);

  clients.pop_back();
  while (api.open_connections() == most) io.run_one();
  RawClient next(api.address().port);
  next.send(get(1, "next"));
  clients.front().send(get(0, "still"));
  while (served < 2) io.run_one();
  expect_answer(next, 1, "next");
  expect_answer(clients.front(), 0, "still");
}

}  // namespace
}  // namespace sim::run
