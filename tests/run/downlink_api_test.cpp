#include "sim/run/downlink_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/run/raw_client.h"

namespace sim::run {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const http::ListenAddress kAnyPort{"127.0.0.1", 0};

/// Limits that no test meets by accident.
DownlinkApiLimits patient() {
  DownlinkApiLimits limits;
  limits.idle = limits.request = milliseconds(60'000);
  return limits;
}

/// Tells what came: "POST /path: body", or the problem.
http::Response echo(const Call& call) {
  if (call.problem) return {200, {}, call.problem->message + "\n"};
  return {200, {}, call.request.method + " " + call.request.target + ": " + call.request.body};
}

/// The server on its own thread, and the calls that it was given.
class Served {
 public:
  explicit Served(DownlinkApiLimits limits = patient(), DownlinkApi::Handler handler = echo)
      : api_(io_, kAnyPort, limits, [this, handler](const Call& call) {
          calls_.push_back(call);
          return handler(call);
        }) {
    api_.start();
    port_ = api_.address().port;
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Served() { stop(); }
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] RawClient connect() const { return RawClient(port_); }

  /// Runs it on the server's thread and waits for it.
  template <typename Function>
  auto on_server(Function function) {
    std::packaged_task<decltype(function())()> task(std::move(function));
    auto result = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return result.get();
  }
  std::size_t open_connections() {
    return on_server([this] { return api_.open_connections(); });
  }
  void stop_api() {
    on_server([this] {
      api_.stop();
      return 0;
    });
  }

  /// All calls; ends the server.
  const std::vector<Call>& calls() {
    stop();
    return calls_;
  }

 private:
  void stop() {
    if (!thread_.joinable()) return;
    stop_api();
    work_.reset();
    thread_.join();
  }

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::vector<Call> calls_;
  DownlinkApi api_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string post(const std::string& target, const std::string& body) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

/// Sends it as the only thing on a connection and gives all that comes back until the server
/// closes.
std::string outcome(const Served& server, const std::string& bytes) {
  RawClient client = server.connect();
  client.send(bytes);
  return client.read_to_end();
}

std::string refusal(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size() + 1) +
         "\r\nConnection: close\r\n\r\n" + body + "\n";
}

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

TEST(DownlinkApi, InvitesNoBodyThatIsThereOrTooLong) {
  DownlinkApiLimits limits = patient();
  limits.body_bytes = 10;
  Served server(limits);
  RawClient client = server.connect();
  client.send("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_EQ(client.read_answer().body, "PUT /: hi");
  EXPECT_EQ(
      outcome(server,
              "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
              "Content-Length: 11\r\n\r\n"),
      refusal("413 " + std::string(http::reason_phrase(413)), "the body is longer than 10 bytes"));
}

TEST(DownlinkApi, IgnoresEmptyLinesBetweenRequests) {
  Served server;
  RawClient client = server.connect();
  client.send("\r\n\r\n" + get("/1") + "\r\n" + get("/2"));
  EXPECT_EQ(client.read_answer().body, "GET /1: ");
  EXPECT_EQ(client.read_answer().body, "GET /2: ");
}

TEST(DownlinkApi, RefusesWhatIsNotHttp) {
  struct Case {
    std::string bytes, message;
  };
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
  const std::string line = "the request line is not one of HTTP/1.1 or HTTP/1.0";
  const std::string ending = "a line of the header does not end with CR LF";
  const std::string coding =
      "the only Transfer-Encoding that is understood is chunked, in HTTP/1.1";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  const std::string size = "a chunk of the body does not begin with its size in hexadecimal";
  const std::vector<Case> cases = {
      {"\x16\x03\x01\x02", "the request line has a control character"},
      {"hello\r\n", line},
      {"GET /\r\n", line},
      {"GET / HTTP/2.0\r\n", line},
      {"GET  / HTTP/1.1\r\n", line},
      {"GET / HTTP/1.1\n\n", ending},
      {"GET / HTTP/1.1\r\nHost: h\n\n", ending},
      {"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", ending},
      {"GET / HTTP/1.1\r\nNo colon\r\n\r\n", "the header is not valid HTTP: bad field"},
      {"GET / HTTP/1.1\r\n\r\n", "the request needs one Host header"},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "the request needs one Host header"},
      {head + "Content-Length: x\r\n\r\n", "the header is not valid HTTP: bad Content-Length"},
      {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
       "the header is not valid HTTP: bad Content-Length"},
      {head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "the header is not valid HTTP: bad Transfer-Encoding"},
      {head + "Transfer-Encoding: gzip\r\n\r\n", coding},
      {head + "Transfer-Encoding: gzip, chunked\r\n\r\n", coding},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", coding},
      {chunked + "x\r\n", size},
      {chunked + "\r\n", size},
      {chunked + "-1\r\n", size},
      {chunked + "2x\r\n", size},
      {chunked + "1\n", "a line of the chunked body does not end with CR LF"},
      {chunked + "1\r\nab\r\n", "a chunk of the body is longer than its size says"},
      {chunked + "1;" + std::string(300, 'e'), "a line of the chunked body is too long"},
  };
  Served server;
  for (const auto& [bytes, message] : cases) {
    EXPECT_EQ(outcome(server, bytes), refusal("400 Bad Request", message)) << bytes;
  }
  ASSERT_THAT(server.calls(), SizeIs(cases.size()));
  for (const Call& call : server.calls()) EXPECT_EQ(call.problem.value().status, 400);
}

TEST(DownlinkApi, TellsTheHandlerWhatWasReadOfABrokenRequest) {
  Served server;
  outcome(server, "\x16\x03\x01");
  outcome(server, "PATCH /a?b HTTP/3\r\n");
  outcome(server, "PUT /c HTTP/1.1\r\nbad\r\n\r\n");
  outcome(server, "PUT /d HTTP/1.1\r\nA: b\r\n\r\n");
  const auto& calls = server.calls();
  ASSERT_THAT(calls, SizeIs(4));
  EXPECT_EQ(calls[0].request.method + " " + calls[0].request.target, " ");
  EXPECT_EQ(calls[1].request.method + " " + calls[1].request.target, "PATCH /a?b");
  EXPECT_EQ(calls[2].request.method + " " + calls[2].request.target, "PUT /c");
  EXPECT_THAT(calls[2].request.headers, IsEmpty());
  EXPECT_EQ(calls[3].request.method + " " + calls[3].request.target, "PUT /d");
  EXPECT_THAT(calls[3].request.headers, ElementsAre(http::Header{"A", "b"}));
}

TEST(DownlinkApi, AnswersWhatCameBeforeABrokenRequest) {
  Served server;
  EXPECT_EQ(outcome(server, get("/1") + "?\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: keep-alive\r\n\r\nGET /1: " +
                refusal("400 Bad Request", "the request line is not one of HTTP/1.1 or HTTP/1.0"));
}

TEST(DownlinkApi, RefusesARequestThatEndsTooEarly) {
  Served server;
  RawClient client = server.connect();
  client.send("POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
  client.close_sending_half();
  EXPECT_EQ(client.read_to_end(),
            refusal("400 Bad Request", "the connection ended before the request did"));
  EXPECT_EQ(server.calls().at(0).request.target, "/half");
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

TEST(DownlinkApi, RefusesAHeaderOverTheLimitAndNoneAtIt) {
  DownlinkApiLimits limits = patient();
  limits.header_bytes = 200;
  Served server(limits);
  const auto header_of = [](std::size_t size) {
    const std::string start = "GET /long HTTP/1.0\r\nA: ";
    return start + std::string(size - start.size() - 4, 'a') + "\r\n\r\n";
  };
  EXPECT_THAT(outcome(server, header_of(200)), StartsWith("HTTP/1.1 200 OK"));
  EXPECT_EQ(outcome(server, header_of(201)),
            refusal("431 Request Header Fields Too Large", "the header is longer than 200 bytes"));
  EXPECT_THAT(outcome(server, std::string(100'000, 'G')), StartsWith("HTTP/1.1 431 "));
  ASSERT_THAT(server.calls(), SizeIs(3));
  EXPECT_EQ(server.calls()[1].problem.value().status, 431);
  EXPECT_EQ(server.calls()[1].request.target, "/long");
}

TEST(DownlinkApi, RefusesATrailerOverTheHeaderLimit) {
  DownlinkApiLimits limits = patient();
  limits.header_bytes = 200;
  Served server(limits);
  const std::string start = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  std::string lines;
  for (int i = 0; i < 30; ++i) lines += "Name: value\r\n";
  const std::string expected =
      refusal("431 Request Header Fields Too Large", "the trailer of the chunked body is too long");
  EXPECT_EQ(outcome(server, start + lines), expected);
  EXPECT_EQ(outcome(server, start + std::string(300, 'a')), expected);
}

TEST(DownlinkApi, RefusesABodyOverTheLimitAndNoneAtIt) {
  DownlinkApiLimits limits = patient();
  limits.body_bytes = 1000;
  Served server(limits);
  RawClient client = server.connect();
  client.send(post("/", std::string(1000, 'b')));
  EXPECT_EQ(client.read_answer().status, 200);
  const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(chunked + "3e8\r\n" + std::string(1000, 'b') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_answer().status, 200);

  const std::string expected =
      refusal("413 " + std::string(http::reason_phrase(413)), "the body is longer than 1000 bytes");
  EXPECT_EQ(outcome(server, post("/", std::string(1001, 'b'))), expected);
  EXPECT_EQ(outcome(server, chunked + "3E9\r\n"), expected);
  EXPECT_EQ(outcome(server, chunked + "3e8\r\n" + std::string(1000, 'b') + "\r\n1\r\n"), expected);
  EXPECT_EQ(outcome(server, chunked + "ffffffffffffffffff\r\n"), expected);
  EXPECT_EQ(
      outcome(server, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 18446744073709551615\r\n\r\n"),
      expected);
}

TEST(DownlinkApi, LetsAClientThatSendsEverythingReadItsRefusal) {
  Served server;
  RawClient client = server.connect();
  EXPECT_TRUE(client.send(post("/big", std::string(2'000'000, 'b'))));
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "the body is longer than 65536 bytes\n");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(server.calls().at(0).request.target, "/big");
}

TEST(DownlinkApi, EndsItsPatienceWithAClientThatSendsForEver) {
  Served server;
  RawClient client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
  const std::string piece(100'000, 'b');
  int pieces = 0;
  while (pieces < 10'000 && client.send(piece)) ++pieces;
  EXPECT_LT(pieces, 10'000);
  EXPECT_THAT(server.calls(), SizeIs(1));
}

TEST(DownlinkApi, RefusesARequestThatTakesTooLong) {
  DownlinkApiLimits limits = patient();
  limits.request = milliseconds(20);
  Served server(limits);
  const std::string expected =
      refusal("408 Request Timeout", "the request was not complete 20 ms after it began");
  EXPECT_EQ(outcome(server, "G"), expected);
  EXPECT_EQ(outcome(server, "POST /slow HTTP/1.1\r\nHost: h\r\n"), expected);
  EXPECT_EQ(outcome(server, "POST /body HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nab"),
            expected);
  EXPECT_EQ(outcome(server, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1"),
            expected);
  const auto& calls = server.calls();
  ASSERT_THAT(calls, SizeIs(4));
  EXPECT_EQ(calls[0].request.method + " " + calls[0].request.target, "G ");
  EXPECT_EQ(calls[1].request.method + " " + calls[1].request.target, "POST /slow");
  EXPECT_EQ(calls[2].request.method + " " + calls[2].request.target, "POST /body");
  EXPECT_EQ(calls[3].problem.value().status, 408);
}

TEST(DownlinkApi, CountsARequestsTimeFromItsFirstByteHoweverMuchComes) {
  DownlinkApiLimits limits = patient();
  limits.request = milliseconds(20);
  limits.body_bytes = 1'000'000'000;
  Served server(limits);
  RawClient client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
  // Never a pause and never too much: only the time can end it.
  while (client.send("1\r\nx\r\n")) {
  }
  EXPECT_EQ(server.calls().at(0).problem.value().status, 408);
}

TEST(DownlinkApi, ClosesAnIdleConnectionSilently) {
  DownlinkApiLimits limits = patient();
  limits.idle = milliseconds(20);
  Served server(limits);
  EXPECT_EQ(outcome(server, ""), "");
  EXPECT_EQ(outcome(server, "\r\n\r\n"), "");
  EXPECT_THAT(outcome(server, get("/")), EndsWith("\r\n\r\nGET /: "));
  EXPECT_THAT(server.calls(), SizeIs(1));
}

TEST(DownlinkApi, RefusesConnectionsOverTheLimitUntilOneCloses) {
  DownlinkApiLimits limits = patient();
  limits.connections = 1;
  Served server(limits);
  RawClient first = server.connect();
  first.send(get("/"));
  first.read_answer();

  RawClient second = server.connect();
  second.send(get("/"));
  EXPECT_EQ(second.read_to_end(),
            "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 43\r\n"
            "Connection: close\r\n\r\nthe limit of 1 open connections is reached\n");
  first.send(get("/still"));
  EXPECT_EQ(first.read_answer().body, "GET /still: ");

  first.close();
  while (server.open_connections() > 0) {
  }
  RawClient third = server.connect();
  third.send(get("/"));
  EXPECT_EQ(third.read_answer().status, 200);
  ASSERT_THAT(server.calls(), SizeIs(4));
  EXPECT_EQ(server.calls()[1].problem.value().status, 503);
}

TEST(DownlinkApi, ForcesTheStatusAndHeadersOfARefusal) {
  DownlinkApiLimits limits = patient();
  limits.connections = 0;
  Served server(limits, [](const Call&) {
    return http::Response{200, {{"retry-after", "99"}, {"X-Kept", "1"}}, "{}"};
  });
  EXPECT_EQ(outcome(server, ""),
            "HTTP/1.1 503 Service Unavailable\r\nX-Kept: 1\r\nRetry-After: 1\r\n"
            "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
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

  const int next = ::dup(0);
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
