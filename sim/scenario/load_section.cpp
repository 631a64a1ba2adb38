#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/scenario/load.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr double kMaxRate = 10'000'000;  // a second
constexpr std::size_t kMaxPhases = 1'000;
constexpr std::uint64_t kMaxUplinks = 1'000'000'000'000;
// The devices send for as long as the load lasts, however slow their intervals are.
constexpr auto kAsLongAsNeeded = std::chrono::hours(24 * 365 * 100);
// Uplinks that wait for a connection keep their bodies: some 200 MB of them at most.
constexpr std::size_t kMaxWaiting = 200'000;
constexpr DurationRange kFor{1ms, 24h * 31, "1ms to 31d"};

/// "500/s", "30/min", "100/h", as uplinks a second.
std::optional<double> rate_of(std::string_view text) {
  constexpr std::pair<std::string_view, double> kUnits[] = {{"/s", 1}, {"/min", 60}, {"/h", 3600}};
  for (const auto& [unit, seconds] : kUnits) {
    if (!text.ends_with(unit)) continue;
    const auto number = parse_decimal(text.substr(0, text.size() - unit.size()));
    if (!number || *number < 0 || *number / seconds > kMaxRate) return std::nullopt;
    return *number / seconds;
  }
  return std::nullopt;
}

std::optional<double> read_rate(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a rate like 500/s", problems)) return std::nullopt;
  const auto rate = rate_of(node.text);
  if (rate) return rate;
  problems.add(node, fmt::format("{} is not a rate", described(node)),
               "write it like 500/s, 30/min or 100/h, up to 10000000/s");
  return std::nullopt;
}

/// Reads `rate`, `ramp_to` and `for` of a phase, or of the load itself.
delivery::LoadPhase read_phase(const Section& section, std::chrono::nanoseconds length,
                               Problems& problems) {
  delivery::LoadPhase phase;
  phase.length = length;
  if (section.require("rate") != nullptr) section.take("rate", phase.rate, read_rate);
  phase.last_rate = phase.rate;
  section.take("ramp_to", phase.last_rate, read_rate);
  section.take("for", phase.length, read_duration, kFor);
  if (phase.length > kFor.max) {
    problems.add(section.node(), "the load takes longer than 31d", "say how long with 'for'");
  }
  return phase;
}

std::vector<delivery::LoadPhase> read_phases(const Node& list, Problems& problems) {
  std::vector<delivery::LoadPhase> phases;
  const auto& items = items_of(list, "a list of phases", problems);
  if (items.size() > kMaxPhases) {
    problems.add(list, fmt::format("there are more than {} phases", kMaxPhases));
    return phases;
  }
  for (const NodePtr& item : items) {
    const Section section(*item, "a phase", {"name", "rate", "ramp_to", "for"}, problems);
    if (!section.is_map()) continue;
    if (section.require("for") == nullptr) continue;
    phases.push_back(read_phase(section, 1s, problems));
    phases.back().name = fmt::format("phase {}", phases.size());
    section.take("name", phases.back().name, read_text);
  }
  return phases;
}

void refuse_both(const Section& section, Problems& problems) {
  for (const std::string_view key : {"rate", "ramp_to", "for"}) {
    const Node* node = section.find(key);
    if (node == nullptr) continue;
    problems.add(*node, fmt::format("'{}' and 'phases' do not go together", key),
                 "a load is either one rate or a list of phases");
  }
}

void read_limits(const Section& section, LoadPlan& load) {
  section.take("skipped", load.most_skipped, read_share);
  std::chrono::nanoseconds late = load.most_late;
  section.take("late", late, read_duration, DurationRange{1ms, 1min, "1ms to 1min"});
  load.most_late = std::chrono::ceil<std::chrono::milliseconds>(late);
}

/// What every load has to keep for its figures to say something.
check::Expectation expectation_of(const LoadPlan& load, std::uint64_t count, const Node& node) {
  check::Expectation expectation;
  expectation.id = "load";
  expectation.title = "the planned load was offered";
  expectation.place = place_of(node.spot);
  const std::uint64_t total = load.profile.total();
  expectation.what = check::LoadExpectation{count == 0 ? total : std::min(total, count),
                                            load.most_skipped, load.most_late};
  return expectation;
}

}  // namespace

void read_load(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("load");
  if (node == nullptr) return;
  const Section section(*node, "the load",
                        {"rate", "ramp_to", "for", "phases", "arrivals", "skipped", "late", "wait"},
                        problems);
  if (!section.is_map()) return;
  const std::size_t before = problems.count();
  Plan& plan = draft.plan;
  LoadPlan load;
  std::vector<delivery::LoadPhase> phases;
  if (const Node* list = section.find("phases")) {
    refuse_both(section, problems);
    phases = read_phases(*list, problems);
  } else {
    phases.push_back(read_phase(section, plan.field.duration, problems));
    phases.back().name = "load";
  }
  using delivery::Arrivals;
  if (const Node* arrivals = section.find("arrivals")) {
    const auto word =
        read_word<Arrivals>(*arrivals, "kind of arrivals",
                            {{"even", Arrivals::even}, {"random", Arrivals::random}}, problems);
    load.arrivals = word.value_or(Arrivals::even);
  }
  read_limits(section, load);
  std::chrono::nanoseconds wait = 5s;
  section.take("wait", wait, read_duration, DurationRange{1ms, 1h, "1ms to 1h"});
  draft.phases_known = problems.count() == before;
  if (!draft.phases_known) return;
  load.profile = delivery::LoadProfile(std::move(phases));
  const std::uint64_t total = load.profile.total();
  if (total == 0 || total > kMaxUplinks) {
    problems.add(*node, total == 0 ? "the load has no uplinks" : "the load has too many uplinks",
                 fmt::format("it may have 1 to {} in all", kMaxUplinks));
    return;
  }
  plan.pace = {PaceKind::load, 1};
  plan.endpoint.sender.longest_wait = std::chrono::ceil<std::chrono::milliseconds>(wait);
  plan.endpoint.sender.queue_limit = kMaxWaiting;
  plan.expectations.push_back(expectation_of(load, plan.count, *node));
  plan.load = std::move(load);
}

void for_as_long_as_needed(Plan& plan) {
  if (plan.load) plan.field.duration = kAsLongAsNeeded;
}

}  // namespace sim::scenario
