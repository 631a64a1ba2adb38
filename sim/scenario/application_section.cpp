#include <fmt/format.h>

#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxKey = 256;

std::optional<payload::Format> read_template(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a template like \"{moisture:u8}\"", problems)) return std::nullopt;
  auto layout = payload::parse_template(node.text);
  if (layout) return std::move(*layout);
  problems.add(spot_within(node, layout.error().offset), layout.error().reason);
  return std::nullopt;
}

std::optional<payload::Format> read_format(const Node& node, Problems& problems) {
  if (node.is_scalar()) {
    return read_word<payload::Format>(
        node, "payload format", {{"none", payload::NoFormat{}}, {"cayenne", payload::Cayenne{}}},
        problems);
  }
  if (!node.is_map()) {
    problems.add(node, fmt::format("expected a payload format, found {}", described(node)),
                 "write none, cayenne or {template: \"{moisture:u8}\"}");
    return std::nullopt;
  }
  const Section section(node, "a payload format", {"template", "decoder", "encoder"}, problems);
  for (const std::string_view key : {"decoder", "encoder"}) {
    const Node* function = section.find(key);
    if (function == nullptr) continue;
    problems.add(*function, "payload functions are not available in this version",
                 "use a template, cayenne or none");
    return std::nullopt;
  }
  const Node* layout = section.require("template");
  return layout == nullptr ? std::nullopt : read_template(*layout, problems);
}

/// The key goes into a URL, where most signs would have to be escaped.
std::optional<std::string> read_access_key(const Node& node, Problems& problems) {
  if (!is_scalar(node, "an access key", problems)) return std::nullopt;
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == '~';
  };
  bool plain = !node.text.empty() && node.text.size() <= kMaxKey;
  for (const char c : node.text) plain = plain && is_plain(c);
  if (plain) return node.text;
  // The message must not show the key.
  problems.add(node, "an access key has 1 to 256 letters, digits, and signs . - _ ~");
  return std::nullopt;
}

}  // namespace

void read_application(const Section& root, Draft& draft, Problems& problems) {
  application::Application& app = draft.plan.application;
  app = {"lnsim", "lnsim-http", "ttn-account-v2.lnsim", payload::NoFormat{}};
  const Node* node = root.find("application");
  if (node == nullptr) return;
  const Section section(*node, "the application", {"id", "process", "access_key", "payload"},
                        problems);
  section.take("id", app.id, read_identifier);
  section.take("process", app.process, read_identifier);
  section.take("access_key", app.access_key, read_access_key);
  section.take("payload", app.format, read_format);
  draft.plan.field.format = app.format;
}

}  // namespace sim::scenario
