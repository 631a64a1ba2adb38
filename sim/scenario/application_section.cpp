#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "sim/scenario/files.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxKey = 256;
constexpr std::size_t kMaxCodec = 1U << 20U;
constexpr std::string_view kFileKeys[] = {"codec", "decoder", "converter", "validator", "encoder"};

/// What the application's `payload` says: the network's format, and the devices' where it differs.
struct Formats {
  payload::Format network;
  std::optional<payload::Format> devices;
};

std::optional<payload::Format> read_template(const Node& node, Problems& problems) {
  if (!is_scalar(node, "a template like \"{moisture:u8}\"", problems)) return std::nullopt;
  auto layout = payload::parse_template(node.text);
  if (layout) return std::move(*layout);
  problems.add(spot_within(node, layout.error().offset), layout.error().reason);
  return std::nullopt;
}

/// A format that is known by a word, or a template: all that needs no file.
std::optional<payload::Format> read_plain_format(const Node& node, Problems& problems) {
  if (node.is_scalar()) {
    return read_word<payload::Format>(node, "payload format",
                                      {{"none", payload::NoFormat{}},
                                       {"cayenne", payload::Cayenne{}},
                                       {"cayenne-standard", payload::CayenneStandard{}}},
                                      problems);
  }
  const Section section(node, "a payload format", {"template"}, problems);
  const Node* layout = section.require("template");
  return layout == nullptr ? std::nullopt : read_template(*layout, problems);
}

std::optional<payload::CodecText> read_codec(const Node& node, Files& files, Problems& problems) {
  if (!is_scalar(node, "a file like codecs/valve.js", problems)) return std::nullopt;
  const SourceText* source = files.read(node, problems);
  if (source == nullptr) return std::nullopt;
  if (source->text().size() > kMaxCodec) {
    problems.add(node,
                 fmt::format("a file with payload functions has at most {} KiB", kMaxCodec / 1024));
    return std::nullopt;
  }
  return payload::CodecText{source->name(), source->text()};
}

/// `codec` is short for one file that has all there is; a key of a function wins over it.
std::optional<Formats> read_script(const Section& section, Files& files, Problems& problems) {
  auto script = std::make_shared<payload::ScriptFiles>();
  const auto take = [&](std::string_view key, std::optional<payload::CodecText>& file) {
    if (const Node* node = section.find(key)) file = read_codec(*node, files, problems);
  };
  std::optional<payload::CodecText> codec;
  take("codec", codec);
  script->decoder = script->encoder = codec;
  script->codec = codec.has_value();
  take("decoder", script->decoder);
  take("converter", script->converter);
  take("validator", script->validator);
  take("encoder", script->encoder);
  Formats formats{payload::Script{std::move(script), nullptr}, std::nullopt};
  if (const Node* devices = section.find("devices")) {
    formats.devices = read_plain_format(*devices, problems);
  }
  return formats;
}

std::optional<Formats> read_format(const Node& node, Files& files, Problems& problems) {
  if (!node.is_scalar() && !node.is_map()) {
    problems.add(node, fmt::format("expected a payload format, found {}", described(node)),
                 "write none, cayenne, {template: \"{moisture:u8}\"} or {codec: valve.js}");
    return std::nullopt;
  }
  const bool has_files =
      node.is_map() && std::any_of(std::begin(kFileKeys), std::end(kFileKeys),
                                   [&](std::string_view key) { return node.find(key) != nullptr; });
  if (has_files) {
    const Section section(node, "payload functions",
                          {"codec", "decoder", "converter", "validator", "encoder", "devices"},
                          problems);
    return read_script(section, files, problems);
  }
  auto format = read_plain_format(node, problems);
  if (!format) return std::nullopt;
  return Formats{std::move(*format), std::nullopt};
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
  Formats formats;
  section.take("payload", formats, read_format, *draft.files);
  app.format = formats.network;
  draft.plan.field.downlink_format = formats.network;
  draft.plan.field.format = formats.devices.value_or(formats.network);
}

}  // namespace sim::scenario
