// When nothing is sent to a webhook, and when something is again.
#include "sim/delivery/webhook_health.h"

#include <gtest/gtest.h>

namespace sim::delivery {
namespace {

using namespace std::chrono_literals;
using Change = WebhookHealth::Change;

constexpr TryResult kFailed{1, Outcome::rejected, 500, std::nullopt};
constexpr TryResult kGood{1, Outcome::delivered, 200, std::nullopt};

RedeliveryPolicy suspending(unsigned after) {
  RedeliveryPolicy policy;
  policy.suspension = Suspension{after, 10min};
  return policy;
}

TEST(WebhookHealth, SuspendsAfterFailuresInARowOnly) {
  const RedeliveryPolicy policy = suspending(3);
  WebhookHealth health(policy);
  EXPECT_EQ(health.note(kFailed, 1s), Change::none);
  EXPECT_EQ(health.note(kFailed, 2s), Change::none);
  EXPECT_EQ(health.note(kGood, 3s), Change::none);
  EXPECT_EQ(health.note(kFailed, 4s), Change::none);
  EXPECT_EQ(health.note(kFailed, 5s), Change::none);
  EXPECT_TRUE(health.admits(5s));
  EXPECT_EQ(health.note(kFailed, 6s), Change::suspended);
  EXPECT_FALSE(health.admits(7s));
  EXPECT_FALSE(health.admits(10min + 5s));
}

TEST(WebhookHealth, LetsOneThroughAfterTheSpan) {
  const RedeliveryPolicy policy = suspending(1);
  WebhookHealth health(policy);
  EXPECT_EQ(health.note(kFailed, 0s), Change::suspended);
  EXPECT_TRUE(health.admits(10min));
  EXPECT_FALSE(health.admits(10min)) << "one is on trial";
  EXPECT_EQ(health.note(kFailed, 10min + 1s), Change::suspended);
  EXPECT_FALSE(health.admits(20min));
  EXPECT_TRUE(health.admits(20min + 1s));
  EXPECT_EQ(health.note(kGood, 20min + 2s), Change::resumed);
  EXPECT_TRUE(health.admits(20min + 3s));
  EXPECT_TRUE(health.admits(20min + 3s));
}

TEST(WebhookHealth, OneThatFoundNoConnectionIsNoTrial) {
  const RedeliveryPolicy policy = suspending(1);
  WebhookHealth health(policy);
  EXPECT_EQ(health.note(kFailed, 0s), Change::suspended);
  EXPECT_TRUE(health.admits(10min));
  EXPECT_EQ(health.note({1, Outcome::skipped, 0, std::nullopt}, 10min), Change::none);
  EXPECT_TRUE(health.admits(10min));
}

TEST(WebhookHealth, WhatWasInFlightMakesASuspensionLongerAndIsNoNewOne) {
  const RedeliveryPolicy policy = suspending(1);
  WebhookHealth health(policy);
  EXPECT_EQ(health.note(kFailed, 0s), Change::suspended);
  EXPECT_EQ(health.note(kFailed, 1min), Change::none);
  EXPECT_FALSE(health.admits(10min));
  EXPECT_TRUE(health.admits(11min));
}

TEST(WebhookHealth, ALateSuccessEndsASuspension) {
  const RedeliveryPolicy policy = suspending(1);
  WebhookHealth health(policy);
  EXPECT_EQ(health.note(kFailed, 0s), Change::suspended);
  EXPECT_EQ(health.note(kGood, 1s), Change::resumed);
  EXPECT_TRUE(health.admits(2s));
}

TEST(WebhookHealth, IsGoneForGoodAfterA410) {
  RedeliveryPolicy policy;
  policy.gone_disables = true;
  WebhookHealth health(policy);
  EXPECT_EQ(health.note({1, Outcome::rejected, 410, std::nullopt}, 0s), Change::disabled);
  EXPECT_FALSE(health.admits(1'000h));
  EXPECT_EQ(health.note(kGood, 1s), Change::none) << "a late answer does not bring it back";
  EXPECT_FALSE(health.admits(1'000h));
}

TEST(WebhookHealth, IsHeldForAsLongAsItAsksForPatience) {
  const RedeliveryPolicy policy = find_policy("standard-webhooks").value();
  WebhookHealth health(policy);
  EXPECT_EQ(health.note({1, Outcome::rejected, 429, 30s}, 0s), Change::throttled);
  EXPECT_EQ(health.note({1, Outcome::rejected, 502, std::nullopt}, 1s), Change::none);
  EXPECT_FALSE(health.admits(29s));
  EXPECT_TRUE(health.admits(30s));
  EXPECT_TRUE(health.admits(30s)) << "that was no suspension";
  EXPECT_EQ(health.note(kFailed, 31s), Change::none);
  EXPECT_TRUE(health.admits(32s));
}

}  // namespace
}  // namespace sim::delivery
