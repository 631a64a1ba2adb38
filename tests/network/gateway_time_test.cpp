#include "sim/network/gateway_time.h"

#include <gtest/gtest.h>

namespace sim::network {
namespace {

using engine::SimTime;
using namespace std::chrono_literals;

constexpr SimTime kReceived{std::chrono::seconds(1'772'352'000)};

TEST(AcceptedTime, LeavesOutWhatIsOlderThanADay) {
  EXPECT_EQ(accepted_time(kReceived - 24h - 1ns, kReceived), std::nullopt);
  EXPECT_EQ(accepted_time(SimTime(315'964'800s), kReceived), std::nullopt);
}

TEST(AcceptedTime, PassesADayAndLess) {
  EXPECT_EQ(accepted_time(kReceived - 24h, kReceived), kReceived - 24h);
  EXPECT_EQ(accepted_time(kReceived - 5s, kReceived), kReceived - 5s);
}

TEST(AcceptedTime, PassesTheFuture) {
  EXPECT_EQ(accepted_time(kReceived + 30min, kReceived), kReceived + 30min);
  EXPECT_EQ(accepted_time(kReceived + 24h * 365, kReceived), kReceived + 24h * 365);
}

TEST(AcceptedTime, MakesUpNoTime) {
  EXPECT_EQ(accepted_time(std::nullopt, kReceived), std::nullopt);
}

}  // namespace
}  // namespace sim::network
