#include "sim/run/downlink_api.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>
#include <system_error>

#include "tests/run/raw_client.h"
#include "tests/run/served_downlink_api.h"

namespace sim::run {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::SizeIs;
using testing::StartsWith;

TEST(DownlinkApi, AnswersACallWithTheHandlersResponse) {
  Served server(patient(), [](const Call&) {
    return http::Response{202, {{"X-Answer", "yes"}}, "taken"};
  });
  RawClient client = server.connect();
  client.send("POST /down?k=1 HTTP/1.1\r\nHost: h\r\nX-Ask: a b\r\nContent-Length: 3\r\n\r\nabc");
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(
      answer.head,
      "HTTP/1.1 202 Accepted\r\nX-Answer: yes\r\nContent-Length: 5\r\nConnection: keep-alive");
  EXPECT_EQ(answer.body, "taken");

  ASSERT_THAT(server.calls(), SizeIs(1));
  const Call& call = server.calls()[0];
  EXPECT_FALSE(call.problem);
  EXPECT_EQ(call.request.method, "POST");
  EXPECT_EQ(call.request.target, "/down?k=1");
  EXPECT_EQ(call.request.body, "abc");
  EXPECT_THAT(call.request.headers,
              ElementsAre(http::Header{"Host", "h"}, http::Header{"X-Ask", "a b"},
                          http::Header{"Content-Length", "3"}));
}

TEST(DownlinkApi, KeepsAConnectionForManyCalls) {
  Served server;
  RawClient client = server.connect();
  for (int i = 0; i < 20; ++i) {
    const std::string body = std::to_string(i);
    client.send(post("/", body));
    EXPECT_EQ(client.read_answer().body, "POST /: " + body);
  }
  EXPECT_EQ(server.open_connections(), 1U);
}

TEST(DownlinkApi, AnswersPipelinedCallsInOrder) {
  Served server;
  RawClient client = server.connect();
  std::string calls;
  for (int i = 0; i < 300; ++i) calls += post("/" + std::to_string(i), "x");
  client.send(calls);
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(client.read_answer().body, "POST /" + std::to_string(i) + ": x");
  }
}

TEST(DownlinkApi, ReadsARequestThatComesByteByByte) {
  Served server;
  RawClient client = server.connect();
  const std::string chunked =
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
  const std::string empty =
      "POST /e HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  for (const std::string& bytes : {post("/l", "body"), chunked, empty}) {
    for (const char& byte : bytes) ASSERT_TRUE(client.send({&byte, 1}));
  }
  EXPECT_EQ(client.read_answer().body, "POST /l: body");
  EXPECT_EQ(client.read_answer().body, "POST /c: abcde");
  EXPECT_EQ(client.read_answer().body, "POST /e: ");
}

TEST(DownlinkApi, DropsTheTrailerOfAChunkedBody) {
  Served server;
  RawClient client = server.connect();
  client.send(
      "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
      "A\r\n0123456789\r\n0\r\nAuthorization: key\r\n\r\n");
  EXPECT_EQ(client.read_answer().body, "POST /: 0123456789");
  ASSERT_THAT(server.calls(), SizeIs(1));
  EXPECT_EQ(http::find_header(server.calls()[0].request.headers, "Authorization"), nullptr);
}

TEST(DownlinkApi, ClosesWhereTheClientAsksForIt) {
  Served server;
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /: ";
  EXPECT_EQ(outcome(server, "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"), answer);
  EXPECT_EQ(outcome(server, "GET / HTTP/1.0\r\n\r\n"), answer);
}

TEST(DownlinkApi, KeepsAnHttp10ConnectionWhereTheClientAsksForIt) {
  Served server;
  RawClient client = server.connect();
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.read_answer().head, EndsWith("\r\nConnection: keep-alive"));
  }
}

TEST(DownlinkApi, ClosesWhereTheHandlerAsksForIt) {
  Served server(patient(), [](const Call&) {
    return http::Response{200, {{"Connection", "close"}}, ""};
  });
  EXPECT_EQ(outcome(server, get("/") + get("/")),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(server.calls(), SizeIs(1));
}

TEST(DownlinkApi, AnswersAHeadWithoutABody) {
  Served server(patient(), [](const Call&) {
    return http::Response{405, {{"Allow", "POST"}}, "only POST"};
  });
  RawClient client = server.connect();
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_answer(/*without_body=*/true).head,
            "HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\nContent-Length: 9\r\n"
            "Connection: keep-alive");
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().body, "only POST");
}

TEST(DownlinkApi, SendsNoBodyWithAStatusThatHasNone) {
  Served server(patient(), [](const Call&) { return http::Response{204, {}, "never"}; });
  RawClient client = server.connect();
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().head, "HTTP/1.1 204 No Content\r\nConnection: keep-alive");
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().status, 204);
}

TEST(DownlinkApi, LetsNoResponseHeaderBreakTheMessage) {
  Served server(patient(), [](const Call&) {
    return http::Response{200,
                          {{"A", "1\r\nInjected: yes"},
                           {"B\r\nInjected", "yes"},
                           {"", "x"},
                           {"content-length", "99"},
                           {"Transfer-Encoding", "chunked"},
                           {"C", "3"}},
                          "ok"};
  });
  RawClient client = server.connect();
  client.send(get("/"));
  EXPECT_EQ(client.read_answer().head,
            "HTTP/1.1 200 OK\r\nC: 3\r\nContent-Length: 2\r\nConnection: keep-alive");
}

TEST(DownlinkApi, MakesAnErrorOfAStatusThatIsNone) {
  for (const int status : {0, -1, 100, 199, 1000}) {
    Served server(patient(), [=](const Call&) { return http::Response{status, {}, ""}; });
    RawClient client = server.connect();
    client.send(get("/"));
    EXPECT_EQ(client.read_answer().status, 500) << status;
  }
}

TEST(DownlinkApi, InvitesTheBodyOfAClientThatWaits) {
  Served server;
  RawClient client = server.connect();
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_answer().head, "HTTP/1.1 100 Continue");
  client.send("hi");
  EXPECT_EQ(client.read_answer().body, "PUT /: hi");
}

TEST(DownlinkApi, IgnoresEmptyLinesBetweenRequests) {
  Served server;
  RawClient client = server.connect();
  client.send("\r\n\r\n" + get("/1") + "\r\n" + get("/2"));
  EXPECT_EQ(client.read_answer().body, "GET /1: ");
  EXPECT_EQ(client.read_answer().body, "GET /2: ");
}

TEST(DownlinkApi, AnswersAClientThatHasClosedItsHalf) {
  Served server;
  RawClient client = server.connect();
  client.send(post("/1", "a") + post("/2", "b"));
  client.close_sending_half();
  EXPECT_EQ(client.read_answer().body, "POST /1: a");
  EXPECT_EQ(client.read_answer().body, "POST /2: b");
  EXPECT_EQ(client.read_to_end(), "");
}

TEST(DownlinkApi, ServesAgainAfterTheProcessRanOutOfDescriptors) {
  boost::asio::io_context io(1);
  int calls = 0;
  DownlinkApi api(io, kAnyPort, patient(), [&](const Call& call) {
    ++calls;
    return echo(call);
  });
  api.start();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  RawClient client(api.address().port);  // the kernel's queue holds it
  client.send(get("/late"));

  const int next = ::open("/dev/null", O_RDONLY);
  ASSERT_GE(next, 0);
  ::close(next);
  rlimit none_left = before;
  none_left.rlim_cur = static_cast<rlim_t>(next);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none_left), 0);
  io.run_one();
  std::size_t turns = 0;
  for (int i = 0; i < 1000; ++i) turns += io.poll();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_LT(turns, 100U);
  EXPECT_EQ(api.open_connections(), 0U);

  while (calls == 0) io.run_one();
  EXPECT_EQ(client.read_answer().body, "GET /late: ");
}

TEST(DownlinkApi, SaysWhichAddressIsTaken) {
  boost::asio::io_context io(1);
  DownlinkApi first(io, kAnyPort, {}, echo);
  first.start();
  const std::uint16_t port = first.address().port;
  DownlinkApi second(io, {"127.0.0.1", port}, {}, echo);
  try {
    second.start();
    FAIL() << "listens on a port that is taken";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.what(),
              "cannot listen on 127.0.0.1:" + std::to_string(port) + ": Address already in use");
  }
}

TEST(DownlinkApi, SaysWhichNameIsUnknown) {
  boost::asio::io_context io(1);
  DownlinkApi api(io, {"not a name", 80}, {}, echo);
  try {
    api.start();
    FAIL() << "listens on a name that is none";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), StartsWith("cannot listen on not a name:80: "));
  }
}

TEST(DownlinkApi, ListensOnANameAndTellsThePort) {
  boost::asio::io_context io(1);
  DownlinkApi api(io, {"localhost", 0}, {}, echo);
  api.start();
  EXPECT_EQ(api.address().host, "localhost");
  EXPECT_NE(api.address().port, 0);
}

TEST(DownlinkApi, ClosesConnectionsAndPortWhenStopped) {
  Served server;
  RawClient idle = server.connect();
  idle.send(get("/"));
  idle.read_answer();
  RawClient reading = server.connect();
  reading.send("POST / HTTP/1.1\r\n");
  while (server.open_connections() < 2) {
  }
  server.stop_api();
  EXPECT_EQ(idle.read_to_end(), "");
  EXPECT_EQ(server.open_connections(), 0U);
  EXPECT_THROW(server.connect(), std::runtime_error);
  EXPECT_THAT(server.calls(), SizeIs(1));
}

TEST(DownlinkApi, CallsTheHandlerNoMoreAfterStop) {
  boost::asio::io_context io(1);
  int calls = 0;
  auto api = std::make_unique<DownlinkApi>(io, kAnyPort, patient(), [&](const Call& call) {
    ++calls;
    return echo(call);
  });
  api->start();
  RawClient client(api->address().port);
  client.send(get("/1") + get("/2") + get("/3"));
  while (calls == 0) io.run_one();
  api.reset();
  io.run();  // nothing is left that would keep it
  EXPECT_EQ(calls, 1);
}

TEST(DownlinkApi, CanBeStoppedByItsHandler) {
  for (const std::size_t connections : {0U, 5U}) {
    boost::asio::io_context io(1);
    DownlinkApiLimits limits = patient();
    limits.connections = connections;
    std::unique_ptr<DownlinkApi> api;
    api = std::make_unique<DownlinkApi>(io, kAnyPort, limits, [&](const Call& call) {
      api.reset();
      return echo(call);
    });
    api->start();
    RawClient client(api->address().port);
    client.send(get("/1") + get("/2"));
    io.run();
    EXPECT_EQ(api, nullptr);
  }
}

TEST(DownlinkApi, LeavesNothingBehindWhenTheLoopEndsFirst) {
  auto io = std::make_unique<boost::asio::io_context>(1);
  auto api = std::make_unique<DownlinkApi>(*io, kAnyPort, patient(), echo);
  api->start();
  RawClient client(api->address().port);
  client.send(get("/"));
  while (api->open_connections() == 0) io->run_one();
  api.reset();
  io.reset();
  EXPECT_THROW(client.read_answer(), std::runtime_error);
}

}  // namespace
}  // namespace sim::run
