#include <fmt/format.h>

#include "sim/check/expectation.h"
#include "sim/scenario/call_fault_value.h"
#include "sim/scenario/delivery_rule_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSteps = 100'000;
const std::vector<std::string_view> kStepKeys = {
    "at",          "gateway",  "outage", "reboot",  "backhaul_outage",
    "then",        "endpoint", "for",    "devices", "power_cut",
    "back_within", "counter",  "send",   "within",  "downlink_api"};
constexpr DurationRange kLength{1ms, 24h * 366, "1ms to 366d"};

/// When a step begins, as a moment of the run.
std::optional<engine::SimTime> read_at(const Section& step, const Draft& draft,
                                       Problems& problems) {
  const Node* node = step.require("at");
  if (node == nullptr) return std::nullopt;
  const auto offset = read_duration(*node, {}, problems);
  if (!offset) return std::nullopt;
  if (*offset >= draft.plan.field.duration) {
    problems.add(*node, fmt::format("{} is after the end of the scenario", described(*node)),
                 "set a longer duration");
    return std::nullopt;
  }
  return draft.plan.field.start + *offset;
}

/// What becomes of the frames that a gateway hears while nothing comes from it: nothing, as of a
/// forwarder that sends datagrams, unless it is said otherwise.
std::optional<bool> read_flush(const Node& node, Problems& problems) {
  return read_word<bool>(node, "end of a backhaul's outage", {{"flush", true}, {"drop", false}},
                         problems);
}

void tell_misplaced(const Section& step, const std::string& kind, Problems& problems) {
  if (const Node* misplaced = step.find("for")) {
    problems.add(*misplaced, fmt::format("the step has its length in '{}'", kind),
                 fmt::format("write {}: 10min", kind));
  }
  const Node* then = step.find("then");
  if (then != nullptr && kind != "backhaul_outage") {
    problems.add(*then, "only the outage of a backhaul has a 'then'",
                 "write backhaul_outage: 10min");
  }
}

void read_outage(const Section& step, Draft& draft, Problems& problems) {
  using Kind = world::Outage::Kind;
  const auto at = read_at(step, draft, problems);
  const auto gateway = find_gateway(draft, *step.find("gateway"), problems);
  const Entry* what = step.one_of({"outage", "reboot", "backhaul_outage"}, true);
  tell_misplaced(step, what == nullptr ? "outage" : what->key, problems);
  if (what == nullptr) return;
  world::Outage outage;
  const bool has_length = step.take(what->key, outage.length, read_duration, kLength);
  step.take("then", outage.flush, read_flush);
  if (!at || !gateway || !has_length) return;
  outage.at = *at;
  outage.gateway = *gateway;
  if (what->key == "reboot") outage.kind = Kind::reboot;
  if (what->key == "backhaul_outage") outage.kind = Kind::backhaul;
  draft.plan.field.outages.push_back(outage);
}

/// The length of a fault, which steps of gateways write otherwise.
std::optional<std::chrono::nanoseconds> read_length(const Section& step, Problems& problems) {
  std::chrono::nanoseconds length{0};
  const bool has_length =
      step.require("for") != nullptr && step.take("for", length, read_duration, kLength);
  for (const char* key : {"outage", "reboot", "backhaul_outage", "then"}) {
    if (const Node* misplaced = step.find(key)) {
      problems.add(*misplaced, fmt::format("only a gateway has '{}'", key),
                   has_length ? "leave it out" : "write for: 10min");
    }
  }
  return has_length ? std::optional(length) : std::nullopt;
}

void read_call_fault(const Section& step, Draft& draft, Problems& problems) {
  const auto at = read_at(step, draft, problems);
  const auto length = read_length(step, problems);
  auto window = read_call_fault(*step.find("downlink_api"), problems);
  if (!at || !length || !window) return;
  window->from = *at;
  window->to = *at + *length;
  draft.plan.call_faults.push_back(*window);
}

void read_fault(const Section& step, Draft& draft, WhenReader& conditions, Problems& problems) {
  const auto at = read_at(step, draft, problems);
  const auto length = read_length(step, problems);
  auto rule = read_delivery_rule(*step.find("endpoint"), draft, conditions, problems);
  if (!at || !length || !rule) return;
  const bool unnamed = rule->name.empty();
  if (unnamed) rule->name = "timeline";
  if (unnamed && rule->treatment) rule->name = delivery::to_string(rule->treatment->fault);
  rule->from = *at;
  rule->to = *at + *length;
  draft.plan.delivery_rules.push_back(std::move(*rule));
}

/// The devices that a glob, or a list of them, means.
std::vector<std::uint32_t> read_device_globs(const Node& node, const Draft& draft,
                                             Problems& problems) {
  std::vector<const Node*> globs;
  if (node.is_list()) {
    for (const NodePtr& item : node.items) globs.push_back(item.get());
  } else {
    globs.push_back(&node);
  }
  std::vector<std::uint32_t> found;
  const auto& devices = draft.plan.field.devices;
  std::vector<bool> taken(devices.size());
  for (const Node* glob : globs) {
    if (!is_scalar(*glob, "identifiers of devices, with * and ?", problems)) continue;
    bool any = false;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
      if (!check::matches_glob(glob->text, devices[i].id)) continue;
      any = true;
      if (taken[i]) continue;
      taken[i] = true;
      found.push_back(i);
    }
    if (!any && draft.device_names_known) {
      problems.add(*glob, fmt::format("there is no device {}", described(*glob)));
    }
  }
  return found;
}

std::optional<world::DeviceAction> read_counter(const Node& node, Problems& problems) {
  using Kind = world::DeviceAction::Kind;
  world::DeviceAction action;
  if (node.is_scalar()) {
    const auto kind = read_word<Kind>(
        node, "counter", {{"reset", Kind::reset_counter}, {"forget", Kind::forget}}, problems);
    if (!kind) return std::nullopt;
    action.kind = *kind;
    return action;
  }
  const Section section(node, "the counter", {"skip"}, problems);
  action.kind = Kind::skip_counter;
  if (section.require("skip") == nullptr) return std::nullopt;
  if (!section.take("skip", action.count, read_whole, WholeRange{1, 0xFFFF'FFFF})) return {};
  return action;
}

std::optional<world::DeviceAction> read_action(const Section& step, const Entry& what,
                                               Problems& problems) {
  using Kind = world::DeviceAction::Kind;
  if (what.key == "counter") return read_counter(*what.value, problems);
  world::DeviceAction action;
  const bool cut = what.key == "power_cut";
  const DurationRange spread{0ms, 24h * 366, "0 to 366d"};
  if (cut) {
    if (!step.take("power_cut", action.length, read_duration, kLength)) return std::nullopt;
    step.take("back_within", action.within, read_duration, spread);
  } else {
    action.kind = Kind::send;
    const auto now = read_word<bool>(*what.value, "moment", {{"now", true}}, problems);
    if (!now) return std::nullopt;
    step.take("within", action.within, read_duration, spread);
  }
  return action;
}

void read_device_step(const Section& step, Draft& draft, Problems& problems) {
  const auto at = read_at(step, draft, problems);
  const auto devices = read_device_globs(*step.find("devices"), draft, problems);
  const Entry* what = step.one_of({"power_cut", "counter", "send"}, true);
  for (const char* key : {"outage", "reboot", "backhaul_outage", "then", "for"}) {
    if (const Node* misplaced = step.find(key)) {
      problems.add(*misplaced, fmt::format("a step of devices has no '{}'", key), "leave it out");
    }
  }
  if (what == nullptr) return;
  const auto tell_alone = [&](const char* key, const char* with) {
    const Node* alone = step.find(key);
    if (alone == nullptr || what->key == with) return;
    problems.add(*alone, fmt::format("'{}' goes with '{}' only", key, with), "leave it out");
  };
  tell_alone("back_within", "power_cut");
  tell_alone("within", "send");
  auto action = read_action(step, *what, problems);
  if (!at || !action) return;
  action->at = *at;
  action->devices = devices;
  draft.plan.field.actions.push_back(std::move(*action));
}

/// Tells of keys that only steps of devices have.
void tell_device_keys(const Section& step, Problems& problems) {
  for (const char* key : {"power_cut", "back_within", "counter", "send", "within"}) {
    if (const Node* misplaced = step.find(key)) {
      problems.add(*misplaced, fmt::format("only devices have '{}'", key), "leave it out");
    }
  }
}

}  // namespace

void read_timeline(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("timeline");
  if (node == nullptr) return;
  const auto& items = items_of(*node, "a list of steps", problems);
  if (items.size() > kMaxSteps) {
    problems.add(*node, fmt::format("there are more than {} steps", kMaxSteps));
    return;
  }
  WhenReader conditions(draft, problems);
  for (const NodePtr& item : items) {
    const Section step(*item, "a step of the timeline", kStepKeys, problems);
    const Entry* whose = step.one_of({"gateway", "endpoint", "devices", "downlink_api"}, true);
    if (whose == nullptr) continue;
    if (whose->key == "devices") {
      read_device_step(step, draft, problems);
      continue;
    }
    tell_device_keys(step, problems);
    if (whose->key == "gateway") {
      read_outage(step, draft, problems);
    } else if (whose->key == "downlink_api") {
      read_call_fault(step, draft, problems);
    } else {
      read_fault(step, draft, conditions, problems);
    }
  }
}

}  // namespace sim::scenario
