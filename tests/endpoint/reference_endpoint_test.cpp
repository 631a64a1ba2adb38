// The endpoint as a server: its port, its connections, its end, and many at once.
#include "sim/endpoint/reference_endpoint.h"

#include <gmock/gmock.h>

#include <barrier>
#include <chrono>
#include <system_error>

#include "tests/endpoint/endpoint_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::endpoint {
namespace {

using namespace std::chrono_literals;

// Far longer than a stop takes, and far shorter than what it could have waited for: 30 s or more.
constexpr auto kPrompt = 5s;

std::chrono::nanoseconds time_to_stop(RunningEndpoint& endpoint) {
  const auto begin = std::chrono::steady_clock::now();
  endpoint->stop();
  return std::chrono::steady_clock::now() - begin;
}

TEST(ReferenceEndpoint, SaysWhereItListens) {
  RunningEndpoint endpoint;
  EXPECT_THAT(endpoint->url(), testing::MatchesRegex("http://127\\.0\\.0\\.1:[0-9]+/uplink"));
  EndpointSettings settings;
  settings.listen.host = "::1";
  RunningEndpoint v6(settings);
  EXPECT_THAT(v6->url(), testing::MatchesRegex("http://\\[::1\\]:[0-9]+/uplink"));
  httplib::Client client("::1", v6.port());
  EXPECT_EQ(client.Post("/uplink", example_uplink().dump(), "application/json")->status, 200);
}

TEST(ReferenceEndpoint, DoesNotShareItsPort) {
  RunningEndpoint first;
  EndpointSettings settings;
  settings.listen.port = static_cast<std::uint16_t>(first.port());
  ReferenceEndpoint second(settings);
  try {
    second.start();
    FAIL() << "two endpoints on one port";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), EADDRINUSE);
  }
}

TEST(ReferenceEndpoint, CannotListenOnAnAddressOfOthers) {
  EndpointSettings settings;
  settings.listen.host = "192.0.2.1";
  ReferenceEndpoint endpoint(settings);
  EXPECT_THROW(endpoint.start(), std::system_error);
}

TEST(ReferenceEndpoint, CanListenAgainOnThePortOfOneThatStopped) {
  auto first = std::make_unique<RunningEndpoint>();
  EndpointSettings settings;
  settings.listen.port = static_cast<std::uint16_t>(first->port());
  first->post(example_uplink());
  first.reset();
  RunningEndpoint second(settings);
  EXPECT_EQ(second.post(example_uplink())->status, 200);
}

TEST(ReferenceEndpoint, StopsAtOnceWithAnIdleConnection) {
  RunningEndpoint endpoint;
  httplib::Client client = endpoint.client();
  ASSERT_EQ(client.Post("/uplink", example_uplink().dump(), "application/json")->status, 200);
  EXPECT_LT(time_to_stop(endpoint), kPrompt);
  endpoint->stop();
}

TEST(ReferenceEndpoint, StopsAtOnceWhileADownlinkCallHangs) {
  support::ScriptedServer server({{support::read_request(), support::wait()}});
  EndpointSettings settings;
  settings.downlink_timeout = 60s;
  RunningEndpoint endpoint(settings);
  std::thread poster([&] {
    endpoint.post(dry_uplink("http://127.0.0.1:" + std::to_string(server.port()) + "/"));
  });
  while (server.requests().empty()) std::this_thread::yield();
  EXPECT_LT(time_to_stop(endpoint), kPrompt);
  poster.join();
  EXPECT_EQ(endpoint->counts().downlink_failures, 1u);
}

TEST(ReferenceEndpoint, StopsBeforeItStarted) {
  ReferenceEndpoint endpoint(EndpointSettings{});
  endpoint.stop();
}

// Posts over one connection, and fails the test if the endpoint closes it in between.
class KeptConnection {
 public:
  explicit KeptConnection(const RunningEndpoint& endpoint) : client_("127.0.0.1", endpoint.port()) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_socket_options([this](socket_t) { ++opened_; });
  }
  int post(const nlohmann::json& uplink) {
    const auto answer = client_.Post("/uplink", uplink.dump(), "application/json");
    return answer ? answer->status : 0;
  }
  [[nodiscard]] int opened() const { return opened_; }

 private:
  httplib::Client client_;
  int opened_ = 0;
};

TEST(ReferenceEndpoint, StoresAllOfEightConnectionsThatAreKept) {
  RunningEndpoint endpoint;
  std::vector<std::thread> senders;
  senders.reserve(8);
  std::atomic<int> stored{0};
  std::atomic<int> opened{0};
  for (int sender = 0; sender < 8; ++sender) {
    senders.emplace_back([&, sender] {
      KeptConnection connection(endpoint);
      nlohmann::json uplink = example_uplink();
      uplink["dev_id"] = "dev-" + std::to_string(sender);
      for (int counter = 0; counter < 200; ++counter) {
        uplink["counter"] = counter;
        stored += connection.post(uplink) == 200 ? 1 : 0;
      }
      opened += connection.opened();
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(stored, 1600);
  EXPECT_EQ(opened, 8);
  EXPECT_EQ(endpoint->counts().uplinks, 1600u);
}

TEST(ReferenceEndpoint, StoresAFrameOnceThatManySendAtOnce) {
  DownlinkNetwork network;
  RunningEndpoint endpoint;
  std::barrier together(8);
  std::vector<std::thread> senders;
  senders.reserve(8);
  for (int sender = 0; sender < 8; ++sender) {
    senders.emplace_back([&] {
      KeptConnection connection(endpoint);
      nlohmann::json uplink = dry_uplink(network.url());
      for (int counter = 0; counter < 10; ++counter) {
        uplink["counter"] = counter;
        together.arrive_and_wait();
        EXPECT_EQ(connection.post(uplink), 200);
      }
    });
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(endpoint->counts().uplinks, 10u);
  EXPECT_EQ(endpoint->counts().duplicates, 70u);
  EXPECT_EQ(network.bodies().size(), 10u);
}

TEST(ReferenceEndpoint, ServesMoreConnectionsThanAPoolWouldHave) {
  RunningEndpoint endpoint;
  std::vector<std::unique_ptr<KeptConnection>> connections;
  for (int counter = 0; counter < 100; ++counter) {
    connections.push_back(std::make_unique<KeptConnection>(endpoint));
    nlohmann::json uplink = example_uplink();
    uplink["counter"] = counter;
    ASSERT_EQ(connections.back()->post(uplink), 200) << counter;
  }
  EXPECT_LT(time_to_stop(endpoint), kPrompt);
}

}  // namespace
}  // namespace sim::endpoint
