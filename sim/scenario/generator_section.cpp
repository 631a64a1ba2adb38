#include "sim/scenario/generator_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using payload::FieldPlan;
using payload::Generator;

constexpr std::size_t kMaxFields = 256;
constexpr std::size_t kMaxChoices = 1'000;
constexpr int kMaxDecimals = 9;

/// The most digits after the point among the numbers of a generator, as they are written.
int decimals_in(const Node& node) {
  int most = 0;
  for (const Entry& entry : node.entries) {
    if (entry.value->is_scalar()) most = std::max(most, decimals_of(entry.value->text));
  }
  return std::min(most, kMaxDecimals);
}

/// `from` and `to`, which both must be there; false after a problem.
bool read_bounds(const Section& section, double& from, double& to, Problems& problems) {
  if (section.require("from") == nullptr || section.require("to") == nullptr) return false;
  if (!section.take("from", from, read_number, NumberRange{})) return false;
  if (!section.take("to", to, read_number, NumberRange{})) return false;
  if (from <= to) return true;
  problems.add(*section.find("to"), fmt::format("'to' is less than 'from' ({})", from));
  return false;
}

std::optional<Generator> read_walk(const Node& node, Problems& problems) {
  const Section section(node, "a walk", {"from", "to", "step", "start", "decimals"}, problems);
  payload::Walk walk;
  if (!section.is_map() || !read_bounds(section, walk.from, walk.to, problems)) return std::nullopt;
  if (section.require("step") == nullptr) return std::nullopt;
  if (!section.take("step", walk.step, read_number, NumberRange{0, 1e15})) return std::nullopt;
  walk.start = (walk.from + walk.to) / 2;
  section.take("start", walk.start, read_number, NumberRange{walk.from, walk.to});
  walk.decimals = decimals_in(node);
  section.take("decimals", walk.decimals, read_whole, WholeRange{0, kMaxDecimals});
  return walk;
}

std::optional<Generator> read_uniform(const Node& node, Problems& problems) {
  const Section section(node, "uniform", {"from", "to", "decimals"}, problems);
  payload::Uniform uniform;
  if (!section.is_map() || !read_bounds(section, uniform.from, uniform.to, problems)) {
    return std::nullopt;
  }
  uniform.decimals = decimals_in(node);
  section.take("decimals", uniform.decimals, read_whole, WholeRange{0, kMaxDecimals});
  return uniform;
}

std::optional<std::int64_t> read_signed(const Node& node, Problems& problems) {
  const auto number = read_number(node, {-1e15, 1e15}, problems);
  if (!number) return std::nullopt;
  if (const auto whole = parse_integer(node.text)) return whole;
  problems.add(node, fmt::format("expected a whole number, found {}", described(node)));
  return std::nullopt;
}

std::optional<Generator> read_count(const Node& node, Problems& problems) {
  const Section section(node, "a count", {"from", "step"}, problems);
  if (!section.is_map()) return std::nullopt;
  payload::Count count;
  section.take("from", count.from, read_signed);
  section.take("step", count.step, read_signed);
  return count;
}

/// The values of a choice or of a sequence.
std::optional<std::vector<payload::Value>> read_values(const Node& node, std::string_view what,
                                                       Problems& problems) {
  const auto& items = items_of(node, "a list of values", problems);
  if (!node.is_list()) return std::nullopt;
  if (items.empty() || items.size() > kMaxChoices) {
    problems.add(node, fmt::format("{} has 1 to {} values", what, kMaxChoices));
    return std::nullopt;
  }
  std::vector<payload::Value> values;
  for (const NodePtr& item : items) {
    auto value = read_value(*item, problems);
    if (!value) return std::nullopt;
    values.push_back(std::move(*value));
  }
  return values;
}

std::optional<Generator> read_choice(const Node& node, Problems& problems) {
  auto values = read_values(node, "a choice", problems);
  if (!values) return std::nullopt;
  return payload::Choice{std::move(*values)};
}

std::optional<Generator> read_sequence(const Node& node, Problems& problems) {
  auto values = read_values(node, "a sequence", problems);
  if (!values) return std::nullopt;
  return payload::Sequence{std::move(*values)};
}

std::optional<Generator> read_battery(const Node& node, Problems& problems) {
  const Section section(node, "a battery's value", {"empty", "full", "decimals"}, problems);
  if (!section.is_map()) return std::nullopt;
  payload::BatteryLevel level;
  if (section.require("empty") == nullptr || section.require("full") == nullptr) return {};
  if (!section.take("empty", level.empty, read_number, NumberRange{})) return std::nullopt;
  if (!section.take("full", level.full, read_number, NumberRange{})) return std::nullopt;
  level.decimals = decimals_in(node);
  section.take("decimals", level.decimals, read_whole, WholeRange{0, kMaxDecimals});
  return level;
}

std::optional<Generator> read_constant(const Node& node, Problems& problems) {
  auto value = read_value(node, problems);
  if (!value) return std::nullopt;
  return payload::Constant{std::move(*value)};
}

struct Kind {
  std::string_view name;
  std::optional<Generator> (*read)(const Node&, Problems&);
};

constexpr Kind kKinds[] = {{"walk", read_walk},      {"uniform", read_uniform},
                           {"count", read_count},    {"choice", read_choice},
                           {"state", read_constant}, {"sequence", read_sequence},
                           {"battery", read_battery}};

/// A mapping of one key that is a generator's name, or nearly one, is meant as one; every other
/// mapping is a nested value.
std::optional<Generator> read_generator(const Node& node, Problems& problems) {
  if (!node.is_map() || node.entries.size() != 1) return read_constant(node, problems);
  const Entry& only = node.entries.front();
  std::vector<std::string_view> known;
  for (const Kind& kind : kKinds) {
    if (only.key == kind.name) return kind.read(*only.value, problems);
    known.push_back(kind.name);
  }
  const std::string near = near_suggestion(only.key, known);
  if (only.value->is_map() && !near.empty()) {
    problems.add(only.key_spot, fmt::format("unknown generator '{}'", only.key), near);
    return std::nullopt;
  }
  return read_constant(node, problems);
}

/// The values of a generator that are the hardest to encode.
std::vector<payload::Value> extremes(const Generator& generator) {
  const auto rounded = [](double number, int decimals) {
    return decimals == 0 ? payload::Value(static_cast<std::int64_t>(number))
                         : payload::Value(number);
  };
  if (const auto* constant = std::get_if<payload::Constant>(&generator)) return {constant->value};
  if (const auto* walk = std::get_if<payload::Walk>(&generator)) {
    return {rounded(walk->from, walk->decimals), rounded(walk->to, walk->decimals)};
  }
  if (const auto* uniform = std::get_if<payload::Uniform>(&generator)) {
    return {rounded(uniform->from, uniform->decimals), rounded(uniform->to, uniform->decimals)};
  }
  if (const auto* level = std::get_if<payload::BatteryLevel>(&generator)) {
    return {rounded(level->full, level->decimals), rounded(level->empty, level->decimals)};
  }
  if (const auto* count = std::get_if<payload::Count>(&generator)) return {count->from};
  if (const auto* sequence = std::get_if<payload::Sequence>(&generator)) return sequence->values;
  return std::get<payload::Choice>(generator).values;
}

payload::Fields least_values(const std::vector<FieldPlan>& plans) {
  payload::Fields values;
  for (const FieldPlan& plan : plans) values.set(plan.name, extremes(plan.generator).front());
  return values;
}

/// The field that an error of the format names, or all of them.
const Node& place_of_error(const Node& fields, std::string_view error) {
  for (const Entry& entry : fields.entries) {
    if (error.starts_with(fmt::format("field '{}'", entry.key))) return *entry.value;
  }
  return fields;
}

}  // namespace

std::optional<std::vector<FieldPlan>> read_field_plans(const Node& node, Problems& problems) {
  if (!node.is_map() || node.entries.empty()) {
    problems.add(node, fmt::format("expected a mapping of fields, found {}", described(node)));
    return std::nullopt;
  }
  if (node.entries.size() > kMaxFields) {
    problems.add(node, fmt::format("a device has at most {} fields", kMaxFields));
    return std::nullopt;
  }
  std::vector<FieldPlan> plans;
  bool complete = true;
  for (const Entry& entry : node.entries) {
    auto generator = read_generator(*entry.value, problems);
    if (!generator) {
      complete = false;
      continue;
    }
    const auto before = [&entry](const Entry& other) { return other.key < entry.key; };
    const auto rank = std::count_if(node.entries.begin(), node.entries.end(), before);
    plans.push_back({entry.key, std::move(*generator), static_cast<std::size_t>(rank)});
  }
  if (!complete) return std::nullopt;
  return plans;
}

void check_encodable(const Node& fields, const std::vector<FieldPlan>& plans,
                     const payload::Format& format, std::size_t max_payload, Problems& problems) {
  // Functions run only when the scenario does.
  if (std::holds_alternative<payload::Script>(format)) return;
  payload::Fields values = least_values(plans);
  lorawan::Bytes bytes;
  const auto encoded = payload::encode_uplink(format, values, 1, {}, bytes);
  if (!encoded) {
    problems.add(place_of_error(fields, encoded.error()), encoded.error());
    return;
  }
  if (bytes.size() > max_payload) {
    problems.add(fields, fmt::format("the fields take {} bytes, and the data rate takes {}",
                                     bytes.size(), max_payload));
  }
  for (const FieldPlan& plan : plans) {
    const payload::Value first = *values.find(plan.name);
    for (const payload::Value& value : extremes(plan.generator)) {
      values.set(plan.name, value);
      bytes.clear();
      const auto tried = payload::encode_uplink(format, values, 1, {}, bytes);
      if (tried) continue;
      problems.add(*fields.find(plan.name), tried.error());
      break;
    }
    values.set(plan.name, first);
  }
}

std::size_t encoded_size(const std::vector<FieldPlan>& plans, const payload::Format& format) {
  lorawan::Bytes bytes;
  return payload::encode_uplink(format, least_values(plans), 1, {}, bytes) ? bytes.size() : 0;
}

}  // namespace sim::scenario
