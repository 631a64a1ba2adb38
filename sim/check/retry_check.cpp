#include "sim/check/retry_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/check/curl.h"
#include "sim/check/wording.h"

namespace sim::check {

namespace {

using Wall = std::chrono::nanoseconds;

// Bounds on what hostile or very fast traffic can make a check keep.
constexpr std::size_t kMaxOpen = 1024;
constexpr std::size_t kMaxDevice = 64;
constexpr std::size_t kMaxAsked = 1024;
constexpr std::size_t kMaxTimes = 8;
// Tries that may stay away in a row before virtual time is no longer held for the next.
constexpr unsigned kPatience = 3;
// Clocks of two processes and the scheduler between them: a try that is so much early is in time.
constexpr std::chrono::milliseconds kTolerance{10};

std::string key_of(const DownlinkCalled& call) {
  return fmt::format("{}\n{}", call.device.substr(0, kMaxDevice),
                     call.asks_for.substr(0, kMaxAsked));
}

std::string times_text(const std::vector<Wall>& times, unsigned tries) {
  std::string text;
  for (const Wall time : times) {
    if (!text.empty()) text += ", ";
    text += duration_text(time);
  }
  if (tries > times.size() + 1) text += ", ...";
  return text;
}

}  // namespace

RetryCheck::RetryCheck(const Expectation& expectation)
    : expectation_(expectation), wanted_(std::get<RetryExpectation>(expectation.what)) {}

// --- Calls come -------------------------------------------------------------------------------

void RetryCheck::on(const Stamp& stamp, const DownlinkCalled& call) {
  close_expired(stamp.wall);
  std::string key = key_of(call);
  const auto found = open_.find(key);
  if (found == open_.end()) {
    if (call.fault != nullptr && wanted_.met.matches(*call.fault)) {
      begin(stamp, call, std::move(key));
    }
    return;
  }
  add_try(stamp.wall, found->second);
  if (call.fault != nullptr && call.fault->refuses()) {
    return go_on(stamp.wall, *call.fault, found->second);
  }
  waited_in_vain_ = 0;
  // That it must not be tried again is told when the time is over, with all the tries that came.
  if (wanted_.none) return;
  close(found->second);
  open_.erase(found);
}

void RetryCheck::begin(const Stamp& stamp, const DownlinkCalled& call, std::string key) {
  if (open_.size() >= kMaxOpen) {
    ++untold_;
    return;
  }
  Episode episode;
  episode.call = call.call;
  episode.device = call.device.substr(0, kMaxDevice);
  episode.met = fault_text(*call.fault);
  episode.began = stamp.wall;
  go_on(stamp.wall, *call.fault, episode);
  soonest_ = open_.empty() ? episode.deadline : std::min(soonest_, episode.deadline);
  open_.emplace(std::move(key), std::move(episode));
}

void RetryCheck::add_try(Wall wall, Episode& episode) {
  ++episode.tries;
  if (wall + kTolerance < episode.not_before) ++episode.early;
  if (episode.after.size() < kMaxTimes) episode.after.push_back(wall - episode.began);
}

/// From when it is told so, the caller may know that it has to try again.
void RetryCheck::go_on(Wall wall, const CallFault& fault, Episode& episode) {
  const Wall told = wall + fault.delay;
  episode.not_before = fault.retry_after ? told + *fault.retry_after : Wall{0};
  if (wanted_.none && episode.deadline.count() != 0) return;
  // More of what is too much already need not be waited for.
  if (wanted_.at_most && episode.tries > *wanted_.at_most) return;
  episode.deadline = told + wanted_.within;
}

void RetryCheck::close_expired(Wall wall) {
  if (open_.empty() || wall <= soonest_) return;
  soonest_ = Wall::max();
  for (auto at = open_.begin(); at != open_.end();) {
    if (at->second.deadline >= wall) {
      soonest_ = std::min(soonest_, at->second.deadline);
      ++at;
      continue;
    }
    if (!wanted_.none) ++waited_in_vain_;
    close(at->second);
    at = open_.erase(at);
  }
}

void RetryCheck::on(const Stamp& stamp, const RunEnded& entry) {
  std::vector<const Episode*> left;
  for (const auto& [key, episode] : open_) left.push_back(&episode);
  std::sort(left.begin(), left.end(),
            [](const Episode* a, const Episode* b) { return a->call < b->call; });
  for (const Episode* episode : left) {
    const bool decided = !matters(*episode) || (wanted_.none && episode->tries > 1);
    if (entry.interrupted && stamp.wall <= episode->deadline && !decided) {
      ++untold_;
    } else {
      close(*episode);
    }
  }
  open_.clear();
}

// --- What is said of it -----------------------------------------------------------------------

bool RetryCheck::matters(const Episode& episode) const {
  const bool limited = wanted_.at_most || wanted_.respects_retry_after;
  return wanted_.none || limited || wanted_.may_give_up || episode.tries == 1;
}

void RetryCheck::close(const Episode& episode) {
  const std::string problem = problem_of(episode);
  if (problem.empty()) {
    ++met_;
    return;
  }
  ++wrong_;
  if (evidence_.full()) return;
  std::string text = fmt::format("call {}", episode.call);
  if (!episode.device.empty()) text += " for " + without_keys(episode.device);
  evidence_.add(fmt::format("{} at {} of the run, {}: {}", text, duration_text(episode.began),
                            episode.met, problem),
                "");
}

std::string RetryCheck::problem_of(const Episode& episode) {
  if (episode.tries == 1) {
    if (wanted_.none || wanted_.may_give_up) return {};
    ++missing_;
    return "not tried again within " + duration_text(wanted_.within);
  }
  const std::string times = times_text(episode.after, episode.tries);
  if (wanted_.none) {
    ++unwanted_;
    return fmt::format("tried again after {}", times);
  }
  std::string problem;
  if (wanted_.respects_retry_after && episode.early > 0) {
    ++early_;
    problem = fmt::format("{} of its tries came before Retry-After had passed", episode.early);
  }
  if (wanted_.at_most && episode.tries > *wanted_.at_most) {
    ++too_many_;
    problem += fmt::format("{}{} tries in all", problem.empty() ? "" : ", ", episode.tries);
  }
  return problem.empty() ? problem : fmt::format("{}; tried again after {}", problem, times);
}

Verdict RetryCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.outcome = Outcome::passed;
  if (untold_ > 0 || met_ == 0) verdict.outcome = Outcome::inconclusive;
  if (wrong_ > 0) verdict.outcome = Outcome::failed;
  verdict.expected = expected_retry_text(wanted_);
  verdict.actual = actual_text();
  if (verdict.outcome == Outcome::failed) verdict.evidence = evidence_.list();
  return verdict;
}

std::string RetryCheck::actual_text() const {
  const std::uint64_t judged = met_ + wrong_ + untold_;
  if (judged == 0) return fmt::format("no downlink call {}", wanted_.met.text());
  std::string text = "as expected for " + share_text(met_, judged);
  std::string_view separator = ": ";
  const auto add = [&text, &separator](std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    text += fmt::format("{}{} {}", separator, count, what);
    separator = ", ";
  };
  add(missing_, "not tried again");
  add(unwanted_, "tried again");
  add(early_, "tried before Retry-After had passed");
  add(too_many_, "tried too often");
  add(untold_, "that could not be told");
  return text;
}

std::string expected_retry_text(const RetryExpectation& wanted) {
  const std::string within = duration_text(wanted.within);
  if (wanted.none) {
    return fmt::format("no downlink call that {} is tried again within {}", wanted.met.text(),
                       within);
  }
  std::string text =
      wanted.may_give_up
          ? fmt::format("a downlink call that {} may be tried again", wanted.met.text())
          : fmt::format("each downlink call that {} is tried again within {}", wanted.met.text(),
                        within);
  if (wanted.respects_retry_after) text += ", not before its Retry-After has passed";
  if (wanted.at_most) text += fmt::format(", with at most {} tries in all", *wanted.at_most);
  return text;
}

// --- What the run has to know -----------------------------------------------------------------

std::optional<std::chrono::nanoseconds> RetryCheck::wants_until() const {
  std::optional<Wall> until;
  for (const auto& [key, episode] : open_) {
    if (matters(episode)) until = std::max(until.value_or(Wall{0}), episode.deadline);
  }
  return until;
}

std::optional<std::chrono::nanoseconds> RetryCheck::holds_time_until() const {
  if (wanted_.none || waited_in_vain_ >= kPatience) return std::nullopt;
  std::optional<Wall> until;
  for (const auto& [key, episode] : open_) {
    until = std::max(until.value_or(Wall{0}), episode.deadline);
  }
  return until;
}

std::optional<std::chrono::nanoseconds> RetryCheck::quiet_until(std::string_view device) const {
  if (!wanted_.none) return std::nullopt;
  std::optional<Wall> until;
  for (const auto& [key, episode] : open_) {
    if (episode.device != device.substr(0, kMaxDevice)) continue;
    until = std::max(until.value_or(Wall{0}), episode.deadline);
  }
  return until;
}

}  // namespace sim::check
