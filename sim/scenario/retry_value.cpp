#include "sim/scenario/retry_value.h"

#include <fmt/format.h>

#include <utility>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr DurationRange kWithin{1ms, 1h, "1ms to 1h"};
// One try alone would be none after the first; that is what `none` says.
constexpr WholeRange kTries{2, 1'000'000};

bool read_none(const Section& section, Problems& problems) {
  const Node* none = section.find("none");
  if (none == nullptr) return false;
  const auto said = read_bool(*none, problems);
  if (said && !*said) problems.add(*none, "'none' can only be true", "leave it out");
  for (const char* key : {"respects_retry_after", "at_most", "may_give_up"}) {
    if (const Node* limit = section.find(key)) {
      problems.add(*limit, fmt::format("'{}' and 'none' do not go together", key),
                   "leave one of them out");
    }
  }
  return true;
}

}  // namespace

check::RetryExpectation read_retry_expectation(const Section& section, const Node& node,
                                               Problems& problems) {
  check::RetryExpectation wanted;
  if (is_scalar(node, "what a call met, like 429 or silent", problems)) {
    auto met = check::FaultPattern::parse(node.text);
    if (met) {
      wanted.met = std::move(*met);
    } else {
      problems.add(node, met.error());
    }
  }
  section.take("within", wanted.within, read_duration, kWithin);
  wanted.none = read_none(section, problems);
  section.take("respects_retry_after", wanted.respects_retry_after, read_bool);
  section.take("may_give_up", wanted.may_give_up, read_bool);
  unsigned at_most = 0;
  if (section.take("at_most", at_most, read_whole, kTries)) wanted.at_most = at_most;
  return wanted;
}

}  // namespace sim::scenario
