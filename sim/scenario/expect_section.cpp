#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "sim/check/acknowledge_check.h"
#include "sim/check/downlink_check.h"
#include "sim/check/effect_check.h"
#include "sim/check/retry_check.h"
#include "sim/check/stored_check.h"
#include "sim/check/wording.h"
#include "sim/scenario/device_parts.h"
#include "sim/scenario/payload_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/retry_value.h"
#include "sim/scenario/sections.h"
#include "sim/scenario/stored_value.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

/// Whether any bytes may hold fields of any name.
bool finds_names_in_bytes(const payload::Format& format) {
  return std::holds_alternative<payload::Cayenne>(format) ||
         std::holds_alternative<payload::CayenneStandard>(format);
}

constexpr std::size_t kMaxExpectations = 1'000;
constexpr DurationRange kWithin{1ms, 1h, "1ms to 1h"};
constexpr DurationRange kWithinRun{1ms, 24h * 366, "1ms to 366d"};  // virtual time
const std::vector<std::string_view> kKinds = {"uplinks", "answer", "downlink",    "latency",
                                              "retry",   "effect", "acknowledged", "stored"};

/// The keys that each kind may have beside its own and id, title and level.
const std::vector<std::string_view>& keys_of(std::string_view kind) {
  static const std::vector<std::string_view> kUplinks = {"share"};
  static const std::vector<std::string_view> kAnswer = {"within", "share"};
  static const std::vector<std::string_view> kDownlink = {"when",     "within",  "exactly",
                                                          "at_least", "at_most", "none"};
  static const std::vector<std::string_view> kLatency = {"below"};
  static const std::vector<std::string_view> kRetry = {"within", "respects_retry_after", "at_most",
                                                       "none"};
  static const std::vector<std::string_view> kEffect = {"to", "when", "within"};
  static const std::vector<std::string_view> kAcknowledged = {"to", "share", "within"};
  static const std::vector<std::string_view> kStored = {"to"};
  if (kind == "stored") return kStored;
  if (kind == "uplinks") return kUplinks;
  if (kind == "effect") return kEffect;
  if (kind == "acknowledged") return kAcknowledged;
  if (kind == "answer") return kAnswer;
  if (kind == "retry") return kRetry;
  return kind == "downlink" ? kDownlink : kLatency;
}

/// Reads the list of expectations; knows which fields the devices have.
class ExpectationReader {
 public:
  ExpectationReader(Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {
    collect_field_names();
  }

  void read(const Node& node, std::size_t position) {
    const std::size_t before = problems_.count();
    const Section any(node, "an expectation",
                      {"id", "title", "level", "uplinks", "share", "answer", "within", "downlink",
                       "when", "exactly", "at_least", "at_most", "none", "latency", "below",
                       "retry", "respects_retry_after", "effect", "acknowledged", "stored", "to"},
                      problems_);
    const Entry* kind = any.one_of(kKinds, true);
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
  void collect_field_names() {
    const auto* layout = std::get_if<payload::Template>(&draft_.plan.application.format);
    if (layout != nullptr) {
      for (const payload::TemplatePart& part : layout->parts) field_names_.insert(part.field);
    }
    // What functions make of bytes cannot be told beforehand.
    names_known_ = names_known_ &&
                   !std::holds_alternative<payload::Script>(draft_.plan.application.format);
    for (const fleet::Device& device : draft_.plan.field.devices) {
      const auto* generated = std::get_if<payload::GeneratedFields>(&device.payload);
      if (generated == nullptr) {
        // What Cayenne finds in bytes that the scenario gives cannot be told beforehand.
        names_known_ = names_known_ && !finds_names_in_bytes(draft_.plan.application.format);
        continue;
      }
      for (const payload::FieldPlan& plan : generated->plans) field_names_.insert(plan.name);
    }
  }

  void refuse_strangers(const Node& node, std::string_view kind) {
    const auto& own = keys_of(kind);
    for (const Entry& entry : node.entries) {
      const bool general =
          entry.key == "id" || entry.key == "title" || entry.key == "level" || entry.key == kind;
      if (general || std::find(own.begin(), own.end(), entry.key) != own.end()) continue;
      if (!is_key(entry.key)) continue;  // told already
      problems_.add(entry.key_spot,
                    fmt::format("'{}' does not go together with '{}'", entry.key, kind),
                    fmt::format("beside '{}' may stand {}", kind, joined_with_or(own)));
    }
  }

  static bool is_key(std::string_view key) {
    return std::any_of(kKinds.begin(), kKinds.end(), [&](std::string_view kind) {
      const auto& keys = keys_of(kind);
      return std::find(keys.begin(), keys.end(), key) != keys.end();
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
    if (kind.key == "stored") expectation.what = read_stored_expectation(section, *kind.value);
  }

  check::StoredExpectation read_stored_expectation(const Section& section, const Node& node) {
    check::StoredExpectation wanted = read_stored(node, problems_);
    read_to(section, wanted.to);
    probed_.add(wanted.to, draft_, node, problems_);
    return wanted;
  }

  check::DeliveryExpectation read_uplinks(const Section& section, const Node& node) {
    using delivery::Outcome;
    check::DeliveryExpectation wanted;
    wanted.outcome = read_word<Outcome>(node, "outcome",
                                        {{"delivered", Outcome::delivered},
                                         {"rejected", Outcome::rejected},
                                         {"timed_out", Outcome::timed_out},
                                         {"failed", Outcome::failed},
                                         {"skipped", Outcome::skipped}},
                                        problems_)
                         .value_or(Outcome::delivered);
    section.take("share", wanted.share, read_share);
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
    return wanted;
  }

  check::DownlinkExpectation read_downlink(const Section& section, const Node& node) {
    check::DownlinkExpectation wanted;
    const Section pattern(node, "a downlink", {"to", "port", "payload", "fields", "confirmed"},
                          problems_);
    if (pattern.is_map()) read_pattern(pattern, wanted);
    section.take("within", wanted.within, read_duration, kWithin);
    if (const Node* when = section.find("when")) wanted.when = read_when(*when);
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

  void require_device(const Node& node, std::string_view glob) {
    const auto& devices = draft_.plan.field.devices;
    const bool found = std::any_of(devices.begin(), devices.end(), [&](const fleet::Device& one) {
      return check::matches_glob(glob, one.id);
    });
    if (found || !draft_.device_names_known) return;
    std::vector<std::string_view> known;
    constexpr std::size_t kMostCompared = 1'000;
    for (std::size_t i = 0; i < std::min(devices.size(), kMostCompared); ++i) {
      known.push_back(devices[i].id);
    }
    problems_.add(node, fmt::format("no device is called {}", described(node)),
                  suggestion(glob, known));
  }

  std::optional<check::Condition> read_when(const Node& node) {
    if (!is_scalar(node, "a condition", problems_)) return std::nullopt;
    auto condition = check::Condition::parse(node.text);
    if (!condition) {
      problems_.add(spot_within(node, condition.error().offset), condition.error().reason);
      return std::nullopt;
    }
    for (const std::string& name : condition->names()) require_field(node, name);
    return std::move(*condition);
  }

  void require_field(const Node& node, const std::string& name) {
    const std::string top = name.substr(0, name.find('.'));
    if (field_names_.contains(name) || field_names_.contains(top)) return;
    if (!names_known_ || !draft_.field_names_known) return;
    std::vector<std::string_view> known(field_names_.begin(), field_names_.end());
    for (const std::string_view fact : {"is_retry", "confirmed", "port", "counter", "gateways"}) {
      known.push_back(fact);
    }
    const std::size_t at = node.text.find(name);
    problems_.add(spot_within(node, at == std::string::npos ? 0 : at, name.size()),
                  fmt::format("no device has a field '{}'", name), suggestion(name, known));
  }

  check::EffectExpectation read_effect(const Section& section, const Node& node) {
    check::EffectExpectation wanted;
    if (auto effect = read_when(node)) wanted.effect = std::move(*effect);
    read_to(section, wanted.to);
    if (const Node* when = section.find("when")) wanted.when = read_when(*when);
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
    if (to != nullptr && section.take("to", glob, read_text)) require_device(*to, glob);
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
    return wanted;
  }

  static std::string title_of(const check::Expectation& expectation) {
    const auto& what = expectation.what;
    if (const auto* uplinks = std::get_if<check::DeliveryExpectation>(&what)) {
      return fmt::format("{} of the uplinks {}", check::percent_text(uplinks->share),
                         delivery::to_string(uplinks->outcome));
    }
    if (const auto* answer = std::get_if<check::AnswerExpectation>(&what)) {
      return fmt::format("{} of the answers {}{}", check::percent_text(answer->share),
                         answer->status.text(),
                         answer->within ? " within " + check::duration_text(*answer->within) : "");
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
    const auto& latency = std::get<check::LatencyExpectation>(what);
    return fmt::format("latency {} below {}", latency.quantile_text,
                       check::duration_text(latency.below));
  }

  Draft& draft_;
  Problems& problems_;
  std::set<std::string> field_names_;
  ProbedDevices probed_;
  bool names_known_ = true;
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
