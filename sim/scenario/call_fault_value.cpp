#include "sim/scenario/call_fault_value.h"

#include <fmt/format.h>

#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;
using Kind = check::CallFault::Kind;

constexpr WholeRange kStatus{400, 599};
constexpr WholeRange kCalls{1, 1'000'000};
constexpr DurationRange kRetryAfter{0s, 1h, "0 to 1h"};
// An answer that is later than this would not differ from none.
constexpr DurationRange kDelay{1ms, 5min, "1ms to 5min"};

/// Retry-After has whole seconds on the wire.
std::optional<std::chrono::seconds> read_retry_after(const Node& node, Problems& problems) {
  const auto length = read_duration(node, kRetryAfter, problems);
  if (!length) return std::nullopt;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*length);
  if (seconds == *length) return seconds;
  problems.add(node, fmt::format("a Retry-After has whole seconds, not {}", described(node)),
               "write retry_after: 1s");
  return std::nullopt;
}

void tell_mismatches(const Section& section, const check::CallFault& fault, Problems& problems) {
  const Node* retry_after = section.find("retry_after");
  const bool unknown_status = section.find("answer") != nullptr && fault.status == 0;
  if (retry_after != nullptr && !unknown_status && fault.status != 429 && fault.status != 503) {
    problems.add(*retry_after, "'retry_after' goes with the answers 429 and 503 only",
                 "write answer: 429 or leave it out");
  }
  const Node* delay = section.find("delay");
  if (delay != nullptr && section.find("fault") != nullptr) {
    problems.add(*delay, "'delay' does not go with 'fault': there is no answer that could be late",
                 "leave one of them out");
  }
  const Node* calls = section.find("calls");
  if (calls != nullptr && section.find("share") != nullptr) {
    problems.add(*calls, "'calls' and 'share' do not go together", "leave one of them out");
  }
  if (section.is_map() && section.find("delay") == nullptr && section.find("fault") == nullptr &&
      section.find("answer") == nullptr) {
    problems.add(section.node(), "it is not said what befalls the calls",
                 "write answer: 500, fault: silent or delay: 3s");
  }
}

void read_kind(const Section& section, check::CallFault& fault, Problems& problems) {
  const Entry* what = section.one_of({"answer", "fault"}, false);
  if (what == nullptr) return;
  if (what->key == "answer") {
    fault.kind = Kind::answer;
    section.take("answer", fault.status, read_whole, kStatus);
    return;
  }
  const auto kind = read_word<Kind>(
      *what->value, "fault of the downlink API",
      {{"silent", Kind::silent}, {"close", Kind::close}, {"reset", Kind::reset}}, problems);
  fault.kind = kind.value_or(Kind::silent);
}

}  // namespace

std::optional<CallFaultWindow> read_call_fault(const Node& node, Problems& problems) {
  const std::size_t before = problems.count();
  const Section section(node, "a fault of the downlink API",
                        {"answer", "retry_after", "delay", "fault", "share", "calls"}, problems);
  CallFaultWindow window;
  read_kind(section, window.fault, problems);
  std::chrono::seconds retry_after{0};
  if (section.take("retry_after", retry_after, read_retry_after)) {
    window.fault.retry_after = retry_after;
  }
  section.take("delay", window.fault.delay, read_duration, kDelay);
  section.take("share", window.share, read_share);
  section.take("calls", window.calls, read_whole, kCalls);
  tell_mismatches(section, window.fault, problems);
  return problems.count() == before ? std::optional(window) : std::nullopt;
}

}  // namespace sim::scenario
