#include "sim/network/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sim::network {
namespace {

using engine::SimTime;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

radio::Reception reception(std::uint32_t gateway, engine::SimDuration arrived) {
  radio::Reception made;
  made.gateway = gateway;
  made.arrived = SimTime(arrived);
  return made;
}

std::vector<std::uint32_t> gateways(const std::vector<radio::Reception>& receptions) {
  std::vector<std::uint32_t> found;
  found.reserve(receptions.size());
  for (const radio::Reception& reception : receptions) found.push_back(reception.gateway);
  return found;
}

Uplink uplink(std::uint32_t f_cnt, bool confirmed = false, std::uint32_t device = 0) {
  Uplink made;
  made.device = device;
  made.f_cnt = f_cnt;
  made.confirmed = confirmed;
  return made;
}

Downlink downlink(std::uint64_t number, Schedule schedule = Schedule::last, bool confirmed = false,
                  std::uint32_t device = 0) {
  Downlink made;
  made.number = number;
  made.device = device;
  made.confirmed = confirmed;
  made.schedule = schedule;
  return made;
}

TEST(Deduplicate, SortsByArrivalAndTellsWhenTheWindowCloses) {
  std::vector<radio::Reception> receptions = {reception(0, 30ms), reception(1, 10ms),
                                              reception(2, 20ms)};
  EXPECT_EQ(deduplicate(receptions, 200ms), SimTime(210ms));
  EXPECT_THAT(gateways(receptions), ElementsAre(1, 2, 0));
}

TEST(Deduplicate, KeepsTheOrderOfCopiesThatArriveTogether) {
  std::vector<radio::Reception> receptions = {reception(3, 10ms), reception(1, 10ms),
                                              reception(2, 10ms)};
  deduplicate(receptions, 200ms);
  EXPECT_THAT(gateways(receptions), ElementsAre(3, 1, 2));
}

TEST(Deduplicate, DropsWhatArrivesAfterTheWindow) {
  std::vector<radio::Reception> receptions = {reception(0, 211ms), reception(1, 210ms + 1ns),
                                              reception(2, 210ms), reception(3, 10ms)};
  deduplicate(receptions, 200ms);
  EXPECT_THAT(gateways(receptions), ElementsAre(3, 2));
}

TEST(Deduplicate, KeepsASingleCopy) {
  std::vector<radio::Reception> receptions = {reception(4, 5ms)};
  EXPECT_EQ(deduplicate(receptions, 0ms), SimTime(5ms));
  EXPECT_THAT(gateways(receptions), ElementsAre(4));
}

struct CounterCase {
  std::uint32_t last;
  std::uint32_t next;
  bool confirmed;
  CounterVerdict verdict;
  bool is_retry = false;
};

// The deployed server's rules: higher by up to 16384, anything after 0, a repetition if confirmed.
TEST(Server, ChecksCountersAsDeployed) {
  using enum CounterVerdict;
  const CounterCase cases[] = {
      {5, 6, false, accepted},
      {5, 6, true, accepted},
      {5, 5, false, not_higher},
      {5, 5, true, accepted, true},
      {5, 4, false, not_higher},
      {5, 4, true, not_higher},
      {5, 0, false, not_higher},
      {5, 5 + 16'384, false, accepted},
      {5, 5 + 16'385, false, gap_too_large},
      {5, 5 + 16'385, true, gap_too_large},
      {0, 0, false, accepted, true},
      {0, 0, true, accepted, true},
      {0, 1, false, accepted},
      {0, 50'000, false, accepted},
      {65'535, 65'536, false, accepted},
      {65'535, 0, false, not_higher},
      {4'294'967'295, 4'294'967'295, true, accepted, true},
      {4'294'967'295, 0, false, not_higher},
  };
  for (const CounterCase& c : cases) {
    SCOPED_TRACE(std::to_string(c.last) + " then " + std::to_string(c.next) +
                 (c.confirmed ? " confirmed" : ""));
    Server server(1);
    Uplink first = uplink(c.last);
    ASSERT_EQ(server.accept(first), accepted);
    Uplink second = uplink(c.next, c.confirmed);
    EXPECT_EQ(server.accept(second), c.verdict);
    EXPECT_EQ(second.is_retry, c.is_retry);
    EXPECT_EQ(second.is_retry_as_deployed, c.is_retry);
  }
}

TEST(Server, AcceptsAnyFirstCounter) {
  for (const std::uint32_t f_cnt : {0u, 1u, 16'385u, 4'294'967'295u}) {
    Server server(1);
    Uplink first = uplink(f_cnt);
    EXPECT_EQ(server.accept(first), CounterVerdict::accepted) << f_cnt;
  }
}

TEST(Server, RemembersNothingOfARejectedFrame) {
  Server server(1);
  Uplink first = uplink(5);
  server.accept(first);
  for (const std::uint32_t rejected : {4u, 5u + 16'385u}) {
    Uplink frame = uplink(rejected);
    EXPECT_NE(server.accept(frame), CounterVerdict::accepted);
  }
  Uplink repeated = uplink(5);
  EXPECT_EQ(server.accept(repeated), CounterVerdict::not_higher);
  Uplink next = uplink(6);
  EXPECT_EQ(server.accept(next), CounterVerdict::accepted);
  EXPECT_FALSE(next.is_retry);
}

// The deployed network calls a new device's first frame a retry if its counter is 0.
TEST(Server, TellsRetriesByBothRules) {
  Server server(2);
  Uplink zero = uplink(0, false, 0);
  server.accept(zero);
  EXPECT_FALSE(zero.is_retry);
  EXPECT_TRUE(zero.is_retry_as_deployed);
  Uplink seven = uplink(7, false, 1);
  server.accept(seven);
  EXPECT_FALSE(seven.is_retry);
  EXPECT_FALSE(seven.is_retry_as_deployed);
  Uplink seven_again = uplink(7, true, 1);
  server.accept(seven_again);
  EXPECT_TRUE(seven_again.is_retry);
  EXPECT_TRUE(seven_again.is_retry_as_deployed);
  Uplink eight = uplink(8, true, 1);
  server.accept(eight);
  EXPECT_FALSE(eight.is_retry);
  EXPECT_FALSE(eight.is_retry_as_deployed);
}

TEST(Server, KeepsDevicesApart) {
  Server server(2);
  Uplink high = uplink(100, false, 0);
  server.accept(high);
  Uplink low = uplink(3, false, 1);
  EXPECT_EQ(server.accept(low), CounterVerdict::accepted);
  server.enqueue(downlink(1, Schedule::last, false, 0));
  EXPECT_EQ(server.respond(low), std::nullopt);
}

TEST(Server, SendsNothingWithoutReason) {
  Server server(1);
  EXPECT_EQ(server.respond(uplink(1)), std::nullopt);
}

TEST(Server, AcknowledgesAConfirmedUplinkWithoutADownlink) {
  Server server(1);
  const std::optional<Answer> answer = server.respond(uplink(1, true));
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->ack);
  EXPECT_EQ(answer->downlink, nullptr);
  EXPECT_FALSE(answer->pending);
}

TEST(Server, CountsItsDownlinksUpOnlyWhenItSends) {
  Server server(1);
  EXPECT_EQ(server.respond(uplink(1, true))->f_cnt_down, 0u);
  EXPECT_EQ(server.respond(uplink(2)), std::nullopt);
  EXPECT_EQ(server.respond(uplink(3, true))->f_cnt_down, 1u);
}

TEST(Server, SaysThatMoreIsPending) {
  Server server(1);
  server.enqueue(downlink(1));
  server.enqueue(downlink(2));
  EXPECT_EQ(server.unsent(), 2u);
  const std::optional<Answer> first = server.respond(uplink(1));
  ASSERT_TRUE(first);
  EXPECT_EQ(first->downlink->number, 1u);
  EXPECT_TRUE(first->pending);
  EXPECT_FALSE(first->ack);
  EXPECT_EQ(server.unsent(), 1u);
  EXPECT_EQ(server.acknowledge(uplink(2), false), std::nullopt);
  const std::optional<Answer> second = server.respond(uplink(2));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->downlink->number, 2u);
  EXPECT_FALSE(second->pending);
  EXPECT_EQ(server.unsent(), 0u);
}

TEST(Server, RepeatsAConfirmedDownlinkUntilItIsAcknowledged) {
  Server server(1);
  server.enqueue(downlink(1, Schedule::last, true));
  EXPECT_TRUE(server.respond(uplink(1))->first_time);
  EXPECT_EQ(server.acknowledge(uplink(2), false), std::nullopt);
  const std::optional<Answer> repeated = server.respond(uplink(2));
  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->downlink->number, 1u);
  EXPECT_FALSE(repeated->first_time);
  EXPECT_EQ(repeated->f_cnt_down, 1u);
  EXPECT_EQ(server.acknowledge(uplink(3), true), 1u);
  EXPECT_EQ(server.respond(uplink(3)), std::nullopt);
}

TEST(Server, RepeatsAnUnconfirmedDownlinkOnARetryAlone) {
  Server server(1);
  server.enqueue(downlink(1));
  server.respond(uplink(1, true));
  Uplink retry = uplink(1, true);
  retry.is_retry = true;
  server.acknowledge(retry, false);
  EXPECT_EQ(server.respond(retry)->downlink->number, 1u);
  server.acknowledge(uplink(2), false);
  EXPECT_EQ(server.respond(uplink(2)), std::nullopt);
}

TEST(Server, TellsWhatAReplacementDisplaced) {
  Server server(1);
  EXPECT_THAT(server.enqueue(downlink(1)), ElementsAre());
  EXPECT_THAT(server.enqueue(downlink(2)), ElementsAre());
  EXPECT_THAT(server.enqueue(downlink(3, Schedule::replace)), ElementsAre(1u, 2u));
  EXPECT_EQ(server.unsent(), 1u);
}

TEST(CounterVerdict, IsSaidInWords) {
  EXPECT_EQ(to_string(CounterVerdict::accepted), "accepted");
  EXPECT_EQ(to_string(CounterVerdict::not_higher), "counter not higher than the last");
  EXPECT_EQ(to_string(CounterVerdict::gap_too_large), "counter more than 16384 ahead of the last");
}

}  // namespace
}  // namespace sim::network
