#include "sim/check/call_fault.h"

#include <fmt/format.h>

#include "sim/check/wording.h"

namespace sim::check {

namespace {

std::string answer_text(const CallFault& fault) {
  std::string text = fmt::format("answered {} on purpose", fault.status);
  if (fault.retry_after) text += ", Retry-After " + duration_text(*fault.retry_after);
  if (fault.delay.count() > 0) text += ", " + duration_text(fault.delay) + " late";
  return text;
}

}  // namespace

std::string fault_text(const CallFault& fault) {
  using Kind = CallFault::Kind;
  switch (fault.kind) {
    case Kind::late:
      return fmt::format("answered {} late on purpose", duration_text(fault.delay));
    case Kind::answer:
      return answer_text(fault);
    case Kind::silent:
      return "left unanswered on purpose";
    case Kind::close:
      return "closed without an answer on purpose";
    case Kind::reset:
      return "reset on purpose";
  }
  return {};
}

}  // namespace sim::check
