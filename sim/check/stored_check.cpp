#include "sim/check/stored_check.h"

#include <fmt/format.h>

#include <utility>

#include "sim/check/wording.h"

namespace sim::check {

namespace {

void add_to(std::string& list, std::string_view separator, std::string_view text) {
  if (!list.empty()) list += separator;
  list += text;
}

/// "3 more uplinks stored"
std::string more_text(std::uint64_t count) {
  if (count == 0) return "no more uplinks stored";
  return count_text(count, "more uplink") + " stored";
}

}  // namespace

StoredCheck::StoredCheck(const Expectation& expectation)
    : expectation_(expectation), wanted_(std::get<StoredExpectation>(expectation.what)) {}

// --- What was delivered -----------------------------------------------------------------------

bool StoredCheck::counts_frames_of(std::string_view device) const {
  return wanted_.count_delivered && matches_glob(wanted_.to, device);
}

void StoredCheck::on(const UplinkDue& entry) {
  const std::string& device = entry.uplink->device.id;
  if (!counts_frames_of(device)) return;
  const network::Uplink& frame = entry.uplink->frame;
  in_flight_[entry.number] = frames_[device].add(frame.f_cnt, frame.payload);
}

void StoredCheck::on(const UplinkDelivered& entry) {
  const auto sent = in_flight_.find(entry.number);
  if (sent == in_flight_.end()) return;
  DeliveredFrames& frames = frames_.find(entry.device)->second;
  const delivery::Outcome outcome = entry.delivery->outcome;
  if (outcome == delivery::Outcome::delivered) {
    frames.deliver(sent->second);
  } else if (outcome == delivery::Outcome::timed_out || outcome == delivery::Outcome::failed) {
    frames.leave_open(sent->second);
  }
  in_flight_.erase(sent);
}

/// A try without an answer may have been stored, whatever becomes of the next one.
void StoredCheck::on(const DeliveryTried& entry) {
  const auto sent = in_flight_.find(entry.number);
  if (sent == in_flight_.end()) return;
  const delivery::Outcome outcome = entry.delivery->outcome;
  if (outcome == delivery::Outcome::timed_out || outcome == delivery::Outcome::failed) {
    frames_.find(entry.device)->second.leave_open(sent->second);
  }
}

void StoredCheck::on(const DeviceChanged& entry) {
  if (!entry.what.starts_with("its counter begins anew")) return;
  const auto found = frames_.find(entry.device);
  if (found != frames_.end()) found->second.begin_anew();
}

void StoredCheck::on(const DeviceJoined& entry) {
  const auto found = frames_.find(entry.device);
  if (found != frames_.end()) found->second.begin_anew();
}

// --- What is stored ---------------------------------------------------------------------------

void StoredCheck::on(const ProbeAnswered& entry) {
  if (!matches_glob(wanted_.to, entry.device)) return;
  Asked& asked = asked_[std::string(entry.device)];
  Answer answer;
  if (entry.told != nullptr) answer.told = *entry.told;
  answer.error = entry.error;
  (entry.after ? asked.after : asked.before) = std::move(answer);
  asked.again = entry.again;
}

void StoredCheck::on(const RunEnded& entry) {
  interrupted_ = entry.interrupted;
  for (const auto& [device, asked] : asked_) {
    const Finding finding = judge(device, asked);
    if (!finding.wrong.empty()) {
      ++wrong_;
      wrong_evidence_.add(fmt::format("{}: {}", device, finding.wrong), asked.again);
    } else if (!finding.untold.empty()) {
      ++untold_;
      untold_evidence_.add(fmt::format("{}: {}", device, finding.untold), asked.again);
    } else {
      ++good_;
    }
  }
}

StoredCheck::Finding StoredCheck::judge(std::string_view device, const Asked& asked) const {
  Finding finding;
  if (!asked.after) {
    finding.untold = "the run was interrupted before the probe was asked";
  } else if (!asked.after->error.empty()) {
    finding.untold = asked.after->error;
  } else {
    judge_count(device, asked, finding);
    judge_counter(asked.after->told, finding);
    judge_fields(asked.after->told, finding);
  }
  return finding;
}

void StoredCheck::judge_count(std::string_view device, const Asked& asked, Finding& finding) const {
  if (!wanted_.count && !wanted_.count_delivered) return;
  if (!asked.before || !asked.before->error.empty()) {
    const std::string reason = asked.before ? asked.before->error : "it was not asked";
    return add_to(finding.untold, "; ", "before the run: " + reason);
  }
  if (!asked.before->told.count || !asked.after->told.count) {
    return add_to(finding.untold, "; ", "the probe does not tell how many uplinks are stored");
  }
  const std::uint64_t before = *asked.before->told.count;
  const std::uint64_t after = *asked.after->told.count;
  std::uint64_t least = wanted_.count.value_or(0);
  std::uint64_t open = 0;
  if (const auto frames = frames_.find(device); frames != frames_.end()) {
    least = frames->second.delivered();
    open = frames->second.open();
  }
  if (after >= before + least && after <= before + least + open) return;
  const std::string more = after < before
                               ? fmt::format("{} stored before the run, {} after it", before, after)
                               : more_text(after - before);
  std::string wanted = std::to_string(least);
  if (open > 0) wanted += fmt::format(" to {}", least + open);
  wanted += wanted_.count_delivered ? " distinct frames delivered" : " expected";
  add_to(finding.wrong, "; ", fmt::format("{}, {}", more, wanted));
}

void StoredCheck::judge_counter(const ProbeTold& told, Finding& finding) const {
  if (!wanted_.counter) return;
  if (!told.knows_device) return add_to(finding.wrong, "; ", "the probe knows no such device");
  if (!told.counter) {
    return add_to(finding.untold, "; ", "the probe does not tell the latest counter");
  }
  if (*told.counter == *wanted_.counter) return;
  add_to(finding.wrong, "; ",
         fmt::format("the latest has counter {}, not {}", *told.counter, *wanted_.counter));
}

void StoredCheck::judge_fields(const ProbeTold& told, Finding& finding) const {
  if (wanted_.fields.empty()) return;
  if (!told.knows_device) {
    if (!wanted_.counter) add_to(finding.wrong, "; ", "the probe knows no such device");
    return;
  }
  if (!told.fields) {
    return add_to(finding.untold, "; ", "the probe does not tell the latest fields");
  }
  for (const auto& [name, value] : wanted_.fields) {
    const payload::Value* stored = told.fields->find(name);
    if (stored == nullptr) {
      add_to(finding.wrong, "; ", fmt::format("the latest has no field {}", name));
    } else if (!(*stored == value)) {
      constexpr std::size_t kMost = 100;
      add_to(finding.wrong, "; ",
             fmt::format("the latest has {} {}, not {}", name, cut_text(to_text(*stored), kMost),
                         to_text(value)));
    }
  }
}

// --- What is said of it -----------------------------------------------------------------------

Verdict StoredCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.expected = expected_stored_text(wanted_);
  if (asked_.empty()) {
    verdict.outcome = interrupted_ ? Outcome::inconclusive : Outcome::skipped;
    verdict.actual = interrupted_ ? "the run was interrupted before the probe was asked"
                                  : "the endpoint has no probe";
    if (!interrupted_) verdict.note = verdict.actual;
    return verdict;
  }
  verdict.outcome = untold_ > 0 ? Outcome::inconclusive : Outcome::passed;
  if (wrong_ > 0) verdict.outcome = Outcome::failed;
  verdict.actual = "as expected for " + share_text(good_, good_ + wrong_ + untold_);
  if (wrong_ > 0) verdict.actual += fmt::format(": {} not as expected", wrong_);
  if (untold_ > 0) {
    verdict.actual += fmt::format("{} {} that could not be told", wrong_ > 0 ? "," : ":", untold_);
  }
  if (wrong_ > 0) {
    verdict.evidence = wrong_evidence_.list();
  } else if (untold_ > 0) {
    verdict.evidence = untold_evidence_.list();
  }
  return verdict;
}

std::string expected_stored_text(const StoredExpectation& wanted) {
  std::string what;
  if (wanted.count_delivered) what = "as many more uplinks stored as distinct frames delivered";
  if (wanted.count) what = more_text(*wanted.count);
  std::string latest;
  if (wanted.counter) latest = fmt::format("counter {}", *wanted.counter);
  if (!wanted.fields.empty()) add_to(latest, " and ", "fields " + to_text(wanted.fields));
  if (!latest.empty()) add_to(what, ", ", "the latest has " + latest);
  const std::string devices = wanted.to == "*" ? "each device" : "each of " + wanted.to;
  return fmt::format("of {}: {}", devices, what);
}

}  // namespace sim::check
