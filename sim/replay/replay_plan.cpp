#include "sim/replay/replay_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/dialect/json_writer.h"
#include "sim/scenario/problems.h"
#include "sim/scenario/read.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::replay {

namespace {

using namespace std::chrono_literals;
using scenario::Diagnostic;
using scenario::Override;
using scenario::Plan;

using Result = tl::expected<Plan, std::vector<Diagnostic>>;

// What the recording says, or what a recorded field does not have.
constexpr std::array<std::string_view, 7> kNotHere{"gateways", "devices", "include", "radio",
                                                   "network",  "start",   "case"};
constexpr auto kLongest = 24h * 366;
// Behind the last uplink: its window, and the settling.
constexpr auto kRest = 1s;
// Their errors come behind those of the file.
constexpr int kBaseRank = 500'000;

std::string quoted(std::string_view text) {
  std::string result;
  dialect::JsonWriter(result).string(text);
  return result;
}

std::string time_text(engine::SimTime moment) {
  std::string text;
  dialect::append_rfc3339(moment, text);
  return text;
}

std::string base_text(const Survey& survey, std::chrono::seconds shift) {
  const std::string file = survey.path.substr(survey.path.rfind('/') + 1);
  std::string text = fmt::format("name: {}\n", quoted("replay of " + file.substr(0, 150)));
  text += fmt::format("region: {}\ndialect: {}\npace: realtime\n", survey.region->name,
                      survey.dialect->name());
  text += fmt::format("start: {}\n", time_text(survey.first + shift));
  const auto length = std::chrono::ceil<std::chrono::milliseconds>(survey.last - survey.first);
  text += fmt::format("duration: {}ms\n",
                      std::min<std::chrono::milliseconds>(length + kRest, kLongest).count());
  text += "application:\n";
  text += fmt::format("  id: {}\n",
                      quoted(scenario::is_identifier(survey.app_id) ? survey.app_id : "lnsim"));
  text +=
      fmt::format("  process: {}\n",
                  quoted(scenario::is_identifier(survey.process) ? survey.process : "lnsim-http"));
  return text + "expect:\n  - { uplinks: delivered, share: 100% }\n  - { answer: 2xx }\n";
}

/// Refuses keys that a recording leaves no room for, before the rest is read.
std::vector<Diagnostic> unfit_keys(const std::string& path, const scenario::Sources& sources) {
  const auto text = sources.read_file(path);
  if (!text) return {};  // load() tells
  scenario::Problems problems;
  const scenario::SourceText source(path, *text, 0);
  const scenario::NodePtr root = scenario::parse_yaml(source, problems);
  if (!root || !root->is_map()) return {};
  for (const scenario::Entry& entry : root->entries) {
    if (std::find(kNotHere.begin(), kNotHere.end(), entry.key) == kNotHere.end()) continue;
    problems.add(entry.key_spot, fmt::format("a replay has no '{}' of its own", entry.key),
                 "that is what the recording says");
  }
  return problems.take();
}

/// How long the load has to be for as many uplinks as the recording has; nothing where it fits.
std::optional<std::string> fitting_length(const Plan& plan, const Survey& survey) {
  if (!plan.load || plan.load->profile.phases().size() != 1) return std::nullopt;
  const delivery::LoadPhase& phase = plan.load->profile.phases().front();
  if (phase.rate != phase.last_rate || phase.rate <= 0) return std::nullopt;
  const double ms = 1000 * static_cast<double>(survey.uplinks) / phase.rate;
  return fmt::format("{}ms", std::max<std::int64_t>(1, static_cast<std::int64_t>(ms)));
}

bool has(const std::vector<Override>& overrides, std::string_view path) {
  return std::any_of(overrides.begin(), overrides.end(),
                     [path](const Override& one) { return one.path == path; });
}

/// What is left of a scenario's timeline must not be about devices and gateways.
std::vector<Diagnostic> unfit_plan(const Plan& plan) {
  if (plan.field.outages.empty() && plan.field.actions.empty()) return {};
  Diagnostic diagnostic;
  diagnostic.place.file = plan.file;
  diagnostic.message =
      "the timeline has steps of gateways or devices; a replay has only what "
      "befalls the endpoint and the downlink API";
  return {diagnostic};
}

}  // namespace

Result replay_plan(const Survey& survey, std::chrono::seconds shift, const std::string& expect,
                   const scenario::Sources& real, const std::vector<Override>& given) {
  scenario::Sources sources = real;
  if (expect.empty()) {
    sources.read_file = [](const std::string&) { return std::string("{}"); };
  } else if (auto wrong = unfit_keys(expect, real); !wrong.empty()) {
    return tl::unexpected(std::move(wrong));
  }
  const std::string& path = expect.empty() ? survey.path : expect;
  std::vector<Override> overrides = given;
  const auto load = [&]() -> Result {
    scenario::Problems problems;
    const scenario::SourceText base(survey.path, base_text(survey, shift), kBaseRank);
    const scenario::Layers layers{scenario::parse_yaml(base, problems), nullptr, true};
    if (!problems.empty()) return tl::unexpected(problems.take());
    return scenario::load(path, sources, overrides, layers);
  };
  Result plan = load();
  if (!plan) return plan;
  if (!has(overrides, "duration")) {
    if (auto length = fitting_length(*plan, survey)) {
      overrides.push_back({"duration", std::move(*length), "--rate"});
      plan = load();
      if (!plan) return plan;
    }
  }
  if (auto wrong = unfit_plan(*plan); !wrong.empty()) return tl::unexpected(std::move(wrong));
  plan->field.devices = survey.devices;
  plan->field.gateways = survey.gateways;
  return plan;
}

}  // namespace sim::replay
