// Senders that keep the law, whatever they send.
#include "sim/fleet/duty_cycle.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/engine/random.h"

namespace sim::fleet {
namespace {

using namespace std::chrono_literals;
using engine::SimDuration;
using engine::SimTime;

struct Sent {
  SimTime start;
  SimTime end;
};

/// The most time on the air in any hour. An hour that begins with a frame has the most.
SimDuration busiest_hour(const std::vector<Sent>& sent) {
  SimDuration most{0};
  for (const Sent& first : sent) {
    SimDuration total{0};
    const SimTime end = first.start + 1h;
    for (const Sent& one : sent) {
      if (one.end <= first.start || one.start >= end) continue;
      total += std::min(one.end, end) - std::max(one.start, first.start);
    }
    most = std::max(most, total);
  }
  return most;
}

TEST(BandUse, NeverExceedsItsShareOfAnyHour) {
  for (const double share : {0.001, 0.01, 0.1}) {
    engine::Random random(3, engine::Purpose::jitter, 1);
    BandUse use;
    std::vector<Sent> sent;
    SimTime now{};
    for (int i = 0; i < 1'500; ++i) {
      // Mostly short frames, and one in fifty as long as they come.
      const SimDuration airtime = random.below(50) == 0 ? SimDuration(2'800ms) : SimDuration(60ms);
      now = use.earliest(now, airtime, share);
      use.use(now, airtime, share);
      sent.push_back({now, now + airtime});
    }
    const auto allowed = std::chrono::duration<double>(3600 * share);
    EXPECT_LE(busiest_hour(sent), allowed) << share;
    EXPECT_GE(busiest_hour(sent), allowed * (share == 0.01 ? 0.8 : 0.2)) << share;
  }
}

TEST(BandUse, AllowsTheFirstFrameAtOnceAndEveryFrameWithoutALimit) {
  BandUse use;
  const SimTime now{100s};
  EXPECT_EQ(use.earliest(now, 1s, 0.01), now);
  use.use(now, 1s, 1);
  EXPECT_EQ(use.earliest(now + 1s, 1s, 1), now + 1s);
}

TEST(BandUse, WaitsAboutAHundredTimesTheAirtimeAtOnePercent) {
  BandUse use;
  const SimTime now{100s};
  use.use(now, 100ms, 0.01);
  const SimDuration wait = use.earliest(now, 100ms, 0.01) - now;
  EXPECT_GE(wait, 10s);
  EXPECT_LE(wait, 10s + 100ms);
}

TEST(JoinBudget, AllowsThirtySixSecondsThenThirtySixThenNearlyNineADay) {
  JoinBudget budget;
  const SimTime on{1'000s};
  budget.begin(on);
  std::vector<SimTime> begins;
  SimTime now = on;
  while (now < on + 72h) {
    now = budget.earliest(now, 1s);
    budget.use(now, 1s);
    begins.push_back(now);
    now += 1s;
  }
  const auto count = [&](SimDuration from, SimDuration to) {
    return std::count_if(begins.begin(), begins.end(),
                         [&](SimTime one) { return one >= on + from && one < on + to; });
  };
  EXPECT_EQ(count(0h, 1h), 36);
  EXPECT_EQ(count(1h, 11h), 36);
  EXPECT_EQ(count(11h, 35h), 8);
  EXPECT_EQ(count(35h, 59h), 8);
}

}  // namespace
}  // namespace sim::fleet
