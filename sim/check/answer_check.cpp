#include "sim/check/answer_check.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

AnswerCheck::AnswerCheck(const Expectation& expectation, const RequestRecipe& recipe)
    : expectation_(expectation),
      wanted_(std::get<AnswerExpectation>(expectation.what)),
      recipe_(recipe),
      meant_(wanted_.when) {}

void AnswerCheck::on(const UplinkDue& entry) {
  if (meant_.note(entry)) ++counts_.due;
}

std::string AnswerCheck::problem_of(const delivery::Delivery& delivery) {
  if (delivery.status == 0) {
    ++unanswered_;
    return "no answer: " + outcome_text(delivery);
  }
  if (!wanted_.status.matches(delivery.status)) {
    ++other_status_;
    return fmt::format("answered {}", delivery.status);
  }
  const auto took = delivery.answered - delivery.sent;
  if (wanted_.within && took > *wanted_.within) {
    ++too_slow_;
    return fmt::format("answered {} after {}", delivery.status, duration_text(took));
  }
  ++counts_.good;
  return {};
}

void AnswerCheck::on(const UplinkDelivered& entry) {
  if (!meant_.take(entry.number)) return;
  if (was_interrupted(*entry.delivery)) {
    ++counts_.interrupted;
    return;
  }
  const std::string problem = problem_of(*entry.delivery);
  if (problem.empty() || evidence_.full()) return;
  evidence_.add(
      fmt::format("{}: {}", uplink_text(entry.number, entry.device, entry.f_cnt), problem),
      curl_command(recipe_, entry.body, entry.treatment));
}

Verdict AnswerCheck::verdict() const {
  Verdict verdict = begin_verdict(expectation_);
  verdict.outcome = counts_.outcome(wanted_.share);
  verdict.expected = fmt::format("{} of the uplinks answered with {}", percent_text(wanted_.share),
                                 wanted_.status.text());
  if (wanted_.within) verdict.expected += " within " + duration_text(*wanted_.within);
  if (wanted_.when) verdict.expected += " where " + wanted_.when->text();
  std::string details;
  const auto add = [&details](std::uint64_t count, std::string_view what) {
    if (count == 0) return;
    if (!details.empty()) details += ", ";
    details += fmt::format("{} {}", count, what);
  };
  add(other_status_, "with another status");
  add(too_slow_, "too late");
  add(unanswered_, "without an answer");
  verdict.actual = counts_.text(details);
  if (verdict.outcome != Outcome::passed) verdict.evidence = evidence_.list();
  return verdict;
}

}  // namespace sim::check
