#include "sim/payload/generator.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace sim::payload {

namespace {

constexpr int kMaxDecimals = 15;
constexpr double kExactWholeNumbers = 0x1p53;

double power_of_ten(int exponent) {
  double power = 1;
  for (int i = 0; i < std::clamp(exponent, 0, kMaxDecimals); ++i) power *= 10;
  return power;
}

/// `units / scale`: a whole number where there are no digits after the point.
void put_on_grid(double units, double scale, Value& value) {
  if (scale == 1 && std::abs(units) < 0x1p63) {
    value.put(static_cast<std::int64_t>(units));
  } else {
    value.put(units / scale + 0.0);  // + 0.0 makes -0 a plain 0
  }
}

void put_rounded(double number, int decimals, Value& value) {
  const double scale = power_of_ten(decimals);
  const double units = std::round(number * scale);
  if (!std::isfinite(units)) return value.put(number);
  put_on_grid(units, scale, value);
}

// On the grid of the decimals, so that both ends are as likely as what lies between them.
void put_drawn(const Uniform& uniform, engine::Random& random, Value& value) {
  const double scale = power_of_ten(uniform.decimals);
  const double first = std::round(uniform.from * scale);
  const double last = std::round(uniform.to * scale);
  if (!(last - first >= 0 && last - first < kExactWholeNumbers)) {
    return put_rounded(random.uniform(uniform.from, uniform.to), uniform.decimals, value);
  }
  const auto steps = static_cast<std::uint64_t>(last - first);
  put_on_grid(first + static_cast<double>(random.below(steps + 1)), scale, value);
}

double walked(const Walk& walk, double position, engine::Random& random) {
  double next = position + random.uniform(-walk.step, walk.step);
  if (next > walk.to) next = 2 * walk.to - next;
  if (next < walk.from) next = 2 * walk.from - next;
  return std::max(walk.from, std::min(next, walk.to));  // a step may be longer than the range
}

std::int64_t counted(const Count& count, std::uint64_t index) {
  // In unsigned arithmetic: a counter that runs over wraps around.
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(count.from) +
                                   static_cast<std::uint64_t>(count.step) * index);
}

}  // namespace

/// Gives a field its next value, or leaves it as it is.
struct FieldState::Step {
  engine::Random& random;
  std::uint64_t index;  // of this uplink, from 0
  double& position;     // of a walk, before rounding
  bool was_set;         // from outside, before the first uplink
  const Surroundings& around;
  Fields& fields;
  const FieldPlan& plan;

  [[nodiscard]] Value& value() const { return fields.at(plan.name, plan.rank); }

  void operator()(const Constant& constant) const {
    if (index == 0 && !was_set) value() = constant.value;
  }
  void operator()(const Walk& walk) const {
    if (index > 0) {
      position = walked(walk, position, random);
    } else if (!was_set) {
      position = walk.start;
    }
    put_rounded(position, walk.decimals, value());
  }
  void operator()(const Uniform& uniform) const { put_drawn(uniform, random, value()); }
  void operator()(const Count& count) const { value().put(counted(count, index)); }
  void operator()(const Sequence& sequence) const {
    if (index < sequence.values.size()) value() = sequence.values[index];
  }
  void operator()(const BatteryLevel& level) const {
    put_rounded(level.empty + (level.full - level.empty) * around.battery, level.decimals, value());
  }
  void operator()(const Choice& choice) const {
    if (!choice.values.empty()) value() = choice.values[random.below(choice.values.size())];
  }
};

FieldState::FieldState(const std::vector<FieldPlan>& plans)
    : plans_(&plans), positions_(plans.size()) {}

void FieldState::advance(engine::Random& random, const Surroundings& around) {
  if (plans_ == nullptr) return;
  for (std::size_t i = 0; i < plans_->size(); ++i) {
    const FieldPlan& plan = (*plans_)[i];
    const bool was_set = advances_ == 0 && fields_.find(plan.name) != nullptr;
    std::visit(Step{random, advances_, positions_[i], was_set, around, fields_, plan},
               plan.generator);
  }
  ++advances_;
}

void FieldState::set(std::string_view name, const Value& value) {
  if (plans_ == nullptr) return;
  for (std::size_t i = 0; i < plans_->size(); ++i) {
    if ((*plans_)[i].name != name) continue;
    fields_.set(name, value);
    if (value.is_number()) positions_[i] = value.number();
  }
}

}  // namespace sim::payload
