#include "sim/check/acknowledge_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

AcknowledgeCheck::AcknowledgeCheck(const Expectation& expectation)
    : expectation_(expectation), wanted_(std::get<AcknowledgeExpectation>(expectation.what)) {}

void AcknowledgeCheck::on(const Stamp& stamp, const DownlinkCalled& entry) {
  if (entry.downlink == nullptr || !entry.downlink->confirmed) return;
  if (!matches_glob(wanted_.to, entry.device)) return;
  open_.emplace(entry.downlink->number, Open{std::string(entry.device), stamp.at});
}

void AcknowledgeCheck::on(const UplinkDue& entry) {
  for (auto& [number, open] : open_) {
    if (open.sent > 0 && open.device == entry.uplink->device.id) open.sent_again = true;
  }
}

void AcknowledgeCheck::on(const DownlinkSent& entry) {
  if (const auto open = open_.find(entry.downlink); open != open_.end()) ++open->second.sent;
}

void AcknowledgeCheck::on(const Stamp& stamp, const DownlinkAcknowledged& entry) {
  const auto open = open_.find(entry.downlink);
  if (open == open_.end()) return;
  const auto took = stamp.at - open->second.accepted;
  if (wanted_.within && took > *wanted_.within) {
    fail(open->first, open->second, "acknowledged after " + duration_text(took));
  } else {
    ++good_;
  }
  open_.erase(open);
}

void AcknowledgeCheck::on(const DownlinkDropped& entry) {
  const auto open = open_.find(entry.downlink);
  if (open == open_.end()) return;
  fail(open->first, open->second, entry.reason);
  open_.erase(open);
}

void AcknowledgeCheck::on(const Stamp& stamp, const RunEnded& entry) {
  for (const auto& [number, open] : open_) {
    const bool is_late = wanted_.within && open.accepted + *wanted_.within < stamp.at;
    if (entry.interrupted || (!open.sent_again && !is_late)) {
      ++untold_;
    } else {
      fail(number, open, fmt::format("not acknowledged, sent {} times", open.sent));
    }
  }
  open_.clear();
}

void AcknowledgeCheck::fail(std::uint64_t downlink, const Open& open, std::string_view why) {
  ++bad_;
  if (evidence_.full()) return;
  evidence_.add(fmt::format("downlink {} to {}: {}", downlink, open.device, why), "");
}

Verdict AcknowledgeCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = expected_acknowledge_text(wanted_);
  const std::uint64_t told = good_ + bad_;
  if (told == 0) {
    verdict.outcome = Outcome::inconclusive;
    verdict.actual = "no confirmed downlink put it to the test";
  } else {
    verdict.outcome = reaches(good_, told, wanted_.share) ? Outcome::passed : Outcome::failed;
    verdict.actual = share_text(good_, told);
  }
  if (untold_ > 0) verdict.actual += fmt::format("; the run ended too early for {}", untold_);
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

std::string expected_acknowledge_text(const AcknowledgeExpectation& wanted) {
  return fmt::format("{} of the confirmed downlinks{} acknowledged{}", percent_text(wanted.share),
                     wanted.to == "*" ? "" : " to " + wanted.to,
                     wanted.within ? " within " + duration_text(*wanted.within) : "");
}

}  // namespace sim::check
