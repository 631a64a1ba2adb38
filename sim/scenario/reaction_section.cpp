#include "sim/scenario/reaction_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/scenario/data_rate_value.h"
#include "sim/scenario/device_parts.h"
#include "sim/scenario/generator_section.h"
#include "sim/scenario/payload_value.h"
#include "sim/scenario/position_value.h"
#include "sim/scenario/read.h"
#include "sim/scenario/section.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxRules = 100;
constexpr DurationRange kLength{1ms, 24h * 366, "1ms to 366d"};
constexpr std::string_view kChanges[] = {"set",  "every",  "then_port", "then_data_rate",
                                         "join", "reboot", "silent",    "move"};

std::vector<std::string_view> names_of(const std::vector<payload::FieldPlan>& plans) {
  std::vector<std::string_view> names;
  names.reserve(plans.size());
  for (const payload::FieldPlan& plan : plans) names.push_back(plan.name);
  return names;
}

/// The most bytes that a device sends.
std::size_t longest_payload(const payload::Source& source, const payload::Format& format) {
  if (const auto* fixed = std::get_if<payload::FixedBytes>(&source)) return fixed->bytes.size();
  if (const auto* random = std::get_if<payload::RandomBytes>(&source)) return random->max_length;
  return encoded_size(std::get<payload::GeneratedFields>(source).plans.items(), format);
}

/// Reads the rules of one device.
class ReactionReader {
 public:
  ReactionReader(const fleet::Device& device, const world::FieldPlan& field, Problems& problems)
      : device_(device), field_(field), channels_(*field.channels), problems_(problems) {}

  fleet::Reaction read(const Node& node) {
    std::vector<std::string_view> keys = {"port", "payload", "when"};
    keys.insert(keys.end(), std::begin(kChanges), std::end(kChanges));
    const Section section(node, "a rule", keys, problems_);
    fleet::Reaction reaction;
    read_choice(section, reaction);
    if (const Node* set = section.find("set")) read_set(*set, reaction);
    read_sending(section, reaction);
    read_events(section, reaction);
    const bool changes =
        std::any_of(std::begin(kChanges), std::end(kChanges),
                    [&](std::string_view key) { return section.find(key) != nullptr; });
    if (section.is_map() && !changes) {
      problems_.add(node, "the rule changes nothing",
                    "give it " + joined_with_or({std::begin(kChanges), std::end(kChanges)}));
    }
    return reaction;
  }

 private:
  /// Which downlinks the rule is for.
  void read_choice(const Section& section, fleet::Reaction& reaction) {
    std::uint8_t port = 0;
    if (section.take("port", port, read_port)) reaction.f_port = port;
    if (const Node* payload = section.find("payload")) {
      reaction.when_payload = read_bytes(*payload, problems_);
      if (reaction.when_payload && reaction.when_payload->empty()) {
        problems_.add(*payload, "no downlink of an application is empty", "write a byte at least");
      }
    }
    if (const Node* when = section.find("when")) {
      if (section.take("when", reaction.when_fields, read_fields)) {
        check_decodable(*when, field_.downlink_format, problems_);
      }
    }
  }

  void read_set(const Node& node, fleet::Reaction& reaction) {
    const auto* generated = std::get_if<payload::GeneratedFields>(&device_.payload);
    if (generated == nullptr) {
      problems_.add(node, "the device has no fields that could be set");
      return;
    }
    if (node.is_scalar()) {
      reaction.set_from_downlink =
          read_word<bool>(node, "set", {{"downlink", true}}, problems_).value_or(false);
      return;
    }
    auto fields = read_fields(node, problems_);
    if (!fields) return;
    const std::vector<std::string_view> names = names_of(generated->plans.items());
    for (const Entry& entry : node.entries) {
      if (std::find(names.begin(), names.end(), entry.key) != names.end()) continue;
      problems_.add(entry.key_spot, fmt::format("the device has no field '{}'", entry.key),
                    suggestion(entry.key, names));
    }
    reaction.set = std::move(*fields);
  }

  /// How the device sends from then on.
  void read_sending(const Section& section, fleet::Reaction& reaction) {
    std::chrono::nanoseconds every{0};
    if (section.take("every", every, read_duration, kLength)) reaction.every = every;
    std::uint8_t port = 0;
    if (section.take("then_port", port, read_port)) reaction.new_f_port = port;
    if (const Node* rate = section.find("then_data_rate")) {
      reaction.new_data_rate = read_data_rate(*rate, channels_, problems_);
      if (reaction.new_data_rate) check_suits(*rate, *reaction.new_data_rate);
    }
  }

  /// Whether the device can send what it sends, and where its pin says, at that data rate.
  void check_suits(const Node& node, std::uint8_t data_rate) {
    const std::string name = lorawan::to_string(channels_.data_rates[data_rate].rate);
    const std::size_t room = lorawan::max_uplink_payload(channels_, data_rate);
    const std::size_t length = longest_payload(device_.payload, field_.format);
    if (length > room) {
      problems_.add(node,
                    fmt::format("the device sends {} bytes, and {} takes {}", length, name, room));
    }
    const auto& pinned = device_.pin.frequency_hz;
    if (pinned && !is_channel(channels_, *pinned, data_rate)) {
      problems_.add(node, fmt::format("{} has no channel at the device's {}MHz for {}",
                                      channels_.name, *pinned / 1e6, name));
    }
  }

  /// What befalls the device.
  void read_events(const Section& section, fleet::Reaction& reaction) {
    std::chrono::nanoseconds length{0};
    if (section.take("reboot", length, read_duration, kLength)) reaction.reboot = length;
    if (section.take("silent", length, read_duration, kLength)) reaction.silent = length;
    if (const Node* place = section.find("move")) reaction.move = read_position(*place, problems_);
    if (const Node* join = section.find("join")) read_join(*join, reaction);
    if (section.find("reboot") == nullptr) return;
    if (const Node* set = section.find("set")) {
      problems_.add(*set, "the reboot forgets what is set here", "leave out set, or reboot");
    }
    if (const Node* silent = section.find("silent")) {
      problems_.add(*silent, "the reboot ends the silence", "leave out silent, or reboot");
    }
  }

  void read_join(const Node& node, fleet::Reaction& reaction) {
    reaction.joins_again =
        read_word<bool>(node, "join", {{"again", true}}, problems_).value_or(false);
    if (reaction.joins_again && device_.mac.activation == fleet::Activation::abp) {
      problems_.add(node, "the device was given its session, and cannot join",
                    "give the device activation: otaa");
    }
  }

  const fleet::Device& device_;
  const world::FieldPlan& field_;
  const lorawan::ChannelPlan& channels_;
  Problems& problems_;
};

}  // namespace

std::vector<fleet::Reaction> read_reactions(const Node& node, const fleet::Device& device,
                                            const world::FieldPlan& field, Problems& problems) {
  ReactionReader reader(device, field, problems);
  if (!node.is_list()) return {reader.read(node)};
  if (node.items.size() > kMaxRules) {
    problems.add(node, fmt::format("a device has at most {} rules", kMaxRules));
    return {};
  }
  std::vector<fleet::Reaction> reactions;
  for (const NodePtr& item : node.items) reactions.push_back(reader.read(*item));
  return reactions;
}

}  // namespace sim::scenario
