#include "sim/scenario/redelivery_value.h"

#include <fmt/format.h>

#include "sim/check/expectation.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;
using delivery::RedeliveryPolicy;

constexpr DurationRange kWait{1ms, 24h * 31, "1ms to 31d"};
constexpr DurationRange kTimeout{1ms, 1h, "1ms to 1h"};
constexpr std::size_t kMaxWaits = 99;
constexpr WholeRange kFailures{1, 1'000'000};

std::optional<RedeliveryPolicy> read_name(const Node& node, Problems& problems) {
  std::vector<std::pair<std::string_view, std::string_view>> words;
  for (const std::string_view name : delivery::policy_names()) words.emplace_back(name, name);
  const auto name = read_word<std::string_view>(node, "redelivery", words, problems);
  return name ? delivery::find_policy(*name) : std::nullopt;
}

std::optional<std::vector<std::chrono::nanoseconds>> read_waits(const Node& node,
                                                                Problems& problems) {
  std::vector<std::chrono::nanoseconds> waits;
  const auto& items = items_of(node, "a list of waits like [5s, 1min]", problems);
  if (items.size() > kMaxWaits) {
    problems.add(node, fmt::format("there are more than {} waits", kMaxWaits));
    return std::nullopt;
  }
  for (const NodePtr& item : items) {
    if (const auto wait = read_duration(*item, kWait, problems)) waits.push_back(*wait);
  }
  return waits;
}

std::optional<delivery::StatusRanges> read_statuses(const Node& node, Problems& problems) {
  if (!is_scalar(node, "statuses like 4xx", problems)) return std::nullopt;
  const auto pattern = check::StatusPattern::parse(node.text);
  if (pattern) return pattern->ranges();
  problems.add(node, pattern.error());
  return std::nullopt;
}

std::optional<delivery::Suspension> read_suspension(const Node& node, Problems& problems) {
  const Section section(node, "a suspension", {"after", "for"}, problems);
  if (!section.is_map()) return std::nullopt;
  delivery::Suspension suspension;
  if (section.require("after") != nullptr) {
    section.take("after", suspension.after, read_whole, kFailures);
  }
  if (section.require("for") != nullptr) {
    section.take("for", suspension.span, read_duration, kWait);
  }
  return suspension;
}

}  // namespace

std::optional<RedeliveryPolicy> read_redelivery(const Node& node, Problems& problems) {
  if (!node.is_map()) return read_name(node, problems);
  const Section section(node, "a redelivery",
                        {"like", "after", "jitter", "timeout", "retry_after", "give_up_on",
                         "throttle_on", "gone", "suspend"},
                        problems);
  RedeliveryPolicy policy;
  section.take("like", policy, read_name);
  policy.name = "own";
  section.take("after", policy.waits, read_waits);
  section.take("jitter", policy.jitter, read_share);
  std::chrono::nanoseconds timeout{0};
  if (section.take("timeout", timeout, read_duration, kTimeout)) {
    policy.timeout = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  }
  section.take("retry_after", policy.honours_retry_after, read_bool);
  section.take("give_up_on", policy.gives_up_on, read_statuses);
  section.take("throttle_on", policy.throttled_by, read_statuses);
  if (const Node* gone = section.find("gone")) {
    policy.gone_disables =
        read_word<bool>(*gone, "way to take a 410", {{"stop", true}, {"try", false}}, problems)
            .value_or(false);
  }
  section.take("suspend", policy.suspension, read_suspension);
  if (policy.is_none()) {
    problems.add(node, "it is not said when a delivery is made again",
                 "write after: [5s, 1min, 10min], or tts-cloud");
  }
  return policy;
}

}  // namespace sim::scenario
