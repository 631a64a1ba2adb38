#include "sim/check/outcome_counts.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

bool was_interrupted(const delivery::Delivery& delivery) {
  return delivery.outcome == delivery::Outcome::failed &&
         delivery.reason.starts_with("interrupted");
}

std::string outcome_text(const delivery::Delivery& delivery) {
  std::string text(delivery::to_string(delivery.outcome));
  if (delivery.outcome == delivery::Outcome::timed_out) text = "timed out";
  if (delivery.status != 0) return fmt::format("{} with {}", text, delivery.status);
  if (delivery.reason.empty()) return text;
  return fmt::format("{}: {}", text, delivery.reason);
}

Outcome OutcomeCounts::outcome(double share) const {
  const std::uint64_t known = due - interrupted;
  if (known == 0) return Outcome::inconclusive;
  if (!reaches(good, known, share)) return Outcome::failed;
  return interrupted == 0 ? Outcome::passed : Outcome::inconclusive;
}

std::string OutcomeCounts::text(std::string_view details) const {
  if (due == 0) return "there was no uplink";
  std::string text = share_text(good, due - interrupted);
  if (!details.empty()) text += fmt::format(": {}", details);
  if (interrupted != 0) text += fmt::format("; {} more interrupted", interrupted);
  return text;
}

}  // namespace sim::check
