#include "sim/run/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <thread>

#include "sim/recording/reader.h"
#include "tests/run/raw_client.h"
#include "tests/support/child_process.h"
#include "tests/support/scripted_server.h"

namespace sim::run {
namespace {

using recording::Recorded;
using ::testing::HasSubstr;
using ::testing::Not;

/// A recorder on a thread of its own, and the file that it writes.
class RecorderTest : public ::testing::Test {
 protected:
  ~RecorderTest() override { end(); }

  void start(RecorderSettings settings) {
    settings.stop_on_signals = false;
    if (!settings.now) settings.now = [] { return engine::SimTime(std::chrono::hours(24)); };
    std::promise<std::string> listening;
    settings.on_listening = [&listening](const std::string& url) { listening.set_value(url); };
    writer_ = std::make_unique<recording::Writer>(path());
    recorder_ = std::make_unique<Recorder>(std::move(settings), *writer_);
    thread_ = std::thread([this] { result_ = recorder_->run(); });
    const std::string url = listening.get_future().get();
    port_ = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  void end() {
    if (!thread_.joinable()) return;
    recorder_->interrupt();
    thread_.join();
  }

  [[nodiscard]] std::string path() const { return folder_.file("a.jsonl"); }
  [[nodiscard]] std::vector<Recorded> recorded() const {
    recording::Reader reader(path());
    std::vector<Recorded> all;
    while (auto one = reader.next()) all.push_back(std::move(*one));
    EXPECT_EQ(reader.broken(), 0U);
    return all;
  }
  RawAnswer ask(const std::string& request) {
    RawClient client(port_);
    client.send(request);
    return client.read_answer();
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<recording::Writer> writer_;
  std::unique_ptr<Recorder> recorder_;
  std::thread thread_;
  std::uint16_t port_ = 0;
  Recording result_;
};

std::string post(const std::string& body, const std::string& head = {}) {
  return "POST /up/a?x=1 HTTP/1.1\r\nhost: h\r\nX-Own: 1\r\n" + head +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST_F(RecorderTest, AnswersAsToldAndKeepsWhatCame) {
  RecorderSettings settings;
  settings.answer = {201, {{"X-Answer", "yes"}}, "stored"};
  start(std::move(settings));
  const std::string body("{\"a\": 1.50,\n\"b\":\"\xff\"}", 21);
  const RawAnswer answer = ask(post(body));
  EXPECT_EQ(answer.status, 201);
  EXPECT_THAT(answer.head, HasSubstr("X-Answer: yes"));
  EXPECT_EQ(answer.body, "stored");
  const auto all = recorded();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].request.method, "POST");
  EXPECT_EQ(all[0].request.target, "/up/a?x=1");
  EXPECT_EQ(all[0].request.headers,
            (http::Headers{{"host", "h"}, {"X-Own", "1"}, {"Content-Length", "21"}}));
  EXPECT_EQ(all[0].request.body, body);
  EXPECT_EQ(all[0].came, engine::SimTime(std::chrono::hours(24)));
  EXPECT_EQ(all[0].answer->response.status, 201);
  EXPECT_FALSE(all[0].forwarded);
}

TEST_F(RecorderTest, TakesPutAndChunkedBodies) {
  start({});
  EXPECT_EQ(ask("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                .status,
            200);
  ASSERT_EQ(recorded().size(), 1U);
  EXPECT_EQ(recorded()[0].request.method, "PUT");
  EXPECT_EQ(recorded()[0].request.body, "abcde");
}

TEST_F(RecorderTest, RefusesWhatItDoesNotRecord) {
  start({});
  const RawAnswer get = ask("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(get.status, 405);
  EXPECT_THAT(get.head, HasSubstr("Allow: POST, PUT"));
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5000000\r\n\r\n").status, 413);
  EXPECT_EQ(ask("POST / HTTP/1.1\r\nHost: h\r\nX: " + std::string(70'000, 'x')).status, 431);
  EXPECT_EQ(ask("nonsense\r\n\r\n").status, 400);
  EXPECT_TRUE(recorded().empty());
}

TEST_F(RecorderTest, PassesOnByteForByteAndGivesTheAnswerBack) {
  support::ScriptedServer real(
      {{support::read_request(),
        support::write("HTTP/1.1 202 Accepted\r\nX-Real: 1\r\nTransfer-Encoding: chunked\r\n"
                       "Connection: close\r\n\r\n3\r\nyes\r\n0\r\n\r\n"),
        support::close()}});
  RecorderSettings settings;
  settings.forward =
      *http::parse_endpoint("http://127.0.0.1:" + std::to_string(real.port()) + "/base/");
  start(std::move(settings));
  const std::string body("\x00{ \"a\" :1.0}\xff", 13);
  const RawAnswer answer = ask(post(body,
                                    "Authorization: Bearer s3cret\r\nConnection: X-Hop\r\n"
                                    "X-Hop: 1\r\nx-lower: 2\r\n"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.body, "yes");
  EXPECT_THAT(answer.head, HasSubstr("X-Real: 1"));
  ASSERT_EQ(real.requests().size(), 1U);
  EXPECT_EQ(real.requests()[0],
            "POST /base/up/a?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(real.port()) +
                "\r\nX-Own: 1\r\nAuthorization: Bearer s3cret\r\nx-lower: 2\r\n"
                "Content-Length: 13\r\nConnection: close\r\n\r\n" +
                body);
  const auto all = recorded();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].request.body, body);
  EXPECT_EQ(all[0].answer->response.status, 202);
  EXPECT_EQ(all[0].answer->response.body, "yes");
  EXPECT_EQ(all[0].forwarded->error, "");
  EXPECT_THAT(all[0].forwarded->url, HasSubstr("/base/up/a?x=1"));
}

TEST_F(RecorderTest, SaysThatTheRealEndpointIsDead) {
  const support::DeafPort dead;
  RecorderSettings settings;
  settings.forward = *http::parse_endpoint("http://127.0.0.1:" + std::to_string(dead.port()));
  start(std::move(settings));
  const RawAnswer answer = ask(post("{}"));
  EXPECT_EQ(answer.status, 502);
  EXPECT_EQ(answer.body, "the request could not be passed on: connection refused\n");
  end();
  EXPECT_EQ(result_.failed, 1U);
  ASSERT_EQ(recorded().size(), 1U);
  EXPECT_EQ(recorded()[0].forwarded->error, "connection refused");
  EXPECT_EQ(recorded()[0].answer->response.status, 502);
}

TEST_F(RecorderTest, SaysThatTheRealEndpointIsSlow) {
  support::ScriptedServer real({{support::read_request(), support::wait()}});
  RecorderSettings settings;
  settings.forward = *http::parse_endpoint("http://127.0.0.1:" + std::to_string(real.port()));
  settings.forward_timeout = std::chrono::milliseconds(50);
  start(std::move(settings));
  EXPECT_EQ(ask(post("{}")).status, 502);
  EXPECT_EQ(recorded()[0].forwarded->error, "no answer within 50 ms");
}

TEST_F(RecorderTest, KeepsWhatIsUnderWayWhenItIsInterrupted) {
  support::ScriptedServer real({{support::read_request(), support::wait()}});
  RecorderSettings settings;
  settings.forward = *http::parse_endpoint("http://127.0.0.1:" + std::to_string(real.port()));
  start(std::move(settings));
  RawClient client(port_);
  client.send(post("{}"));
  while (real.requests().empty()) std::this_thread::yield();
  end();
  EXPECT_TRUE(result_.interrupted);
  ASSERT_EQ(recorded().size(), 1U);
  EXPECT_EQ(recorded()[0].forwarded->error, "the recorder ended before an answer came");
}

TEST_F(RecorderTest, MasksSecretsUnlessToldOtherwise) {
  const std::string secret =
      post("{\"downlink_url\":\"http://h/d?key=s3cret-key\"}", "Authorization: Bearer s3cret\r\n");
  start({});
  ask(secret);
  EXPECT_THAT(test::read_text(path()), Not(HasSubstr("s3cret")));
  EXPECT_THAT(test::read_text(path()), HasSubstr("key=***"));
  end();
  RecorderSettings keeping;
  keeping.keep_secrets = true;
  start(std::move(keeping));
  ask(secret);
  EXPECT_THAT(test::read_text(path()), HasSubstr("key=s3cret-key"));
  EXPECT_THAT(test::read_text(path()), HasSubstr("Bearer s3cret"));
}

TEST_F(RecorderTest, EndsAfterItsCount) {
  RecorderSettings settings;
  settings.count = 2;
  start(std::move(settings));
  RawClient client(port_);
  client.send(post("1") + post("2") + post("3"));
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 200);
  EXPECT_EQ(client.read_answer().status, 503);
  thread_.join();
  EXPECT_EQ(result_.requests, 2U);
  EXPECT_FALSE(result_.interrupted);
  EXPECT_EQ(recorded().size(), 2U);
}

TEST_F(RecorderTest, HoldsAnswersBackAndWritesAtOnce) {
  RecorderSettings settings;
  settings.delay = std::chrono::hours(1);
  std::promise<void> came;
  settings.on_recorded = [&came](const Recorded&) { came.set_value(); };
  start(std::move(settings));
  RawClient client(port_);
  client.send(post("1"));
  came.get_future().wait();
  EXPECT_EQ(recorded().size(), 1U);
  EXPECT_EQ(recorded()[0].answer->after, std::chrono::hours(1));
}

}  // namespace
}  // namespace sim::run
