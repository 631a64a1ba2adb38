#include <fmt/format.h>

#include <algorithm>

#include "sim/check/acknowledge_check.h"
#include "sim/check/downlink_check.h"
#include "sim/check/effect_check.h"
#include "sim/check/retry_check.h"
#include "sim/check/stored_check.h"
#include "sim/check/tries_check.h"
#include "sim/check/wording.h"
#include "sim/scenario/device_parts.h"
#include "sim/scenario/payload_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/retry_value.h"
#include "sim/scenario/sections.h"
#include "sim/scenario/stored_value.h"
#include "sim/scenario/when_value.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxExpectations = 1'000;
constexpr DurationRange kWithin{1ms, 1h, "1ms to 1h"};
constexpr DurationRange kWithinRun{1ms, 24h * 366, "1ms to 366d"};  // virtual time

/// The keys that each kind may have beside its own and id, title and level.
struct Kind {
  std::string_view name;
  std::vector<std::string_view> keys;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds = {
      {"uplinks", {"when", "share"}},
      {"answer", {"when", "within", "share"}},
      {"downlink", {"when", "within", "exactly", "at_least", "at_most", "none"}},
      {"latency", {"below", "phase"}},
      {"retry", {"within", "respects_retry_after", "at_most", "none", "may_give_up"}},
      {"effect", {"to", "when", "within"}},
      {"acknowledged", {"to", "share", "within"}},
      {"leaks", {}},
      {"connections", {"share"}},
      {"stored", {"to"}},
      {"tries", {"when", "share"}},
  };
  return kKinds;
}

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  return names;
}

const std::vector<std::string_view>& keys_of(std::string_view name) {
  const auto found = std::find_if(kinds().begin(), kinds().end(),
                                  [&](const Kind& kind) { return kind.name == name; });
  return found->keys;
}

/// Every key that some expectation has, each once.
std::vector<std::string_view> all_keys() {
  std::vector<std::string_view> keys = {"id", "title", "level"};
  const auto add = [&keys](std::string_view key) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  };
  for (const Kind& kind : kinds()) {
    add(kind.name);
    for (const std::string_view key : kind.keys) add(key);
  }
  return keys;
}

/// Reads the list of expectations; knows which fields the devices have.
class ExpectationReader {
 public:
  ExpectationReader(Draft& draft, Problems& problems)
      : draft_(draft), problems_(problems), conditions_(draft, problems) {}

  void read(const Node& node, std::size_t position) {
    const std::size_t before = problems_.count();
    const Section any(node, "an expectation", all_keys(), problems_);
    const Entry* kind = any.one_of(kind_names(), true);
    if (kind == nullptr) return;
    refuse_strangers(node, kind->key);
    check::Expectation expectation;
    expectation.place = place_of(node.spot);
    expectation.id = fmt::format("expect-{}", position);
    read_what(any, *kind, expectation);
    expectation.title = title_of(expectation);
    any.take("title", expectation.title, read_text);
    any.take("level", expectation.level, read_level);
    read_id(any, expectation);
    if (problems_.count() == before) draft_.plan.expectations.push_back(std::move(expectation));
  }

 private:
  void refuse_strangers(const Node& node, std::string_view kind) {
    const auto& own = keys_of(kind);
    for (const Entry& entry : node.entries) {
      const bool general =
          entry.key == "id" || entry.key == "title" || entry.key == "level" || entry.key == kind;
      if (general || std::find(own.begin(), own.end(), entry.key) != own.end()) continue;
      if (!is_key(entry.key)) continue;  // told already
      problems_.add(
          entry.key_spot, fmt::format("'{}' does not go together with '{}'", entry.key, kind),
          own.empty() ? std::string("leave it out")
                      : fmt::format("beside '{}' may stand {}", kind, joined_with_or(own)));
    }
  }

  static bool is_key(std::string_view key) {
    return std::any_of(kinds().begin(), kinds().end(), [&](const Kind& kind) {
      return std::find(kind.keys.begin(), kind.keys.end(), key) != kind.keys.end();
    });
  }

  static std::optional<check::Level> read_level(const Node& node, Problems& problems) {
    using check::Level;
    return read_word<Level>(node, "level",
                            {{"MUST", Level::must}, {"SHOULD", Level::should}, {"MAY", Level::may}},
                            problems);
  }

  void read_id(const Section& section, check::Expectation& expectation) {
    const Node* node = section.find("id");
    if (node != nullptr) section.take("id", expectation.id, read_text);
    const auto [first, is_new] = ids_.emplace(expectation.id, section.node().spot.line);
    if (is_new) return;
    problems_.add(node != nullptr ? *node : section.node(),
                  fmt::format("the expectation '{}' stands here twice, first in line {}",
                              expectation.id, first->second));
  }

  void read_what(const Section& section, const Entry& kind, check::Expectation& expectation) {
    if (kind.key == "uplinks") expectation.what = read_uplinks(section, *kind.value);
    if (kind.key == "answer") expectation.what = read_answer(section, *kind.value);
    if (kind.key == "downlink") expectation.what = read_downlink(section, *kind.value);
    if (kind.key == "latency") expectation.what = read_latency(section, *kind.value);
    if (kind.key == "retry") {
      expectation.what = read_retry_expectation(section, *kind.value, problems_);
    }
    if (kind.key == "effect") expectation.what = read_effect(section, *kind.value);
    if (kind.key == "acknowledged") expectation.what = read_acknowledged(section, *kind.value);
    if (kind.key == "leaks") {
      read_word<bool>(*kind.value, "number of leaks", {{"none", true}}, problems_);
      expectation.what = check::LeakExpectation{};
    }
    if (kind.key == "connections") {
      check::ConnectionExpectation wanted;
      read_word<bool>(*kind.value, "state of connections", {{"kept", true}}, problems_);
      section.take("share", wanted.share, read_share);
      expectation.what = wanted;
    }
    if (kind.key == "tries") expectation.what = read_tries(section, *kind.value);
    if (kind.key == "stored") expectation.what = read_stored_expectation(section, *kind.value);
  }

  check::StoredExpectation read_stored_expectation(const Section& section, const Node& node) {
    check::StoredExpectation wanted = read_stored(node, problems_);
    read_to(section, wanted.to);
    probed_.add(wanted.to, draft_, node, problems_);
    return wanted;
  }

  check::TriesExpectation read_tries(const Section& section, const Node& node) {
    check::TriesExpectation wanted;
    const Section pattern(node, "a number of tries", {"exactly", "at_least", "at_most"}, problems_);
    if (pattern.is_map() && pattern.one_of({"exactly", "at_least", "at_most"}, true) != nullptr) {
      wanted.count = read_count(pattern);
    }
    section.take("share", wanted.share, read_share);
    if (const Node* when = section.find("when")) wanted.when = conditions_.read(*when);
    return wanted;
  }

  check::DeliveryExpectation read_uplinks(const Section& section, const Node& node) {
    using delivery::Outcome;
    check::DeliveryExpectation wanted;
    const auto outcome = read_word<std::optional<Outcome>>(node, "outcome",
                                                           {{"delivered", Outcome::delivered},
                                                            {"rejected", Outcome::rejected},
                                                            {"timed_out", Outcome::timed_out},
                                                            {"failed", Outcome::failed},
                                                            {"skipped", Outcome::skipped},
                                                            {"not_delivered", std::nullopt}},
                                                           problems_);
    if (outcome) wanted.outcome = outcome->value_or(Outcome::delivered);
    wanted.any_other = outcome && !*outcome;
    section.take("share", wanted.share, read_share);
    if (const Node* when = section.find("when")) wanted.when = conditions_.read(*when);
    return wanted;
  }

  check::AnswerExpectation read_answer(const Section& section, const Node& node) {
    check::AnswerExpectation wanted;
    if (is_scalar(node, "a status like 2xx", problems_)) {
      auto status = check::StatusPattern::parse(node.text);
      if (status) {
        wanted.status = std::move(*status);
      } else {
        problems_.add(node, status.error());
      }
    }
    std::chrono::nanoseconds within{0};
    if (section.take("within", within, read_duration, kWithin)) wanted.within = within;
    section.take("share", wanted.share, read_share);
    if (const Node* when = section.find("when")) wanted.when = conditions_.read(*when);
    return wanted;
  }

  check::DownlinkExpectation read_downlink(const Section& section, const Node& node) {
    check::DownlinkExpectation wanted;
    const Section pattern(node, "a downlink", {"to", "port", "payload", "fields", "confirmed"},
                          problems_);
    if (pattern.is_map()) read_pattern(pattern, wanted);
    section.take("within", wanted.within, read_duration, kWithin);
    if (const Node* when = section.find("when")) wanted.when = conditions_.read(*when);
    wanted.count = read_count(section);
    return wanted;
  }

  void read_pattern(const Section& pattern, check::DownlinkExpectation& wanted) {
    read_to(pattern, wanted.to);
    std::uint8_t port = 0;
    if (pattern.take("port", port, read_port)) wanted.f_port = port;
    if (const Node* payload = pattern.find("payload")) {
      wanted.payload = read_bytes(*payload, problems_);
    }
    if (const Node* fields = pattern.find("fields")) {
      if (pattern.take("fields", wanted.fields, read_fields)) {
        check_decodable(*fields, draft_.plan.application.format, problems_);
      }
    }
    bool confirmed = false;
    if (pattern.take("confirmed", confirmed, read_bool)) wanted.confirmed = confirmed;
  }

  check::EffectExpectation read_effect(const Section& section, const Node& node) {
    check::EffectExpectation wanted;
    if (auto effect = conditions_.read(node)) wanted.effect = std::move(*effect);
    read_to(section, wanted.to);
    if (const Node* when = section.find("when")) wanted.when = conditions_.read(*when);
    if (section.require("within") != nullptr) {
      section.take("within", wanted.within, read_duration, kWithinRun);
    }
    return wanted;
  }

  check::AcknowledgeExpectation read_acknowledged(const Section& section, const Node& node) {
    check::AcknowledgeExpectation wanted;
    read_word<bool>(node, "kind of frame", {{"downlinks", true}}, problems_);
    read_to(section, wanted.to);
    section.take("share", wanted.share, read_share);
    std::chrono::nanoseconds within{0};
    if (section.take("within", within, read_duration, kWithinRun)) wanted.within = within;
    return wanted;
  }

  void read_to(const Section& section, std::string& glob) {
    const Node* to = section.find("to");
    if (to != nullptr && section.take("to", glob, read_text))
      require_device(draft_, *to, glob, problems_);
  }

  check::CountRange read_count(const Section& section) {
    constexpr WholeRange kCount{0, 1'000'000};
    const Entry* entry = section.one_of({"exactly", "at_least", "at_most", "none"}, false);
    if (entry == nullptr) return {};
    if (entry->key == "none") {
      if (!read_bool(*entry->value, problems_).value_or(true)) {
        problems_.add(*entry->value, "'none' can only be true", "write at_least: 1");
      }
      return {0, 0};
    }
    const auto number = read_whole(*entry->value, kCount, problems_);
    if (!number) return {};
    const auto count = static_cast<unsigned>(*number);
    if (entry->key == "exactly") return {count, count};
    if (entry->key == "at_most") return {0, count};
    return {count, std::nullopt};
  }

  check::LatencyExpectation read_latency(const Section& section, const Node& node) {
    check::LatencyExpectation wanted;
    if (is_scalar(node, "a percentile like p99", problems_)) {
      const auto number =
          node.text.starts_with('p') ? parse_decimal(node.text.substr(1)) : std::nullopt;
      if (node.text == "max") {
        wanted.quantile = 1;
      } else if (number && *number > 0 && *number < 100) {
        wanted.quantile = *number / 100;
      } else {
        problems_.add(node, fmt::format("{} is not a percentile", described(node)),
                      "write p50, p90, p99, p99.9 or max");
      }
      wanted.quantile_text = node.text;
    }
    if (section.require("below") != nullptr) {
      section.take("below", wanted.below, read_duration, kWithin);
    }
    if (const Node* phase = section.find("phase")) {
      section.take("phase", wanted.phase, read_text);
      if (!is_phase(wanted.phase)) {
        problems_.add(*phase, fmt::format("no phase of the load is called {}", described(*phase)));
      }
    }
    return wanted;
  }

  [[nodiscard]] bool is_phase(std::string_view name) const {
    if (!draft_.plan.load) return !draft_.phases_known;  // told already
    const auto& phases = draft_.plan.load->profile.phases();
    return std::any_of(phases.begin(), phases.end(),
                       [&](const delivery::LoadPhase& phase) { return phase.name == name; });
  }

  static std::string where_text(const std::optional<check::Condition>& when) {
    return when ? " where " + when->text() : "";
  }

  static std::string title_of(const check::Expectation& expectation) {
    const auto& what = expectation.what;
    if (const auto* uplinks = std::get_if<check::DeliveryExpectation>(&what)) {
      return fmt::format(
          "{} of the uplinks {}{}", check::percent_text(uplinks->share),
          uplinks->any_other ? "not delivered" : delivery::to_string(uplinks->outcome),
          where_text(uplinks->when));
    }
    if (const auto* answer = std::get_if<check::AnswerExpectation>(&what)) {
      return fmt::format("{} of the answers {}{}{}", check::percent_text(answer->share),
                         answer->status.text(),
                         answer->within ? " within " + check::duration_text(*answer->within) : "",
                         where_text(answer->when));
    }
    if (const auto* connections = std::get_if<check::ConnectionExpectation>(&what)) {
      return fmt::format("connections stay open behind {} of the answers",
                         check::percent_text(connections->share));
    }
    if (std::holds_alternative<check::LeakExpectation>(what)) {
      return "no answer shows the endpoint's inside";
    }
    if (const auto* downlink = std::get_if<check::DownlinkExpectation>(&what)) {
      return check::expected_downlinks_text(*downlink);
    }
    if (const auto* retry = std::get_if<check::RetryExpectation>(&what)) {
      return check::expected_retry_text(*retry);
    }
    if (const auto* effect = std::get_if<check::EffectExpectation>(&what)) {
      return check::expected_effect_text(*effect);
    }
    if (const auto* acknowledged = std::get_if<check::AcknowledgeExpectation>(&what)) {
      return check::expected_acknowledge_text(*acknowledged);
    }
    if (const auto* stored = std::get_if<check::StoredExpectation>(&what)) {
      return check::expected_stored_text(*stored);
    }
    if (const auto* tries = std::get_if<check::TriesExpectation>(&what)) {
      return check::expected_tries_text(*tries);
    }
    const auto& latency = std::get<check::LatencyExpectation>(what);
    return fmt::format("latency {} below {}{}", latency.quantile_text,
                       check::duration_text(latency.below),
                       latency.phase.empty() ? "" : " in " + latency.phase);
  }

  Draft& draft_;
  Problems& problems_;
  WhenReader conditions_;
  ProbedDevices probed_;
  std::unordered_map<std::string, int> ids_;
};

}  // namespace

void read_expectations(const Section& root, Draft& draft, Problems& problems) {
  const Node* node = root.find("expect");
  if (node == nullptr) return;
  const auto& items = items_of(*node, "a list of expectations", problems);
  if (items.size() > kMaxExpectations) {
    problems.add(*node, fmt::format("there are more than {} expectations", kMaxExpectations));
    return;
  }
  ExpectationReader reader(draft, problems);
  for (std::size_t i = 0; i < items.size(); ++i) reader.read(*items[i], i + 1);
}

}  // namespace sim::scenario
