#include "sim/scenario/when_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/check/expectation.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

/// Whether any bytes may hold fields of any name.
bool finds_names_in_bytes(const payload::Format& format) {
  return std::holds_alternative<payload::Cayenne>(format) ||
         std::holds_alternative<payload::CayenneStandard>(format);
}

}  // namespace

void WhenReader::collect_field_names() {
  if (std::exchange(collected_, true)) return;
  const payload::Format& format = draft_.plan.application.format;
  if (const auto* layout = std::get_if<payload::Template>(&format)) {
    for (const payload::TemplatePart& part : layout->parts) field_names_.insert(part.field);
  }
  // What functions make of bytes cannot be told beforehand.
  names_known_ = !std::holds_alternative<payload::Script>(format);
  for (const fleet::Device& device : draft_.plan.field.devices) {
    const auto* generated = std::get_if<payload::GeneratedFields>(&device.payload);
    if (generated == nullptr) {
      // What Cayenne finds in bytes that the scenario gives cannot be told beforehand.
      names_known_ = names_known_ && !finds_names_in_bytes(format);
      continue;
    }
    for (const payload::FieldPlan& plan : generated->plans) field_names_.insert(plan.name);
  }
}

std::optional<check::Condition> WhenReader::read(const Node& node) {
  if (!is_scalar(node, "a condition", problems_)) return std::nullopt;
  auto condition = check::Condition::parse(node.text);
  if (!condition) {
    problems_.add(spot_within(node, condition.error().offset), condition.error().reason);
    return std::nullopt;
  }
  collect_field_names();
  for (const std::string& name : condition->names()) require_field(node, name);
  return std::move(*condition);
}

void WhenReader::require_field(const Node& node, const std::string& name) {
  const std::string top = name.substr(0, name.find('.'));
  if (field_names_.contains(name) || field_names_.contains(top)) return;
  if (!names_known_ || !draft_.field_names_known) return;
  std::vector<std::string_view> known(field_names_.begin(), field_names_.end());
  for (const std::string_view fact :
       {"is_retry", "confirmed", "port", "counter", "gateways", "number", "treatment"}) {
    known.push_back(fact);
  }
  const std::size_t at = node.text.find(name);
  problems_.add(spot_within(node, at == std::string::npos ? 0 : at, name.size()),
                fmt::format("no device has a field '{}'", name), suggestion(name, known));
}

void require_device(const Draft& draft, const Node& node, std::string_view glob,
                    Problems& problems) {
  const auto& devices = draft.plan.field.devices;
  const bool found = std::any_of(devices.begin(), devices.end(), [&](const fleet::Device& one) {
    return check::matches_glob(glob, one.id);
  });
  if (found || !draft.device_names_known) return;
  std::vector<std::string_view> known;
  constexpr std::size_t kMostCompared = 1'000;
  for (std::size_t i = 0; i < std::min(devices.size(), kMostCompared); ++i) {
    known.push_back(devices[i].id);
  }
  problems.add(node, fmt::format("no device is called {}", described(node)),
               suggestion(glob, known));
}

}  // namespace sim::scenario
