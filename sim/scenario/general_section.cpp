#include <fmt/format.h>

#include "sim/lorawan/channel_plan.h"
#include "sim/scenario/load.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr double kMaxPaceFactor = 1e6;

std::optional<Pace> read_pace(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a pace", problems)) return std::nullopt;
  auto pace = parse_pace(node.text);
  if (pace) return *pace;
  problems.add(node, pace.error(), near_suggestion(node.text, {"lockstep", "realtime", "max"}));
  return std::nullopt;
}

/// One of several things that have a name, of which `known` are all.
template <class T, class All>
const T* read_named(const Node& node, std::string_view what, const All& all, Problems& problems,
                    std::string_view (*name_of)(const T&)) {
  std::vector<std::string_view> known;
  for (const T* one : all) {
    if (node.is_scalar() && node.text == name_of(*one)) return one;
    known.push_back(name_of(*one));
  }
  problems.add(node, fmt::format("unknown {} {}", what, described(node)),
               suggestion(node.text, known));
  return nullptr;
}

void read_name(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.require("name");
  if (node == nullptr) return;
  const auto name = read_text(*node, problems);
  if (!name) return;
  if (name->empty() || name->size() > 200) {
    problems.add(*node, "the name has 1 to 200 bytes");
  }
  draft.plan.name = *name;
}

}  // namespace

tl::expected<Pace, std::string> parse_pace(std::string_view text) {
  if (text == "lockstep") return Pace{PaceKind::lockstep, 1};
  if (text == "realtime") return Pace{PaceKind::realtime, 1};
  if (text == "max") return Pace{PaceKind::max, 1};
  const auto factor =
      text.ends_with('x') ? parse_decimal(text.substr(0, text.size() - 1)) : std::nullopt;
  if (!factor) {
    return tl::unexpected(fmt::format(
        "'{}' is not a pace; write lockstep, realtime, max, or a factor like 60x", text));
  }
  if (*factor <= 0 || *factor > kMaxPaceFactor) {
    return tl::unexpected(fmt::format("the pace '{}' is not above 0x and up to 1000000x", text));
  }
  return Pace{PaceKind::realtime, *factor};
}

void read_general(const Section& root, Draft& draft, Problems& problems) {
  Plan& plan = draft.plan;
  read_name(root, draft, problems);
  if (const Node* node = root.find("description")) {
    // A description may have several lines.
    if (is_scalar(*node, "text", problems)) plan.description = node->text;
  }
  plan.field.channels = lorawan::find_channel_plan("EU868");
  if (const Node* node = root.find("region")) {
    const auto* region = read_named<lorawan::ChannelPlan>(
        *node, "region", lorawan::channel_plans(), problems,
        +[](const lorawan::ChannelPlan& one) { return one.name; });
    if (region != nullptr) plan.field.channels = region;
  }
  plan.dialect = dialect::find_dialect("ttn-v2");
  if (const Node* node = root.find("dialect")) {
    const auto* dialect = read_named<dialect::Dialect>(
        *node, "dialect", dialect::dialects(), problems,
        +[](const dialect::Dialect& one) { return one.name(); });
    if (dialect != nullptr) plan.dialect = dialect;
  }
  plan.field.start = *parse_time("2026-01-01T00:00:00Z");
  plan.field.duration = 1h;
  root.take("seed", plan.field.seed, read_whole, WholeRange{});
  root.take("start", plan.field.start, read_time);
  root.take("duration", plan.field.duration, read_duration,
            DurationRange{1ms, 24h * 366, "1ms to 366d"});
  root.take("count", plan.count, read_whole, WholeRange{1});
  root.take("pace", plan.pace, read_pace);
  std::chrono::nanoseconds settle = plan.settle;
  root.take("settle", settle, read_duration, DurationRange{0ms, 60s, "0 to 60s"});
  plan.settle = std::chrono::ceil<std::chrono::milliseconds>(settle);
}

}  // namespace sim::scenario
