#include "sim/delivery/backoff.h"

#include <gtest/gtest.h>

namespace sim::delivery {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kStart{};

TEST(Backoff, PausesAreTwiceAsLongEachTimeAndBounded) {
  Backoff backoff(100ms);
  WallTime now = kStart;
  for (const auto pause : {10ms, 20ms, 40ms, 80ms, 100ms, 100ms}) {
    backoff.cannot_connect(now);
    EXPECT_FALSE(backoff.is_open());
    EXPECT_EQ(backoff.until() - now, pause);
    now = backoff.until();
    EXPECT_TRUE(backoff.begin_trial(now));
  }
}

TEST(Backoff, TriesOneConnectionWhenThePauseIsOver) {
  Backoff backoff(1s);
  EXPECT_FALSE(backoff.cannot_connect(kStart));  // the first was no trial
  EXPECT_FALSE(backoff.begin_trial(kStart + 9ms));
  EXPECT_TRUE(backoff.begin_trial(kStart + 10ms));
  EXPECT_FALSE(backoff.begin_trial(kStart + 10ms));
  EXPECT_TRUE(backoff.cannot_connect(kStart + 11ms));
}

TEST(Backoff, WhatWasBegunBeforeThePauseDoesNotLengthenIt) {
  Backoff backoff(1s);
  backoff.cannot_connect(kStart);
  EXPECT_FALSE(backoff.cannot_connect(kStart + 5ms));
  EXPECT_EQ(backoff.until(), kStart + 10ms);
}

TEST(Backoff, IsOpenAgainWithAConnectionAndBeginsWithTheShortestPause) {
  Backoff backoff(1s);
  backoff.cannot_connect(kStart);
  backoff.begin_trial(kStart + 10ms);
  backoff.cannot_connect(kStart + 10ms);
  backoff.connected();
  EXPECT_TRUE(backoff.is_calm());
  backoff.cannot_connect(kStart);
  EXPECT_EQ(backoff.until(), kStart + 10ms);
}

TEST(Backoff, AnswersOverKeptConnectionsDoNotSayThatNewOnesAreTaken) {
  Backoff backoff(1s);
  backoff.cannot_connect(kStart);
  backoff.answered();
  EXPECT_FALSE(backoff.is_open());
}

TEST(Backoff, ManyDropsInARowArePausedAfterAndFewAreNot) {
  Backoff backoff(1s);
  for (unsigned i = 1; i < Backoff::kDropsInARow; ++i) backoff.dropped(kStart);
  backoff.answered();
  for (unsigned i = 1; i < Backoff::kDropsInARow; ++i) backoff.dropped(kStart);
  EXPECT_TRUE(backoff.is_open());
  backoff.dropped(kStart);
  EXPECT_FALSE(backoff.is_open());
  backoff.begin_trial(kStart + 10ms);
  backoff.connected();  // it takes connections, only to close them
  EXPECT_FALSE(backoff.is_open());
  EXPECT_TRUE(backoff.dropped(kStart + 11ms));
  backoff.answered();
  EXPECT_TRUE(backoff.is_calm());
}

TEST(Backoff, PausesNotAtAllWhereNoneAreWanted) {
  Backoff backoff(0ms);
  backoff.cannot_connect(kStart);
  for (int i = 0; i < 100; ++i) backoff.dropped(kStart);
  EXPECT_TRUE(backoff.is_calm());
}

}  // namespace
}  // namespace sim::delivery
