#include "sim/run/run_clock.h"

#include <algorithm>

namespace sim::run {

namespace {

using scenario::PaceKind;
using std::chrono::nanoseconds;

nanoseconds scaled(nanoseconds length, double factor) {
  return nanoseconds(static_cast<nanoseconds::rep>(static_cast<double>(length.count()) * factor));
}

}  // namespace

RunClock::RunClock(const scenario::Plan& plan, const Field& field)
    : plan_(plan), field_(field), stands_still_(plan.field.start) {}

void RunClock::set_off() {
  stands_still_.reset();
  set_off_ = Wall::now();
}

engine::SimTime RunClock::virtual_at(Wall::time_point moment) const {
  if (stands_still_) return *stands_still_;
  if (plan_.pace.kind != PaceKind::realtime) return field_.now();
  const nanoseconds passed = moment - set_off_;
  return std::max(field_.now(), plan_.field.start + scaled(passed, plan_.pace.factor));
}

RunClock::Wall::time_point RunClock::due_at(engine::SimTime moment) const {
  return set_off_ + scaled(moment - plan_.field.start, 1 / plan_.pace.factor);
}

}  // namespace sim::run
