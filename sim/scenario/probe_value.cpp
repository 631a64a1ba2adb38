#include "sim/scenario/probe_value.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "sim/http/endpoint.h"
#include "sim/http/message.h"
#include "sim/payload/json_pointer.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kDevice = "{device}";
constexpr std::size_t kMaxWords = 100;
constexpr DurationRange kTimeout{10ms, 1min, "10ms to 1min"};

bool names_device(std::string_view text) {
  return text.find(kDevice) != std::string_view::npos;
}

/// As it will be asked: an identifier's letters need no escape.
std::string with_device(std::string url, std::string_view device) {
  for (std::size_t at = url.find(kDevice); at != std::string::npos; at = url.find(kDevice)) {
    url.replace(at, kDevice.size(), device);
  }
  return url;
}

std::optional<std::string> read_url(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a URL with {device} in it", problems)) return std::nullopt;
  constexpr std::string_view kSome = "some-device-or-other";
  const auto endpoint = http::parse_plain_endpoint(with_device(node.text, kSome));
  if (!endpoint) {
    problems.add(node, endpoint.error());
    return std::nullopt;
  }
  if (endpoint->target.find(kSome) != std::string::npos) return node.text;
  problems.add(node, "the URL's path or query does not say where the device goes",
               "write it like http://127.0.0.1:8080/probe/{device}");
  return std::nullopt;
}

std::optional<std::vector<ProbePlan::Word>> read_command(const Node& node, Problems& problems) {
  if (!node.is_list() || node.items.empty()) {
    problems.add(node,
                 fmt::format("expected a program and its arguments as a list, found {}",
                             node.is_list() ? "an empty one" : described(node)),
                 "write it like [./stored, \"{device}\"]; there is no shell");
    return std::nullopt;
  }
  if (node.items.size() > kMaxWords) {
    problems.add(node, fmt::format("there are more than {} arguments", kMaxWords));
    return std::nullopt;
  }
  std::vector<ProbePlan::Word> words;
  bool named = false;
  for (const NodePtr& item : node.items) {
    const auto text = read_text(*item, problems);
    if (!text) return std::nullopt;
    named = named || (!words.empty() && names_device(*text));
    words.push_back({*text, item->substituted});
  }
  if (words.front().text.empty()) {
    problems.add(*node.items.front(), "the program has no name");
  } else if (!named) {
    problems.add(node, "no argument of the command says where the device goes",
                 "write {device} in one of them");
  } else {
    return words;
  }
  return std::nullopt;
}

std::optional<std::string> read_authorization(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a header's value", problems)) return std::nullopt;
  if (http::is_header_value(node.text)) return node.text;
  problems.add(node, "a header's value has no line breaks or control characters");
  return std::nullopt;
}

std::optional<std::string> read_pointer(const Node& node, Problems& problems) {
  const auto text = read_text(node, problems);
  if (!text || payload::is_json_pointer(*text)) return text;
  problems.add(node, fmt::format("{} is not a JSON pointer", described(node)),
               "write it like /last/counter");
  return std::nullopt;
}

void read_place(const Section& section, ProbePlan& probe, Problems& problems) {
  const Entry* place = section.one_of({"url", "command"}, true);
  if (place == nullptr) return;
  section.take("url", probe.url, read_url);
  if (section.take("command", probe.command, read_command)) {
    probe.place = place_of(place->key_spot);
  }
  if (const Node* header = section.find("authorization")) {
    if (place->key != "command") return;
    problems.add(*header, "'authorization' is of the URL's request, and a command has none",
                 "leave it out");
  }
}

}  // namespace

std::optional<ProbePlan> read_probe(const Node& node, Problems& problems) {
  const Section section(
      node, "a probe", {"url", "command", "authorization", "timeout", "count", "counter", "fields"},
      problems);
  if (!section.is_map()) return std::nullopt;
  ProbePlan probe;
  read_place(section, probe, problems);
  section.take("authorization", probe.authorization, read_authorization);
  std::chrono::nanoseconds timeout = probe.timeout;
  section.take("timeout", timeout, read_duration, kTimeout);
  probe.timeout = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  section.take("count", probe.pointers.count, read_pointer);
  section.take("counter", probe.pointers.counter, read_pointer);
  section.take("fields", probe.pointers.fields, read_pointer);
  return probe;
}

}  // namespace sim::scenario
