#include "sim/check/uplink_facts.h"

namespace sim::check {

UplinkFacts facts_of(const UplinkDue& entry) {
  const network::Uplink& frame = entry.uplink->frame;
  return {entry.uplink->fields,    frame.f_cnt, frame.f_port,   frame.confirmed, entry.is_retry,
          frame.receptions.size(), entry.nth,   entry.treatment};
}

bool holds_for(const std::optional<Condition>& when, const UplinkDue& entry) {
  return !when || when->holds(facts_of(entry));
}

bool MeantUplinks::note(const UplinkDue& entry) {
  if (!when_) return true;
  if (!when_->holds(facts_of(entry))) return false;
  open_.insert(entry.number);
  return true;
}

bool MeantUplinks::take(std::uint64_t number) {
  return !when_ || open_.erase(number) > 0;
}

}  // namespace sim::check
