#include "sim/run/downlink_api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "tests/run/raw_client.h"
#include "tests/run/served_downlink_api.h"

namespace sim::run {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST(DownlinkApiLimits, InvitesNoBodyThatIsThereOrTooLong) {
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

TEST(DownlinkApiLimits, RefusesWhatIsNotHttp) {
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

TEST(DownlinkApiLimits, TellsTheHandlerWhatWasReadOfABrokenRequest) {
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

TEST(DownlinkApiLimits, AnswersWhatCameBeforeABrokenRequest) {
  Served server;
  EXPECT_EQ(outcome(server, get("/1") + "?\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: keep-alive\r\n\r\nGET /1: " +
                refusal("400 Bad Request", "the request line is not one of HTTP/1.1 or HTTP/1.0"));
}

TEST(DownlinkApiLimits, RefusesARequestThatEndsTooEarly) {
  Served server;
  RawClient client = server.connect();
  client.send("POST /half HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc");
  client.close_sending_half();
  EXPECT_EQ(client.read_to_end(),
            refusal("400 Bad Request", "the connection ended before the request did"));
  EXPECT_EQ(server.calls().at(0).request.target, "/half");
}

TEST(DownlinkApiLimits, RefusesAHeaderOverTheLimitAndNoneAtIt) {
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

TEST(DownlinkApiLimits, RefusesATrailerOverTheHeaderLimit) {
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

TEST(DownlinkApiLimits, RefusesABodyOverTheLimitAndNoneAtIt) {
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

TEST(DownlinkApiLimits, LetsAClientThatSendsEverythingReadItsRefusal) {
  Served server;
  RawClient client = server.connect();
  EXPECT_TRUE(client.send(post("/big", std::string(2'000'000, 'b'))));
  const RawAnswer answer = client.read_answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "the body is longer than 65536 bytes\n");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(server.calls().at(0).request.target, "/big");
}

TEST(DownlinkApiLimits, EndsItsPatienceWithAClientThatSendsForEver) {
  Served server;
  RawClient client = server.connect();
  client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n");
  const std::string piece(100'000, 'b');
  int pieces = 0;
  while (pieces < 10'000 && client.send(piece)) ++pieces;
  EXPECT_LT(pieces, 10'000);
  EXPECT_THAT(server.calls(), SizeIs(1));
}

TEST(DownlinkApiLimits, RefusesARequestThatTakesTooLong) {
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

TEST(DownlinkApiLimits, CountsARequestsTimeFromItsFirstByteHoweverMuchComes) {
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

TEST(DownlinkApiLimits, ClosesAnIdleConnectionSilently) {
  DownlinkApiLimits limits = patient();
  limits.idle = milliseconds(20);
  for (const std::string& bytes : {std::string(), std::string("\r\n\r\n"), get("/")}) {
    boost::asio::io_context io(1);
    std::size_t calls = 0;
    DownlinkApi api(io, kAnyPort, limits, [&](const Call& call) {
      ++calls;
      return echo(call);
    });
    api.start();
    RawClient client(api.address().port);
    client.send(bytes);  // there before the server looks: it cannot be too late
    while (api.open_connections() == 0) io.run_one();
    while (api.open_connections() > 0) io.run_one();
    const bool called = bytes.starts_with("GET");
    EXPECT_EQ(calls, called ? 1U : 0U);
    const std::string answer = client.read_to_end();
    if (called) {
      EXPECT_THAT(answer, EndsWith("\r\n\r\nGET /: "));
    } else {
      EXPECT_EQ(answer, "");
    }
  }
}

TEST(DownlinkApiLimits, RefusesConnectionsOverTheLimitUntilOneCloses) {
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

TEST(DownlinkApiLimits, ForcesTheStatusAndHeadersOfARefusal) {
  DownlinkApiLimits limits = patient();
  limits.connections = 0;
  Served server(limits, [](const Call&) {
    return http::Response{200, {{"retry-after", "99"}, {"X-Kept", "1"}}, "{}"};
  });
  EXPECT_EQ(outcome(server, ""),
            "HTTP/1.1 503 Service Unavailable\r\nX-Kept: 1\r\nRetry-After: 1\r\n"
            "Content-Length: 2\r\nConnection: close\r\n\r\n{}");
}

}  // namespace
}  // namespace sim::run
