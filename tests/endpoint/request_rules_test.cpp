// Which requests the endpoint takes, over real connections.
#include <gmock/gmock.h>

#include "tests/endpoint/endpoint_rig.h"

namespace sim::endpoint {
namespace {

std::string error(const std::string& message) {
  return nlohmann::json{{"error", {{"message", message}}}}.dump();
}

// Sends bytes as they are, and reads until the endpoint closes.
std::string raw_answer(int port, const std::string& bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) break;
    sent += static_cast<std::size_t>(n);
  }
  ::shutdown(fd, SHUT_WR);
  std::string answer(64 * 1024, '\0');
  std::size_t size = 0;
  for (ssize_t n = 1; n > 0; size += static_cast<std::size_t>(std::max<ssize_t>(n, 0))) {
    n = ::recv(fd, answer.data() + size, answer.size() - size, 0);
  }
  ::close(fd);
  return answer.substr(0, size);
}

std::string post_with(const std::string& headers, const std::string& body) {
  return "POST /uplink HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + headers +
         "\r\n" + body;
}

TEST(ReferenceEndpoint, StoresAnUplinkOfPostAndOfPut) {
  RunningEndpoint endpoint;
  const auto posted = endpoint.post(example_uplink());
  ASSERT_TRUE(posted);
  EXPECT_EQ(posted->status, 200);
  EXPECT_EQ(posted->body, R"({"stored":true})");
  EXPECT_EQ(posted->get_header_value("Content-Type"), "application/json");
  nlohmann::json next = example_uplink();
  next["counter"] = 3;
  const auto put = endpoint.client().Put("/uplink", next.dump(), "application/json; charset=utf-8");
  EXPECT_EQ(put->body, R"({"stored":true})");
  EXPECT_EQ(endpoint->counts().uplinks, 2u);
  EXPECT_THAT(endpoint.log(),
              testing::ElementsAre("POST /uplink -> 200: my-app-id/my-dev-id counter 2 stored",
                                   "PUT /uplink -> 200: my-app-id/my-dev-id counter 3 stored"));
}

TEST(ReferenceEndpoint, SaysWhichFieldIsWrong) {
  RunningEndpoint endpoint;
  nlohmann::json uplink = example_uplink();
  uplink["port"] = 0;
  const auto answer = endpoint.post(uplink);
  EXPECT_EQ(answer->status, 422);
  EXPECT_EQ(answer->body,
            R"({"error":{"field":"port","message":"must be a whole number from 1 to 223"}})");
  EXPECT_EQ(endpoint->counts().refused, 1u);
}

TEST(ReferenceEndpoint, HasOnePathAndTwoMethods) {
  RunningEndpoint endpoint;
  const std::string body = example_uplink().dump();
  EXPECT_EQ(endpoint.client().Post("/other", body, "application/json")->status, 404);
  EXPECT_EQ(endpoint.client().Get("/")->body, error("uplinks go to /uplink"));
  const auto expect_405 = [](const httplib::Result& answer) {
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 405);
    EXPECT_EQ(answer->get_header_value("Allow"), "POST, PUT");
  };
  expect_405(endpoint.client().Get("/uplink"));
  expect_405(endpoint.client().Head("/uplink"));
  expect_405(endpoint.client().Delete("/uplink"));
  expect_405(endpoint.client().Options("/uplink"));
  expect_405(endpoint.client().Patch("/uplink", body, "application/json"));
  EXPECT_THAT(raw_answer(endpoint.port(), "TRACE /uplink HTTP/1.1\r\nHost: a\r\n\r\n"),
              testing::StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(endpoint->counts().refused, 8u);
}

TEST(ReferenceEndpoint, ChecksWhoSends) {
  EndpointSettings settings;
  settings.authorization = "Bearer a-secret";
  RunningEndpoint endpoint(settings);
  const std::string body = example_uplink().dump();
  for (const char* given :
       {"", "Bearer", "Bearer a-secreT", "Bearer a-secret2", "bearer a-secret"}) {
    const auto answer =
        endpoint.client().Post("/uplink", {{"Authorization", given}}, body, "application/json");
    EXPECT_EQ(answer->status, 401) << given;
    EXPECT_EQ(answer->body, error("the Authorization header is not the one that is expected"));
  }
  EXPECT_EQ(endpoint.post(body)->status, 401);
  EXPECT_EQ(endpoint.client()
                .Post("/uplink", {{"Authorization", "Bearer a-secret"}}, body, "application/json")
                ->status,
            200);
  for (const std::string& line : endpoint.log())
    EXPECT_THAT(line, testing::Not(testing::HasSubstr("secre")));
}

TEST(ReferenceEndpoint, WantsJsonAndNothingPacked) {
  RunningEndpoint endpoint;
  const std::string body = example_uplink().dump();
  for (const char* type : {"text/plain", "application/jsonx", "application/x-www-form-urlencoded",
                           "multipart/form-data; boundary=x", "application/json/"}) {
    EXPECT_EQ(endpoint.client().Post("/uplink", body, type)->status, 415) << type;
  }
  EXPECT_EQ(endpoint.client().Post("/uplink", body, "Application/JSON ;a=b")->status, 200);
  const auto packed =
      endpoint.client().Post("/uplink", {{"Content-Encoding", "gzip"}}, body, "application/json");
  EXPECT_EQ(packed->body, error("the body must not have a Content-Encoding"));
}

TEST(ReferenceEndpoint, BoundsTheBody) {
  RunningEndpoint endpoint;
  nlohmann::json uplink = example_uplink();
  const std::size_t rest = uplink.dump().size() + std::string(R"("more":"",)").size();
  uplink["more"] = std::string(256 * 1024 - rest, 'x');
  ASSERT_EQ(uplink.dump().size(), 256u * 1024);
  EXPECT_EQ(endpoint.post(uplink)->status, 200);
  const auto larger = endpoint.post(uplink.dump() + " ");
  EXPECT_EQ(larger->status, 413);
  EXPECT_EQ(larger->body, error("the body is larger than 256 KiB"));
  EXPECT_EQ(endpoint.post(std::string(3'000'000, ' '))->status, 413);
}

TEST(ReferenceEndpoint, BoundsABodyInChunksAsWell) {
  RunningEndpoint endpoint;
  const auto chunked = [&endpoint](const std::string& body) {
    return endpoint.client().Post(
        "/uplink",
        [&body](std::size_t, httplib::DataSink& sink) {
          sink.write(body.data(), body.size());
          sink.done();
          return true;
        },
        "application/json");
  };
  EXPECT_EQ(chunked(example_uplink().dump())->status, 200);
  EXPECT_EQ(chunked(std::string(256 * 1024 + 1, ' '))->status, 413);
  EXPECT_EQ(chunked(std::string(2'000'000, ' '))->status, 413);
}

TEST(ReferenceEndpoint, RefusesALengthThatIsNone) {
  RunningEndpoint endpoint;
  const int port = endpoint.port();
  EXPECT_THAT(raw_answer(port, post_with("", "{}")), testing::StartsWith("HTTP/1.1 411 "));
  EXPECT_THAT(raw_answer(port, post_with("Content-Length: x\r\n", "{}")),
              testing::StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(raw_answer(port, post_with("Content-Length: 99999999999999999999\r\n", "{}")),
              testing::StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(raw_answer(port, post_with("Content-Length: 50\r\n", "{}")),
              testing::HasSubstr("the body ended before it was complete"));
  EXPECT_THAT(raw_answer(port, post_with("Transfer-Encoding: gzip\r\n", "{}")),
              testing::StartsWith("HTTP/1.1 501 "));
}

TEST(ReferenceEndpoint, ReadsNothingAfterARefusalAsANewRequest) {
  RunningEndpoint endpoint;
  const std::string body = example_uplink().dump();
  const std::string hidden =
      post_with("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  const std::string outer =
      "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(hidden.size()) +
      "\r\n\r\n" + hidden;
  const std::string answer = raw_answer(endpoint.port(), outer);
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(answer, testing::HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(endpoint->counts().uplinks, 0u);
}

TEST(ReferenceEndpoint, SurvivesARequestThatIsCutAtAnyByte) {
  RunningEndpoint endpoint;
  const std::string body = example_uplink().dump();
  const std::string whole =
      post_with("Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  for (std::size_t size = 0; size < whole.size(); size += size < 120 ? 1 : 17) {
    EXPECT_THAT(raw_answer(endpoint.port(), whole.substr(0, size)),
                testing::Not(testing::StartsWith("HTTP/1.1 2")));
  }
  EXPECT_EQ(endpoint->counts().uplinks, 0u);
  EXPECT_EQ(endpoint.post(body)->status, 200);
}

TEST(ReferenceEndpoint, SurvivesHeadsThatAreNone) {
  RunningEndpoint endpoint;
  std::string long_range = "Range: bytes=0-1";
  while (long_range.size() < 8000) long_range += ",2-3";
  for (const std::string& bytes :
       {std::string("\r\n\r\n"), std::string(100'000, 'a'),
        std::string("BREW /uplink HTTP/1.1\r\n\r\n"),
        "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
        std::string("POST /uplink\r\n\r\n"),
        "POST /uplink HTTP/1.1\r\n" + std::string(50'000, 'h') + ": 1\r\n\r\n",
        post_with(long_range + "\r\nContent-Length: 2\r\n", "{}"),
        std::string("\x16\x03\x01\0\xff", 5)}) {
    EXPECT_THAT(raw_answer(endpoint.port(), bytes),
                testing::Not(testing::StartsWith("HTTP/1.1 2")));
  }
  EXPECT_EQ(endpoint.post(example_uplink())->status, 200);
}

TEST(ReferenceEndpoint, AnswersInWholeWhateverRangeIsAsked) {
  RunningEndpoint endpoint;
  const auto answer = endpoint.client().Post("/uplink", {{"Range", "bytes=0-3"}},
                                             example_uplink().dump(), "application/json");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, R"({"stored":true})");
}

TEST(ReferenceEndpoint, LogsNothingThatMovesTheCursor) {
  RunningEndpoint endpoint;
  nlohmann::json uplink = example_uplink();
  uplink["dev_id"] =
      "\xc2\x9b"
      "2J";
  endpoint.post(uplink);
  endpoint.client().Get("/%1b%5b2J");
  EXPECT_THAT(endpoint.log(), testing::ElementsAre("POST /uplink -> 200: my-app-id/\xc2\\x9b"
                                                   "2J counter 2 stored",
                                                   "GET /\\x1b[2J -> 404: uplinks go to /uplink"));
}

}  // namespace
}  // namespace sim::endpoint
