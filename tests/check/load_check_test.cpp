// Whether a load counts as offered: what makes its figures worthless, and what does not.
#include "sim/check/load_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/judge.h"
#include "tests/support/hand_made_run.h"

namespace sim::check {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class LoadOffered : public ::testing::Test {
 protected:
  LoadOffered() {
    expectation_.id = "load";
    expectation_.what = LoadExpectation{100, 0.02, 50ms};
    check_.emplace(expectation_);
  }

  void uplinks(int count, std::chrono::nanoseconds late, delivery::Outcome outcome) {
    for (int i = 0; i < count; ++i) {
      check_->on(UplinkDue{1, nullptr, false, {}, {}, 1, {}, late});
      delivery::Delivery delivery;
      delivery.outcome = outcome;
      check_->on(UplinkDelivered{1, "dev-1", 1, &delivery, {}, nullptr, 0});
    }
  }

  Verdict verdict(bool interrupted = false) {
    check_->on(RunEnded{interrupted, 0});
    return check_->verdict();
  }

  Expectation expectation_;
  std::optional<LoadCheck> check_;
};

TEST_F(LoadOffered, WhateverTheEndpointMakesOfIt) {
  uplinks(50, 1ms, delivery::Outcome::delivered);
  uplinks(25, 2ms, delivery::Outcome::failed);
  uplinks(25, 3ms, delivery::Outcome::timed_out);
  const Verdict passed = verdict();
  EXPECT_EQ(passed.outcome, Outcome::passed);
  EXPECT_THAT(passed.actual, HasSubstr("100 uplinks, 3"));
}

TEST_F(LoadOffered, WithFewSkippedOrLate) {
  uplinks(98, 1ms, delivery::Outcome::delivered);
  uplinks(1, 10s, delivery::Outcome::skipped);  // late at p99 is not late at most
  uplinks(1, 1ms, delivery::Outcome::skipped);
  EXPECT_EQ(verdict().outcome, Outcome::passed);
}

TEST_F(LoadOffered, NotWithManySkipped) {
  uplinks(97, 1ms, delivery::Outcome::delivered);
  uplinks(3, 1ms, delivery::Outcome::skipped);
  const Verdict untold = verdict();
  EXPECT_EQ(untold.outcome, Outcome::inconclusive);
  EXPECT_THAT(untold.actual, HasSubstr("3 uplinks of 100 were skipped"));
}

TEST_F(LoadOffered, NotWhereLnsimWasLate) {
  uplinks(90, 1ms, delivery::Outcome::delivered);
  uplinks(10, 80ms, delivery::Outcome::delivered);
  const Verdict untold = verdict();
  EXPECT_EQ(untold.outcome, Outcome::inconclusive);
  EXPECT_THAT(untold.actual, HasSubstr("lnsim was late itself"));
}

TEST_F(LoadOffered, NotWhereDevicesHadTooLittleToSend) {
  uplinks(40, 1ms, delivery::Outcome::delivered);
  EXPECT_THAT(verdict().actual, HasSubstr("only 40 of 100 uplinks"));
}

TEST_F(LoadOffered, AsFarAsAnInterruptedRunCame) {
  uplinks(40, 1ms, delivery::Outcome::delivered);
  EXPECT_EQ(verdict(true).outcome, Outcome::passed);  // the report is inconclusive all the same
}

TEST(LatencyOfAPhase, LooksAtThatPhaseOnly) {
  Expectation expectation;
  LatencyExpectation latency;
  latency.below = 100ms;
  latency.phase = "peak";
  expectation.what = latency;
  Judge judge({expectation}, {"http://e/up", "POST", {}});
  const delivery::LoadProfile profile({{"calm", 1, 1, 1s}, {"peak", 9, 9, 1s}});
  const Stamp stamp;
  judge.on(stamp, LoadPlanned{&profile});
  const auto answer = [&](std::uint16_t phase, std::chrono::nanoseconds latency_of_it) {
    delivery::Delivery delivery;
    delivery.status = 200;
    delivery.answered = delivery.due + latency_of_it;
    judge.on(stamp, UplinkDelivered{1, "dev-1", 1, &delivery, {}, nullptr, phase});
  };
  answer(0, 5s);
  EXPECT_EQ(judge.verdicts().at(0).outcome, Outcome::inconclusive);  // nothing yet of the peak
  answer(1, 50ms);
  EXPECT_EQ(judge.verdicts().at(0).outcome, Outcome::passed);
  EXPECT_THAT(judge.verdicts().at(0).expected, HasSubstr("latencies in peak below 100 ms"));
  answer(1, 5s);
  EXPECT_EQ(judge.verdicts().at(0).outcome, Outcome::failed);
}

}  // namespace
}  // namespace sim::check
