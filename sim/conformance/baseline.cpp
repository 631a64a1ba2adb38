#include "sim/conformance/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "sim/payload/value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"
#include "sim/scenario/yaml_reader.h"

namespace sim::conformance {

namespace {

using check::Outcome;
using scenario::Node;
using scenario::Problems;

std::optional<std::string> read_day(const Node& node, Problems& problems) {
  if (!scenario::is_scalar(node, "a day like 2027-01-31", problems)) return std::nullopt;
  if (is_day(node.text)) return node.text;
  problems.add(node, fmt::format("{} is not a day", scenario::described(node)),
               "write it like 2027-01-31");
  return std::nullopt;
}

std::optional<KnownFailure> read_known(const Node& node, const std::vector<std::string>& ids,
                                       Problems& problems) {
  const std::size_t before = problems.count();
  const scenario::Section section(node, "a known failure", {"case", "until", "reason"}, problems);
  if (!section.is_map()) return std::nullopt;
  KnownFailure known;
  known.place = scenario::place_of(node.spot);
  for (const char* key : {"case", "until", "reason"}) {
    if (section.require(key) == nullptr) continue;  // which tells it
  }
  section.take("case", known.id, scenario::read_text);
  section.take("until", known.until, read_day);
  section.take("reason", known.reason, scenario::read_text);
  if (problems.count() != before) return std::nullopt;
  if (std::find(ids.begin(), ids.end(), known.id) == ids.end()) {
    problems.add(*section.find("case"), fmt::format("there is no case {}", known.id),
                 scenario::near_suggestion(known.id, {ids.begin(), ids.end()}));
    return std::nullopt;
  }
  return known;
}

void apply(const KnownFailure& known, const std::string& today, check::Verdict& verdict) {
  if (verdict.outcome == Outcome::passed) {
    verdict.outcome = Outcome::failed;
    verdict.actual = "passed, although the baseline says that it fails";
    verdict.note = fmt::format("take {} out of the baseline ({}:{})", known.id, known.place.file,
                               known.place.line);
    verdict.expected = "a failure: " + known.reason;
    return;
  }
  if (verdict.outcome != Outcome::failed && verdict.outcome != Outcome::inconclusive) return;
  if (today > known.until) {
    verdict.note =
        fmt::format("its known failure was tolerated until {}: {}", known.until, known.reason);
    return;
  }
  verdict.tolerated = true;
  verdict.note = fmt::format("known failure until {}: {}", known.until, known.reason);
}

}  // namespace

bool is_day(const std::string& text) {
  int parts[3] = {};
  const char* at = text.data();
  const char* const end = at + text.size();
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (int& part : parts) {
    const auto read = std::from_chars(at, end, part);
    if (read.ec != std::errc{} || part < 1) return false;
    at = read.ptr + (read.ptr == end ? 0 : 1);
  }
  const std::chrono::year_month_day day{std::chrono::year(parts[0]),
                                        std::chrono::month(static_cast<unsigned>(parts[1])),
                                        std::chrono::day(static_cast<unsigned>(parts[2]))};
  return at == end && day.ok();
}

tl::expected<std::vector<KnownFailure>, std::vector<scenario::Diagnostic>> read_baseline(
    const std::string& name, const std::string& text, const std::vector<std::string>& known_ids) {
  Problems problems;
  const scenario::SourceText source(name, text, 0);
  std::vector<KnownFailure> failures;
  const scenario::NodePtr root = scenario::parse_yaml(source, problems);
  if (root && root->kind != Node::Kind::null) {
    for (const auto& item : scenario::items_of(*root, "a list of known failures", problems)) {
      if (auto known = read_known(*item, known_ids, problems)) failures.push_back(*known);
    }
  }
  if (!problems.empty()) return tl::unexpected(problems.take());
  return failures;
}

void apply_baseline(const std::vector<KnownFailure>& baseline, const std::string& today,
                    std::vector<check::Verdict>& cases) {
  for (const KnownFailure& known : baseline) {
    for (check::Verdict& verdict : cases) {
      if (verdict.id == known.id) apply(known, today, verdict);
    }
  }
}

std::string write_baseline(const std::vector<check::Verdict>& cases, const std::string& until,
                           const std::string& reason) {
  std::string text;
  for (const check::Verdict& verdict : cases) {
    if (verdict.outcome != Outcome::failed && verdict.outcome != Outcome::inconclusive) continue;
    text += fmt::format("- {{ case: {}, until: {}, reason: {} }}\n", verdict.id, until,
                        payload::to_text(payload::Value(reason)));
  }
  return text.empty() ? "[]\n" : text;
}

}  // namespace sim::conformance
