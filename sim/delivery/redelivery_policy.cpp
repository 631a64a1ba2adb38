#include "sim/delivery/redelivery_policy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

#include "sim/http/date.h"

namespace sim::delivery {

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr std::array<std::string_view, 3> kNames = {"none", "tts-cloud", "standard-webhooks"};
constexpr int kGone = 410;

RedeliveryPolicy tts_cloud() {
  RedeliveryPolicy policy;
  policy.waits = {4min, 8min, 15min, 15min, 15min, 15min};
  policy.jitter = 0.15;
  policy.timeout = 10s;
  return policy;
}

/// The specification leaves the jitter open, and recommends a time limit of 15 to 30 s.
RedeliveryPolicy standard_webhooks() {
  RedeliveryPolicy policy;
  policy.waits = {5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  policy.jitter = 0.1;
  policy.timeout = 15s;
  policy.honours_retry_after = true;
  policy.throttled_by = {{429, 429}, {502, 502}, {504, 504}};
  policy.gone_disables = true;
  return policy;
}

/// "1h9min", "1min30s", "250ms": at most two units, which is all that a reader wants.
std::string span_text(nanoseconds span) {
  constexpr std::pair<nanoseconds, const char*> kUnits[] = {
      {24h, "d"}, {1h, "h"}, {1min, "min"}, {1s, "s"}, {1ms, "ms"}};
  std::string text;
  int units = 0;
  for (const auto& [unit, name] : kUnits) {
    const auto count = span / unit;
    if (count == 0 || units == 2) continue;
    text += std::to_string(count) + name;
    span -= count * unit;
    ++units;
  }
  return text.empty() ? "0s" : text;
}

std::optional<nanoseconds> seconds_of(std::string_view text) {
  long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty() || value < 0) return std::nullopt;
  if (error == std::errc::result_out_of_range) return kLongestRetryAfter;
  if (error != std::errc{}) return std::nullopt;
  return std::min<nanoseconds>(std::chrono::seconds(std::min(value, 10'000'000L)),
                               kLongestRetryAfter);
}

std::string give_up_text(const RedeliveryPolicy& policy, const TryResult& result) {
  if (!policy.redelivers()) return {};
  if (policy.gone_disables && result.status == kGone) return "answered 410: the webhook is gone";
  if (is_in(policy.gives_up_on, result.status)) {
    return "answered " + std::to_string(result.status) + ", which is not delivered again";
  }
  if (result.step > policy.waits.size()) {
    return "that was the last of " + std::to_string(policy.waits.size() + 1) + " tries";
  }
  return {};
}

}  // namespace

std::optional<RedeliveryPolicy> find_policy(std::string_view name) {
  RedeliveryPolicy policy;
  if (name == "tts-cloud") policy = tts_cloud();
  if (name == "standard-webhooks") policy = standard_webhooks();
  policy.name = name;
  const bool known = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  return known ? std::optional(std::move(policy)) : std::nullopt;
}

std::span<const std::string_view> policy_names() {
  return kNames;
}

std::string describe(const RedeliveryPolicy& policy) {
  std::string text = policy.name + ": ";
  const auto whole = std::accumulate(policy.waits.begin(), policy.waits.end(), nanoseconds{0});
  text += policy.redelivers()
              ? std::to_string(policy.waits.size() + 1) + " tries within " + span_text(whole)
              : std::string("1 try");
  if (policy.suspension) {
    text += ", suspended for " + span_text(policy.suspension->span) + " after " +
            std::to_string(policy.suspension->after) + " failures in a row";
  }
  return text;
}

NextTry next_try(const RedeliveryPolicy& policy, const TryResult& result, double lot) {
  if (result.outcome == Outcome::delivered || !policy.redelivers()) return {};
  if (std::string why = give_up_text(policy, result); !why.empty()) {
    return {std::nullopt, std::move(why)};
  }
  const nanoseconds planned = policy.waits[result.step - 1];
  const double share = 1 + policy.jitter * (2 * lot - 1);
  nanoseconds wait(static_cast<nanoseconds::rep>(static_cast<double>(planned.count()) * share));
  if (policy.honours_retry_after && result.retry_after) {
    wait = std::max(wait, *result.retry_after);
  }
  return {wait, {}};
}

std::optional<nanoseconds> retry_after(const http::Headers& headers, std::chrono::sys_seconds now) {
  const std::string* value = http::find_header(headers, "Retry-After");
  if (value == nullptr) return std::nullopt;
  if (const auto seconds = seconds_of(*value)) return seconds;
  const auto until = http::parse_date(*value);
  if (!until) return std::nullopt;
  const std::string* date = http::find_header(headers, "Date");
  const auto from = date != nullptr ? http::parse_date(*date) : std::nullopt;
  const std::chrono::seconds wait = *until - from.value_or(now);
  // As seconds first: as nanoseconds they may be more than there are.
  return std::clamp<std::chrono::seconds>(
      wait, 0s, std::chrono::duration_cast<std::chrono::seconds>(kLongestRetryAfter));
}

bool is_in(const StatusRanges& ranges, int status) {
  return std::any_of(ranges.begin(), ranges.end(), [status](const auto& range) {
    return status >= range.first && status <= range.second;
  });
}

}  // namespace sim::delivery
