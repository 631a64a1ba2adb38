#include "sim/endpoint/retry_rules.h"

#include <algorithm>

namespace sim::endpoint {

std::optional<std::chrono::milliseconds> pause_before_retry(const CallFailure& failure,
                                                            unsigned tries,
                                                            const RetryRules& rules) {
  if (!failure.may_pass || tries > rules.retries) return std::nullopt;
  const std::chrono::milliseconds back_off = rules.first_pause * (1U << std::min(tries - 1, 16U));
  if (!failure.retry_after) return back_off;
  // To come sooner than the network asks would only be refused again.
  if (*failure.retry_after > rules.most_patience) return std::nullopt;
  return std::max(back_off, std::chrono::milliseconds(*failure.retry_after));
}

}  // namespace sim::endpoint
