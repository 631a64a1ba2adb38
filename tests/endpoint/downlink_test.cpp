// What the endpoint does about an uplink below the threshold, over real connections.
#include <gmock/gmock.h>

#include <chrono>

#include "tests/endpoint/endpoint_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::endpoint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr const char* kBody =
    R"({"dev_id":"my-dev-id","port":2,"confirmed":false,"payload_raw":"AQ=="})";

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port) + "/down?key=ttn-account-v2.secret";
}

TEST(ReferenceEndpoint, AnswersALowValueWithOneDownlink) {
  DownlinkNetwork network;
  RunningEndpoint endpoint;
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->body, R"({"stored":true})");
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->body, R"({"stored":false})");
  EXPECT_THAT(network.bodies(), ElementsAre(kBody));
  EXPECT_THAT(network.targets(), ElementsAre("/down?key=ttn-account-v2.secret"));
  EXPECT_EQ(endpoint->counts().downlinks, 1u);
  EXPECT_THAT(
      endpoint.log(),
      ElementsAre("POST /uplink -> 200: my-app-id/my-dev-id counter 2 stored; moisture 3 is "
                  "below 15: downlink accepted (202)",
                  "POST /uplink -> 200: my-app-id/my-dev-id counter 2 seen before"));
}

TEST(ReferenceEndpoint, LeavesAValueAtTheThresholdAlone) {
  DownlinkNetwork network;
  RunningEndpoint endpoint;
  nlohmann::json uplink = dry_uplink(network.url());
  uplink["payload_fields"]["moisture"] = 15;
  EXPECT_EQ(endpoint.post(uplink)->status, 200);
  EXPECT_THAT(network.bodies(), ElementsAre());
}

TEST(ReferenceEndpoint, SendsTheDownlinkBeforeItAnswers) {
  DownlinkNetwork network;
  RunningEndpoint endpoint;
  std::atomic<bool> answered{false};
  std::atomic<bool> answered_first{false};
  network.on_call = [&] { answered_first = answered.load(); };
  endpoint.post(dry_uplink(network.url()));
  answered = true;
  EXPECT_EQ(network.bodies().size(), 1u);
  EXPECT_FALSE(answered_first);
}

/// An endpoint that tries each downlink once for each time that its uplink comes.
EndpointSettings without_retries() {
  EndpointSettings settings;
  settings.downlink_retries.retries = 0;
  return settings;
}

TEST(ReferenceEndpoint, SendsAFailedDownlinkAgainAtTheRetry) {
  DownlinkNetwork network;
  RunningEndpoint endpoint(without_retries());
  network.status = 503;
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->status, 200);
  EXPECT_EQ(endpoint->counts().downlink_failures, 1u);
  network.status = 202;
  nlohmann::json retry = dry_uplink(network.url());
  retry["is_retry"] = true;
  EXPECT_EQ(endpoint.post(retry)->body, R"({"stored":false})");
  EXPECT_EQ(endpoint.post(retry)->body, R"({"stored":false})");
  EXPECT_EQ(network.bodies().size(), 2u);
  EXPECT_EQ(endpoint->counts().downlinks, 1u);
  EXPECT_THAT(endpoint.log().front(), HasSubstr("downlink failed: it was answered with 503"));
}

TEST(ReferenceEndpoint, FollowsNoRedirect) {
  DownlinkNetwork network;
  RunningEndpoint endpoint;
  network.status = 307;
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->status, 200);
  EXPECT_EQ(network.strays, 0);
  EXPECT_EQ(endpoint->counts().downlink_failures, 1u);
}

TEST(ReferenceEndpoint, CallsANameThatIsThisMachine) {
  DownlinkNetwork network;
  RunningEndpoint endpoint(without_retries());
  endpoint.post(dry_uplink(network.url("localhost")));
  EXPECT_THAT(network.bodies().size() + endpoint->counts().downlink_failures, 1u)
      << "called, or not listening on the address that localhost has here";
}

TEST(ReferenceEndpoint, CallsNobodyButTheSender) {
  RunningEndpoint endpoint;
  std::uint64_t failures = 0;
  for (const char* url :
       {"http://192.0.2.1/down?key=secret", "http://169.254.169.254/latest?key=secret",
        "http://[2001:db8::1]:80/down?key=secret"}) {
    nlohmann::json uplink = dry_uplink(url);
    uplink["counter"] = failures;
    EXPECT_EQ(endpoint.post(uplink)->status, 200);
    EXPECT_EQ(endpoint->counts().downlink_failures, ++failures);
    EXPECT_THAT(endpoint.log().back(),
                HasSubstr("downlink failed: its host is not the one that sent the uplink"));
  }
  for (const char* url : {"https://127.0.0.1/?key=secret", "http://a@127.0.0.1/?key=secret",
                          "http://127.0.0.1:x/?key=secret", "http://127.0.0.1/ X: y?key=secret"}) {
    nlohmann::json uplink = dry_uplink(url);
    uplink["counter"] = failures;
    EXPECT_EQ(endpoint.post(uplink)->status, 200);
    EXPECT_EQ(endpoint->counts().downlink_failures, ++failures) << url;
  }
  for (const std::string& line : endpoint.log())
    EXPECT_THAT(line, testing::Not(HasSubstr("secret")));
}

// The failure that the endpoint logs when these are at the other end of its call.
std::string failure_with(const support::Script& script) {
  support::ScriptedServer server({script});
  EndpointSettings settings = without_retries();
  settings.downlink_timeout = 300ms;
  RunningEndpoint endpoint(settings);
  EXPECT_EQ(endpoint.post(dry_uplink(url_of(server.port())))->status, 200);
  EXPECT_EQ(endpoint->counts().downlinks + endpoint->counts().downlink_failures, 1u);
  const std::string line = endpoint.log().back();
  return line.substr(line.find(": downlink ") + 2);
}

TEST(ReferenceEndpoint, WaitsForNoDownlinkBeyondItsTime) {
  using namespace support;
  const std::string late = "downlink failed: there was no answer in time";
  EXPECT_EQ(failure_with({read_request(), wait()}), late);
  EXPECT_EQ(failure_with({read_request(), support::write("HTTP/1.1 200 OK\r\nA: "), wait()}), late);
  EXPECT_EQ(failure_with({wait()}), late);
}

TEST(ReferenceEndpoint, TakesNoRubbishForAnAcceptance) {
  using namespace support;
  const std::string invalid = "downlink failed: there was no valid answer";
  EXPECT_EQ(failure_with({read_request(), support::close()}), invalid);
  EXPECT_EQ(failure_with({read_request(), reset()}), invalid);
  EXPECT_EQ(failure_with({read_request(), support::write("220 mail ready\r\n"), support::close()}),
            invalid);
  EXPECT_EQ(
      failure_with({read_request(), support::write("HTTP/1.1 200 " + std::string(500'000, 'a')),
                    support::close()}),
      invalid);
  EXPECT_EQ(failure_with({read_request(),
                          support::write("HTTP/1.1 200 OK\r\n" + std::string(500'000, 'a')),
                          support::close()}),
            invalid);
}

TEST(ReferenceEndpoint, ReadsNoMoreOfAnAcceptanceThanItNeeds) {
  using namespace support;
  EXPECT_EQ(failure_with({read_request(),
                          support::write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" +
                                         std::string(1'000'000, 'a')),
                          support::close()}),
            "downlink accepted (200)");
}

TEST(ReferenceEndpoint, SaysThatItCouldNotConnect) {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);  // its port is taken, and nobody listens
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  RunningEndpoint endpoint(without_retries());
  EXPECT_EQ(endpoint.post(dry_uplink(url_of(ntohs(address.sin_port))))->status, 200);
  EXPECT_THAT(endpoint.log().back(), HasSubstr("downlink failed: it could not connect"));
  ::close(taken);
}

TEST(ReferenceEndpoint, WaitsForNoConnectionBeyondItsTime) {
  support::FullPort full;
  EndpointSettings settings = without_retries();
  settings.downlink_timeout = 200ms;
  RunningEndpoint endpoint(settings);
  EXPECT_EQ(endpoint.post(dry_uplink(url_of(full.port())))->status, 200);
  EXPECT_THAT(endpoint.log().back(), HasSubstr("downlink failed: there was no answer in time"));
}

}  // namespace
}  // namespace sim::endpoint
