// What follows upon a failed try, policy by policy; and Retry-After in all that servers write.
#include "sim/delivery/redelivery_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace sim::delivery {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kMiddle = 0.5;                           // the lot of no jitter
constexpr std::chrono::sys_seconds kNow{1'772'352'000s};  // 2026-03-01T08:00:00Z

RedeliveryPolicy named(std::string_view name) {
  return find_policy(name).value();
}

TryResult rejected(unsigned step, int status = 500) {
  return {step, Outcome::rejected, status, std::nullopt};
}

std::vector<nanoseconds> waits_of(const RedeliveryPolicy& policy, double lot) {
  std::vector<nanoseconds> waits;
  for (unsigned step = 1; waits.size() < 100; ++step) {
    const NextTry next = next_try(policy, rejected(step), lot);
    if (!next.wait) break;
    waits.push_back(*next.wait);
  }
  return waits;
}

TEST(RedeliveryPolicy, NoneIsTheBaseIntegrations) {
  EXPECT_TRUE(named("none").is_none());
  const NextTry next = next_try(named("none"), rejected(1), kMiddle);
  EXPECT_FALSE(next.wait);
  EXPECT_EQ(next.why_not, "") << "nobody asked for another";
  EXPECT_EQ(find_policy("often"), std::nullopt);
}

TEST(RedeliveryPolicy, OfTtsCloudHasSevenTries) {
  const RedeliveryPolicy policy = named("tts-cloud");
  EXPECT_THAT(waits_of(policy, kMiddle), ElementsAre(4min, 8min, 15min, 15min, 15min, 15min));
  EXPECT_THAT(next_try(policy, rejected(7), kMiddle).why_not, HasSubstr("7 tries"));
  EXPECT_EQ(policy.timeout, 10s);
  EXPECT_EQ(describe(policy), "tts-cloud: 7 tries within 1h12min");
}

TEST(RedeliveryPolicy, JitterIsAsWideAsItIsSaid) {
  const RedeliveryPolicy policy = named("tts-cloud");
  const double shortest = static_cast<double>(next_try(policy, rejected(1), 0).wait->count());
  const double longest = static_cast<double>(next_try(policy, rejected(1), 0.999999).wait->count());
  EXPECT_NEAR(shortest / nanoseconds(4min).count(), 0.85, 1e-6);
  EXPECT_NEAR(longest / nanoseconds(4min).count(), 1.15, 1e-5);
}

TEST(RedeliveryPolicy, OfStandardWebhooksHasTenTries) {
  EXPECT_THAT(waits_of(named("standard-webhooks"), kMiddle),
              ElementsAre(5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h));
}

TEST(RedeliveryPolicy, GivesUpOnWhatItIsToldTo) {
  RedeliveryPolicy policy;
  policy.waits = {1s, 1s};
  policy.gives_up_on = {{400, 428}, {430, 499}};
  EXPECT_FALSE(next_try(policy, rejected(1, 404), kMiddle).wait);
  EXPECT_THAT(next_try(policy, rejected(1, 404), kMiddle).why_not, HasSubstr("404"));
  EXPECT_TRUE(next_try(policy, rejected(1, 429), kMiddle).wait);
  EXPECT_TRUE(next_try(policy, rejected(1, 302), kMiddle).wait) << "a redirect is a failure";
}

TEST(RedeliveryPolicy, EveryOutcomeButDeliveredIsAFailure) {
  const RedeliveryPolicy policy = named("tts-cloud");
  for (const Outcome outcome :
       {Outcome::rejected, Outcome::timed_out, Outcome::failed, Outcome::skipped}) {
    EXPECT_TRUE(next_try(policy, {1, outcome, 0, std::nullopt}, kMiddle).wait);
  }
  const NextTry next = next_try(policy, {1, Outcome::delivered, 200, std::nullopt}, kMiddle);
  EXPECT_FALSE(next.wait);
  EXPECT_EQ(next.why_not, "");
}

TEST(RedeliveryPolicy, RetryAfterMakesAWaitLongerAndNeverShorter) {
  TryResult result = rejected(1, 429);
  result.retry_after = 60s;
  EXPECT_EQ(next_try(named("standard-webhooks"), result, kMiddle).wait, 60s);
  result.retry_after = 1s;
  EXPECT_EQ(next_try(named("standard-webhooks"), result, kMiddle).wait, 5s);
  result.retry_after = 10h;
  EXPECT_EQ(next_try(named("tts-cloud"), result, kMiddle).wait, 4min) << "it does not look at it";
}

TEST(RedeliveryPolicy, AGoneWebhookIsNotTriedAgainWhereThatIsHonoured) {
  EXPECT_FALSE(next_try(named("standard-webhooks"), rejected(1, 410), kMiddle).wait);
  EXPECT_TRUE(next_try(named("tts-cloud"), rejected(1, 410), kMiddle).wait);
}

struct Header {
  http::Headers headers;
  std::optional<nanoseconds> wait;
};

TEST(RetryAfter, IsReadInAllItsForms) {
  const std::vector<Header> table = {
      {{}, std::nullopt},
      {{{"Retry-After", "120"}}, 120s},
      {{{"retry-after", "0"}}, 0s},
      {{{"Retry-After", "-5"}}, std::nullopt},
      {{{"Retry-After", "1.5"}}, std::nullopt},
      {{{"Retry-After", "soon"}}, std::nullopt},
      {{{"Retry-After", ""}}, std::nullopt},
      {{{"Retry-After", "99999999999999999999999"}}, kLongestRetryAfter},
      {{{"Retry-After", "1000000"}}, kLongestRetryAfter},
      {{{"Retry-After", "Sun, 01 Mar 2026 08:01:00 GMT"}}, 60s},
      {{{"Retry-After", "Sun, 01 Mar 2026 07:00:00 GMT"}}, 0s},
      {{{"Retry-After", "Mon, 01 Mar 2060 07:00:00 GMT"}}, kLongestRetryAfter},
      // A server whose clock is wrong is wrong by the same in both.
      {{{"Retry-After", "Thu, 01 Jan 1998 00:02:00 GMT"},
        {"Date", "Thu, 01 Jan 1998 00:00:00 GMT"}},
       120s},
  };
  for (const Header& row : table) {
    EXPECT_EQ(retry_after(row.headers, kNow), row.wait)
        << (row.headers.empty() ? "none" : row.headers[0].value);
  }
}

}  // namespace
}  // namespace sim::delivery
