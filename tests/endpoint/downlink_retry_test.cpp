// What the endpoint does when the network has troubles with its downlink calls.
#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "sim/endpoint/later_threads.h"
#include "sim/endpoint/retry_rules.h"
#include "tests/endpoint/endpoint_rig.h"
#include "tests/support/scripted_server.h"

namespace sim::endpoint {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

CallFailure failure(bool may_pass, std::optional<std::chrono::seconds> retry_after = {}) {
  return {"", may_pass, retry_after};
}

TEST(PauseBeforeRetry, IsDoubledEachTime) {
  const RetryRules rules;
  EXPECT_EQ(pause_before_retry(failure(true), 1, rules), 100ms);
  EXPECT_EQ(pause_before_retry(failure(true), 2, rules), 200ms);
  EXPECT_EQ(pause_before_retry(failure(true), 3, rules), 400ms);
  EXPECT_EQ(pause_before_retry(failure(true), 4, rules), std::nullopt);
}

TEST(PauseBeforeRetry, IsNotForWhatWillNotChange) {
  EXPECT_EQ(pause_before_retry(failure(false), 1, {}), std::nullopt);
}

TEST(PauseBeforeRetry, IsWhatTheNetworkAsksForWithinReason) {
  EXPECT_EQ(pause_before_retry(failure(true, 5s), 1, {}), 5s);
  EXPECT_EQ(pause_before_retry(failure(true, 0s), 2, {}), 200ms);
  EXPECT_EQ(pause_before_retry(failure(true, 30s), 1, {}), 30s);
  EXPECT_EQ(pause_before_retry(failure(true, 31s), 1, {}), std::nullopt);
}

/// Pauses that a test can wait for.
EndpointSettings hasty() {
  EndpointSettings settings;
  settings.downlink_retries.first_pause = 1ms;
  return settings;
}

TEST(ReferenceEndpoint, TriesAgainWhileTheNetworkHasTroubles) {
  for (const int trouble : {429, 500, 503}) {
    DownlinkNetwork network;
    network.trouble = trouble;
    network.troubles_left = 2;
    RunningEndpoint endpoint(hasty());
    EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->status, 200);
    network.wait_for_calls(3);
    while (endpoint.log().size() < 3) std::this_thread::yield();
    EXPECT_THAT(network.bodies(), AllOf(SizeIs(3), Each(network.bodies()[0])));
    EXPECT_EQ(endpoint->counts().downlinks, 1u);
    EXPECT_EQ(endpoint->counts().downlink_failures, 0u);
    const std::string status = std::to_string(trouble);
    EXPECT_THAT(endpoint.log(),
                ElementsAre(HasSubstr("downlink failed: it was answered with " + status +
                                      "; next try in 1 ms"),
                            "downlink for my-app-id/my-dev-id counter 2, try 2: failed: it was "
                            "answered with " +
                                status + "; next try in 2 ms",
                            "downlink for my-app-id/my-dev-id counter 2, try 3: accepted (202)"));
  }
}

TEST(ReferenceEndpoint, GivesUpAfterThreeFurtherTries) {
  DownlinkNetwork network;
  network.status = 500;
  RunningEndpoint endpoint(hasty());
  endpoint.post(dry_uplink(network.url()));
  while (endpoint->counts().downlink_failures == 0) std::this_thread::yield();
  EXPECT_EQ(network.bodies().size(), 4u);
}

TEST(ReferenceEndpoint, GivesUpAtOnceWhereItIsAtFault) {
  for (const int status : {400, 401, 404}) {
    DownlinkNetwork network;
    network.status = status;
    RunningEndpoint endpoint(hasty());
    endpoint.post(dry_uplink(network.url()));
    EXPECT_EQ(endpoint->counts().downlink_failures, 1u);
    EXPECT_EQ(network.bodies().size(), 1u);
  }
}

TEST(ReferenceEndpoint, HasThePatienceThatItIsAskedFor) {
  DownlinkNetwork network;
  network.trouble = 429;
  network.troubles_left = 1;
  network.retry_after = "29";
  RunningEndpoint endpoint(hasty());
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->status, 200) << "without waiting for it";
  EXPECT_THAT(endpoint.log().back(), HasSubstr("next try in 29000 ms"));
}

TEST(ReferenceEndpoint, TriesAgainAfterAClosedConnection) {
  using namespace support;
  ScriptedServer server({{read_request(), support::close()},
                         {read_request(), reset()},
                         {read_request(), support::write(ok())}});
  RunningEndpoint endpoint(hasty());
  endpoint.post(dry_uplink("http://127.0.0.1:" + std::to_string(server.port()) + "/down"));
  while (endpoint->counts().downlinks == 0) std::this_thread::yield();
  EXPECT_EQ(server.connections(), 3u);
}

TEST(ReferenceEndpoint, ARetriedUplinkDoesNotCallWhileATryIsPlanned) {
  DownlinkNetwork network;
  network.trouble = 429;
  network.troubles_left = 1;
  network.retry_after = "29";
  RunningEndpoint endpoint(hasty());
  endpoint.post(dry_uplink(network.url()));
  EXPECT_EQ(endpoint.post(dry_uplink(network.url()))->body, R"({"stored":false})");
  EXPECT_EQ(network.bodies().size(), 1u);
  endpoint->stop();
  EXPECT_EQ(endpoint->counts().downlink_failures, 1u) << "what is planned at the end is not sent";
}

TEST(LaterThreads, RunTasksInTheOrderOfTheirMoments) {
  LaterThreads later;
  std::mutex mutex;
  std::condition_variable wake;
  std::vector<int> order;
  const auto task = [&](int number) {
    return [&, number] {
      const std::lock_guard lock(mutex);
      order.push_back(number);
      wake.notify_all();
    };
  };
  later.run_after(50ms, task(2));
  later.run_after(1ms, task(1));
  later.run_after(10min, task(3));
  std::unique_lock lock(mutex);
  wake.wait(lock, [&] { return order.size() >= 2; });
  EXPECT_THAT(order, ElementsAre(1, 2));
}

TEST(LaterThreads, OneThatTakesLongHoldsUpNoOther) {
  LaterThreads later;
  std::promise<void> second;
  std::promise<void> first_ended;
  later.run_after(0ms, [&] {
    second.get_future().wait();
    first_ended.set_value();
  });
  later.run_after(0ms, [&] { second.set_value(); });
  first_ended.get_future().wait();
}

TEST(LaterThreads, TakeNothingAfterTheirEnd) {
  LaterThreads later;
  later.run_after(10min, [] { FAIL(); });
  EXPECT_EQ(later.stop(), 1u);
  EXPECT_FALSE(later.run_after(0ms, [] {}));
}

}  // namespace
}  // namespace sim::endpoint
