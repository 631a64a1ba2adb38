#include "sim/check/tries_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"
#include "sim/engine/random.h"

namespace sim::check {

namespace {

constexpr std::size_t kMaxTold = 5;  // different numbers of tries

std::string times_text(std::uint64_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

std::string range_text(const CountRange& count) {
  if (!count.max) return "at least " + times_text(count.min);
  if (*count.max == count.min) return "exactly " + times_text(count.min);
  return "at most " + times_text(*count.max);
}

}  // namespace

TriesCheck::TriesCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<TriesExpectation>(expectation.what)),
      recipe_(recipe) {}

void TriesCheck::on(const UplinkDue& entry) {
  if (!holds_for(wanted_.when, entry)) return;
  ++counts_.due;
  bodies_[entry.number] = {engine::hashed(entry.body)};
}

void TriesCheck::on(const RedeliverySent& entry) {
  const auto body = bodies_.find(entry.number);
  if (body == bodies_.end()) return;
  if (engine::hashed(entry.body) != body->second.hash) body->second.changed = true;
}

bool TriesCheck::is_wanted(unsigned tries) const {
  return tries >= wanted_.count.min && (!wanted_.count.max || tries <= *wanted_.count.max);
}

void TriesCheck::on(const UplinkDelivered& entry) {
  const auto body = bodies_.find(entry.number);
  if (body == bodies_.end()) return;
  const bool changed = body->second.changed;
  bodies_.erase(body);
  if (was_interrupted(*entry.delivery)) {
    ++counts_.interrupted;
    return;
  }
  if (is_wanted(entry.tries) && !changed) {
    ++counts_.good;
    return;
  }
  tell(entry, changed);
}

void TriesCheck::tell(const UplinkDelivered& entry, bool changed) {
  if (changed) ++changed_;
  if (!is_wanted(entry.tries)) {
    const bool told = by_tries_.size() < kMaxTold || by_tries_.contains(entry.tries);
    if (told) ++by_tries_[entry.tries];
  }
  if (evidence_.full()) return;
  std::string text =
      fmt::format("{}: tried {}, {}", uplink_text(entry.number, entry.device, entry.f_cnt),
                  times_text(entry.tries), outcome_text(*entry.delivery));
  if (!entry.given_up.empty()) text += fmt::format("; {}", entry.given_up);
  if (changed) text += "; the body was not the same each time";
  evidence_.add(std::move(text), curl_command(recipe_, entry.body, entry.treatment));
}

Verdict TriesCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.outcome = counts_.outcome(wanted_.share);
  verdict.expected = expected_tries_text(wanted_);
  std::string details;
  for (const auto& [tries, count] : by_tries_) {
    details += fmt::format("{}{} tried {}", details.empty() ? "" : ", ", count, times_text(tries));
  }
  if (changed_ > 0) {
    details += fmt::format("{}{} with other bytes", details.empty() ? "" : ", ", changed_);
  }
  verdict.actual = counts_.text(details);
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

std::string expected_tries_text(const TriesExpectation& wanted) {
  return fmt::format("{} of the uplinks tried {}{}", percent_text(wanted.share),
                     range_text(wanted.count), wanted.when ? " where " + wanted.when->text() : "");
}

}  // namespace sim::check
