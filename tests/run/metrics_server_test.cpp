// What scrapers get, and what they do not.
#include "sim/run/metrics_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <thread>

#include "tests/run/raw_client.h"

namespace sim::run {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class Metrics : public ::testing::Test {
 protected:
  Metrics() {
    server_.start();
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Metrics() override {
    boost::asio::post(io_, [this] { server_.stop(); });
    thread_.join();
  }

  std::string ask(const std::string& request_line) {
    const std::string url = server_.url();
    const auto port = http::parse_endpoint(url)->port;
    RawClient client(port);
    client.send(request_line + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return client.read_to_end();
  }

  boost::asio::io_context io_;
  MetricsServer server_{io_, {"127.0.0.1", 0}, [] { return std::string("lnsim_x 1\n"); }};
  std::thread thread_;
};

TEST_F(Metrics, AreAtTheirPath) {
  const std::string answer = ask("GET /metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer, HasSubstr("text/plain; version=0.0.4"));
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nlnsim_x 1\n"));
  EXPECT_THAT(ask("GET /metrics?name=x"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Metrics, AreNowhereElseAndOnlyRead) {
  EXPECT_THAT(ask("GET /"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(ask("POST /metrics"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(ask("garbage"), StartsWith("HTTP/1.1 400 "));
}

}  // namespace
}  // namespace sim::run
