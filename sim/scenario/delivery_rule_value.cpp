#include "sim/scenario/delivery_rule_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/dialect/base64.h"
#include "sim/http/message.h"
#include "sim/scenario/headers_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;
using delivery::Fault;
using delivery::Treatment;

constexpr DurationRange kDelay{1ms, 1h, "1ms to 1h"};
constexpr WholeRange kTimes{2, 100};
constexpr WholeRange kBytesPerSecond{1, 1'000'000'000};
constexpr WholeRange kChunk{1, 1'000'000};
constexpr WholeRange kUplinks{0, 1'000};
constexpr WholeRange kBurst{2, 1'000};
constexpr WholeRange kFirst{1, 1'000'000};
constexpr WholeRange kTries{1, 100};
constexpr std::size_t kMaxEdits = 200;
constexpr std::size_t kMaxBody = 16U << 20U;

constexpr std::string_view kMalformed = "malformed-json";
constexpr std::string_view kWrongType = "wrong-content-type";
constexpr std::string_view kNoType = "no-content-type";
constexpr std::array kContentFaults = {
    ContentFault{kMalformed, "half of the JSON, and a Content-Length that is right"},
    ContentFault{kWrongType, "Content-Type: text/plain"},
    ContentFault{kNoType, "no Content-Type"},
};

/// Faults of the content are none of the sender's: they alter body and headers.
std::optional<Fault> read_fault_name(const Node& node, Problems& problems) {
  std::vector<std::pair<std::string_view, Fault>> words;
  for (const delivery::NamedFault& fault : delivery::faults()) {
    words.emplace_back(fault.name, fault.fault);
  }
  for (const ContentFault& fault : kContentFaults) words.emplace_back(fault.name, Fault::none);
  return read_word<Fault>(node, "fault", words, problems);
}

std::optional<std::string> read_request_target(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a path like /uplink?x=1", problems)) return std::nullopt;
  const bool plain = std::all_of(node.text.begin(), node.text.end(),
                                 [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
  if (plain && node.text.starts_with('/') && node.text.size() <= 2'000) return node.text;
  problems.add(node, "a path begins with '/' and has no spaces or control characters");
  return std::nullopt;
}

std::optional<std::string> read_request_method(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a method like DELETE", problems)) return std::nullopt;
  if (http::is_header_name(node.text) && node.text.size() <= 32) return node.text;
  problems.add(node, fmt::format("{} is not a method", described(node)), "write GET or DELETE");
  return std::nullopt;
}

std::optional<std::vector<std::string>> read_header_names(const Node& node, Problems& problems) {
  std::vector<std::string> names;
  const auto take = [&](const Node& one) {
    if (!is_scalar(one, "a header's name", problems)) return;
    if (http::is_header_name(one.text)) return names.push_back(one.text);
    problems.add(one, fmt::format("{} is not a header's name", described(one)));
  };
  if (node.is_list()) {
    for (const NodePtr& item : node.items) take(*item);
  } else {
    take(node);
  }
  return names;
}

std::optional<dialect::BodyPath> read_path(const Node& place, std::string_view text,
                                           Problems& problems) {
  auto path = dialect::BodyPath::parse(text);
  if (path) return std::move(*path);
  problems.add(place, path.error(), "write it like metadata.gateways[0].time");
  return std::nullopt;
}

/// `set` (plain values) or `json` (values as JSON text).
void read_set(const Node& node, bool is_json, dialect::BodyEdit& edit, Problems& problems) {
  if (!node.is_map()) {
    problems.add(node, fmt::format("expected paths and values, found {}", described(node)));
    return;
  }
  for (const Entry& entry : node.entries) {
    auto path = dialect::BodyPath::parse(entry.key);
    if (!path) {
      problems.add(entry.key_spot, path.error(), "write it like metadata.gateways[0].time");
      continue;
    }
    if (!is_json) {
      const auto value = read_value(*entry.value, problems);
      if (value) edit.set.emplace_back(std::move(*path), dialect::json_text(*value));
    } else if (is_scalar(*entry.value, "JSON text in quotes", problems)) {
      const auto valid = dialect::check_json(entry.value->text);
      if (valid) {
        edit.set.emplace_back(std::move(*path), entry.value->text);
      } else {
        problems.add(*entry.value, valid.error());
      }
    }
  }
}

void read_remove(const Node& node, dialect::BodyEdit& edit, Problems& problems) {
  const auto take = [&](const Node& one) {
    if (!is_scalar(one, "a path like payload_fields", problems)) return;
    if (auto path = read_path(one, one.text, problems)) edit.remove.push_back(std::move(*path));
  };
  if (!node.is_list()) return take(node);
  for (const NodePtr& item : node.items) take(*item);
}

std::optional<std::string> read_any_bytes(const Node& node, Problems& problems) {
  if (!is_scalar(node, "Base64", problems)) return std::nullopt;
  const auto bytes = dialect::read_base64(node.text);
  if (bytes) return std::string(bytes->begin(), bytes->end());
  problems.add(node, fmt::format("{} {}", described(node), bytes.error()));
  return std::nullopt;
}

std::optional<std::string> read_any_text(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a text", problems)) return std::nullopt;
  return node.text;
}

std::optional<dialect::BodyEdit> read_body(const Node& node, Problems& problems) {
  const Section section(
      node, "a body",
      {"set", "json", "remove", "order", "style", "text", "base64", "keep", "suffix"}, problems);
  if (!section.is_map()) return std::nullopt;
  dialect::BodyEdit edit;
  if (const Node* set = section.find("set")) read_set(*set, false, edit, problems);
  if (const Node* json = section.find("json")) read_set(*json, true, edit, problems);
  if (const Node* paths = section.find("remove")) read_remove(*paths, edit, problems);
  if (edit.set.size() + edit.remove.size() > kMaxEdits) {
    problems.add(node, fmt::format("a body is altered at {} places at most", kMaxEdits));
  }
  const Entry* whole = section.one_of({"text", "base64"}, false);
  std::string text;
  if (whole != nullptr &&
      section.take(whole->key, text, whole->key == "text" ? read_any_text : read_any_bytes)) {
    edit.text = std::move(text);
  }
  if (const Node* order = section.find("order")) {
    edit.reversed =
        read_word<bool>(*order, "order", {{"reversed", true}}, problems).value_or(false);
  }
  if (const Node* style = section.find("style")) {
    edit.pretty = read_word<bool>(*style, "style", {{"pretty", true}}, problems).value_or(false);
  }
  section.take("keep", edit.keep, read_share);
  section.take("suffix", edit.suffix, read_any_text);
  if (edit.text && edit.text->size() > kMaxBody) {
    problems.add(*whole->value, "a body has at most 16 MiB");
  }
  return edit;
}

/// Keys that say more of one fault, and of no other.
void tell_stray_parameters(const Section& section, Fault fault, Problems& problems) {
  const std::pair<const char*, Fault> kParameters[] = {
      {"times", Fault::duplicate}, {"bytes_per_second", Fault::slow}, {"chunk", Fault::chunked}};
  for (const auto& [key, of] : kParameters) {
    const Node* node = section.find(key);
    if (node == nullptr || fault == of) continue;
    problems.add(*node,
                 fmt::format("'{}' goes with 'fault: {}' only", key, delivery::to_string(of)),
                 "leave it out");
  }
}

Treatment read_request(const Section& section, Problems& problems) {
  Treatment treatment;
  if (const Node* fault = section.find("fault")) {
    const auto what = read_fault_name(*fault, problems);
    treatment.fault = what.value_or(Fault::none);
    if (what) tell_stray_parameters(section, *what, problems);
    if (what == Fault::slow && section.find("bytes_per_second") == nullptr) {
      problems.add(*fault, "'bytes_per_second' is missing", "write bytes_per_second: 500");
    }
  } else {
    tell_stray_parameters(section, Fault::none, problems);
  }
  section.take("times", treatment.times, read_whole, kTimes);
  section.take("bytes_per_second", treatment.bytes_per_second, read_whole, kBytesPerSecond);
  section.take("chunk", treatment.chunk, read_whole, kChunk);
  std::string text;
  if (section.take("method", text, read_request_method)) treatment.method = text;
  if (section.take("path", text, read_request_target)) treatment.target = text;
  if (const Node* headers = section.find("headers")) {
    treatment.set_headers = read_headers(*headers, problems).value_or(http::Headers{});
  }
  section.take("without", treatment.remove_headers, read_header_names);
  bool close = false;
  if (section.take("close", close, read_bool)) treatment.close = close;
  return treatment;
}

/// What `fault: malformed-json` and its like alter.
void spoil_content(const Section& section, DeliveryRule& rule, Treatment& treatment) {
  const Node* fault = section.find("fault");
  if (fault == nullptr || !fault->is_scalar()) return;
  if (fault->text == kMalformed) rule.body.keep = std::min(rule.body.keep, 0.5);
  if (fault->text == kWrongType) treatment.set_headers.emplace_back("Content-Type", "text/plain");
  if (fault->text == kNoType) treatment.remove_headers.emplace_back("Content-Type");
}

/// How it is sent, and when.
void read_treatment(const Section& section, DeliveryRule& rule, Problems& problems) {
  Treatment treatment = read_request(section, problems);
  if (const Node* body = section.find("body")) {
    rule.body = read_body(*body, problems).value_or(dialect::BodyEdit{});
  }
  spoil_content(section, rule, treatment);
  if (!treatment.is_plain()) rule.treatment = std::make_shared<const Treatment>(treatment);
  std::chrono::nanoseconds delay{0};
  if (section.take("delay", delay, read_duration, kDelay)) {
    rule.delay = std::chrono::ceil<std::chrono::milliseconds>(delay);
  }
  section.take("after", rule.after, read_whole, kUplinks);
  unsigned repeated = 0;
  if (section.take("repeated_after", repeated, read_whole, kUplinks)) {
    rule.repeated_after = repeated;
  }
  section.take("burst", rule.burst, read_whole, kBurst);
}

/// Which uplinks it takes.
void read_selection(const Section& section, DeliveryRule& rule, const Draft& draft,
                    WhenReader& conditions, Problems& problems) {
  section.take("name", rule.name, read_text);
  if (const Node* when = section.find("when")) rule.when = conditions.read(*when);
  const Node* devices = section.find("devices");
  if (devices != nullptr && section.take("devices", rule.devices, read_text)) {
    require_device(draft, *devices, rule.devices, problems);
  }
  section.take("share", rule.share, read_share);
  section.take("first", rule.first, read_whole, kFirst);
  section.take("tries", rule.tries, read_whole, kTries);
}

void check_whole(const Section& section, const DeliveryRule& rule, Problems& problems) {
  if (rule.burst > 0 && (rule.after > 0 || rule.delay.count() > 0 || rule.repeated_after)) {
    problems.add(*section.find("burst"), "a burst decides when its deliveries go",
                 "leave out after, repeated_after and delay");
  }
  if (rule.tries > 0 && !rule.treatment) {
    problems.add(*section.find("tries"), "a body is the same in every try of a delivery",
                 "leave it out, or give the rule a fault or headers");
  }
  if (rule.treatment) {
    const auto valid = delivery::check(*rule.treatment);
    if (!valid) problems.add(section.node(), valid.error());
  }
  const bool nothing = !rule.treatment && rule.body.is_none() && rule.delay.count() == 0 &&
                       rule.after == 0 && !rule.repeated_after && rule.burst == 0;
  if (nothing) {
    problems.add(section.node(), "it is not said what is done to the deliveries",
                 "write fault: reset, or body: { remove: [payload_fields] }");
  }
}

}  // namespace

std::span<const ContentFault> content_faults() {
  return kContentFaults;
}

std::optional<DeliveryRule> read_delivery_rule(const Node& node, const Draft& draft,
                                               WhenReader& conditions, Problems& problems) {
  const std::size_t before = problems.count();
  const Section section(node, "a rule for deliveries",
                        {"name",           "when",    "devices",
                         "share",          "first",   "tries",
                         "fault",          "times",   "bytes_per_second",
                         "chunk",          "method",  "path",
                         "headers",        "without", "close",
                         "body",           "delay",   "after",
                         "repeated_after", "burst"},
                        problems);
  if (!section.is_map()) return std::nullopt;
  DeliveryRule rule;
  read_selection(section, rule, draft, conditions, problems);
  read_treatment(section, rule, problems);
  if (problems.count() == before) check_whole(section, rule, problems);
  if (problems.count() != before) return std::nullopt;
  return rule;
}

}  // namespace sim::scenario
