#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "sim/engine/random.h"
#include "sim/scenario/device_parts.h"
#include "sim/scenario/place.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMaxDevices = 1'000'000;
constexpr std::uint64_t kFirstDevEui = 0x70B3'D57E'D000'0001;
constexpr double kDefaultWithinM = 1'000;
constexpr double kDeviceHeightM = 1;
constexpr DurationRange kInterval{1ms, 24h * 366, "1ms to 366d"};

/// One entry of `devices:`, which stands for `count` devices.
struct Group {
  fleet::Device device;
  std::string pattern;
  std::uint64_t count = 1;
  std::optional<std::uint64_t> first_eui;
  std::optional<engine::SimDuration> first;
  Placement placement;
  const Node* id = nullptr;
  const Node* dev_eui = nullptr;
};

/// Reads the entries of `devices:` and expands them; knows all names that are taken.
class DeviceReader {
 public:
  DeviceReader(Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  void read(const Node& node) {
    const Section section(node, "a device",
                          {"id", "count", "dev_eui", "at", "around", "every", "first", "jitter",
                           "port", "confirmed", "counter", "data_rate", "eirp", "downlink_loss",
                           "payload", "fields", "on_downlink", "pin"},
                          problems_);
    if (!section.is_map()) {
      draft_.device_names_known = false;
      return;
    }
    Group group;
    read_identity(section, group);
    read_place(section, group);
    read_sending(section, group);
    read_radio_of(section, group.device);
    read_content(section, group.device);
    read_pin(section, group.device);
    expand(group);
  }

 private:
  void read_identity(const Section& section, Group& group) {
    section.take("count", group.count, read_whole, WholeRange{1, kMaxDevices});
    group.id = section.require("id");
    if (group.id != nullptr && is_scalar(*group.id, "an identifier", problems_)) {
      group.pattern = checked_pattern(*group.id, group.count);
    }
    group.dev_eui = section.find("dev_eui");
    if (group.dev_eui == nullptr) return;
    const auto eui =
        group.dev_eui->is_scalar() ? lorawan::parse_dev_eui(group.dev_eui->text) : std::nullopt;
    if (!eui) {
      problems_.add(*group.dev_eui, fmt::format("{} is not an EUI", described(*group.dev_eui)),
                    "write 16 hexadecimal digits in quotes like \"70B3D57ED0000001\"");
    } else if (eui->value + (group.count - 1) < eui->value) {
      problems_.add(*group.dev_eui, fmt::format("there are not {} EUIs from here on", group.count));
    } else {
      group.first_eui = eui->value;
    }
  }

  /// The pattern, or nothing after a problem.
  std::string checked_pattern(const Node& node, std::uint64_t count) {
    const std::size_t mark = node.text.find("{n}");
    if (mark == std::string::npos && count > 1) {
      problems_.add(node, fmt::format("{} devices cannot all be called {}", count, described(node)),
                    fmt::format("write {}-{{n}}", node.text));
      return {};
    }
    // The longest name is that of the last device; a name that is right at both ends is right.
    if (is_identifier(name_of(node.text, 1)) && is_identifier(name_of(node.text, count))) {
      return node.text;
    }
    problems_.add(node, fmt::format("{} is not an identifier", described(node)),
                  "write 2 to 36 lower-case letters and digits, with single - or _ between them");
    return {};
  }

  static std::string name_of(std::string_view pattern, std::uint64_t number) {
    const std::size_t mark = pattern.find("{n}");
    if (mark == std::string_view::npos) return std::string(pattern);
    return fmt::format("{}{}{}", pattern.substr(0, mark), number, pattern.substr(mark + 3));
  }

  void read_place(const Section& section, Group& group) {
    const Entry* place = section.one_of({"at", "around"}, false);
    if (place == nullptr) {
      group.placement.within_m = kDefaultWithinM;
      if (!draft_.plan.field.gateways.empty()) {
        group.placement.center = draft_.plan.field.gateways.front().at;
      }
    } else if (place->key == "at") {
      group.placement.center = read_position(*place->value, problems_).value_or(fleet::Position{});
    } else {
      group.placement = read_around(*place->value, draft_, problems_).value_or(Placement{});
    }
    group.placement.center.height_m = kDeviceHeightM;
  }

  void read_sending(const Section& section, Group& group) {
    fleet::SendPattern& sends = group.device.sends;
    sends.every = 10min;
    if (section.require("every") != nullptr) {
      section.take("every", sends.every, read_duration, kInterval);
    }
    std::chrono::nanoseconds first{0};
    if (section.take("first", first, read_duration, DurationRange{})) group.first = first;
    section.take("jitter", sends.jitter, read_share);
    section.take("port", group.device.f_port, read_port);
    section.take("confirmed", group.device.confirmed, read_bool);
    section.take("counter", group.device.first_f_cnt, read_whole, WholeRange{0, 0xFFFF'FFFF});
  }

  void read_radio_of(const Section& section, fleet::Device& device) {
    const lorawan::ChannelPlan& channels = *draft_.plan.field.channels;
    device.data_rate_index = default_data_rate(channels);
    device.eirp_dbm = channels.uplink_eirp_dbm;
    device.downlink_loss = draft_.downlink_loss;
    if (const Node* rate = section.find("data_rate")) {
      device.data_rate_index = read_data_rate(*rate, channels).value_or(device.data_rate_index);
    }
    section.take("eirp", device.eirp_dbm, read_dbm);
    section.take("downlink_loss", device.downlink_loss, read_share);
  }

  /// SF7BW125, which every region has.
  static std::uint8_t default_data_rate(const lorawan::ChannelPlan& channels) {
    return lorawan::uplink_data_rate_index(channels, lorawan::lora(7, 125'000)).value_or(0);
  }

  std::optional<std::uint8_t> read_data_rate(const Node& node,
                                             const lorawan::ChannelPlan& channels) {
    if (!is_scalar(node, "a data rate like SF7BW125", problems_)) return std::nullopt;
    const auto rate = lorawan::parse_data_rate(node.text);
    const auto index = rate ? lorawan::uplink_data_rate_index(channels, *rate) : std::nullopt;
    if (index) return index;
    std::vector<std::string> names;
    for (const lorawan::RegionalDataRate& one : channels.data_rates) {
      if (one.max_payload == 0 || !lorawan::uplink_data_rate_index(channels, one.rate)) continue;
      names.push_back(lorawan::to_string(one.rate));
    }
    const std::vector<std::string_view> known(names.begin(), names.end());
    problems_.add(node,
                  fmt::format("{} has no uplink data rate {}", channels.name, described(node)),
                  suggestion(node.text, known));
    return std::nullopt;
  }

  void read_content(const Section& section, fleet::Device& device) {
    const payload::Format& format = draft_.plan.application.format;
    const std::size_t max_payload =
        lorawan::max_uplink_payload(*draft_.plan.field.channels, device.data_rate_index);
    auto source = read_source(section, format, max_payload, problems_);
    if (!source) {
      draft_.field_names_known = false;
      return;
    }
    device.payload = std::move(*source);
    if (const Node* rules = section.find("on_downlink")) {
      device.on_downlink = read_reactions(*rules, device.payload, format, problems_);
    }
  }

  void read_pin(const Section& section, fleet::Device& device) {
    const Node* node = section.find("pin");
    if (node == nullptr) return;
    const Section pins(*node, "a device's pin", {"time", "frequency"}, problems_);
    engine::SimTime time;
    if (pins.take("time", time, read_time)) device.pin.time = time;
    std::uint32_t frequency = 0;
    if (!pins.take("frequency", frequency, read_frequency_hz)) return;
    if (is_channel(frequency, device.data_rate_index)) {
      device.pin.frequency_hz = frequency;
      return;
    }
    const lorawan::ChannelPlan& channels = *draft_.plan.field.channels;
    problems_.add(
        *pins.find("frequency"),
        fmt::format("{} has no channel at {} for {}", channels.name,
                    described(*pins.find("frequency")),
                    lorawan::to_string(channels.data_rates[device.data_rate_index].rate)));
  }

  [[nodiscard]] bool is_channel(std::uint32_t frequency, std::uint8_t data_rate) const {
    const auto channels = draft_.plan.field.channels->uplink_channels;
    return std::any_of(channels.begin(), channels.end(), [&](const lorawan::UplinkChannel& one) {
      return one.frequency_hz == frequency && data_rate >= one.min_data_rate &&
             data_rate <= one.max_data_rate;
    });
  }

  void expand(const Group& group) {
    auto& devices = draft_.plan.field.devices;
    if (group.pattern.empty()) {
      draft_.device_names_known = false;
      return;
    }
    if (devices.size() + group.count > kMaxDevices) {
      problems_.add(*group.id, fmt::format("there are more than {} devices", kMaxDevices));
      draft_.device_names_known = false;
      return;
    }
    for (std::uint64_t number = 1; number <= group.count; ++number) {
      const std::uint64_t index = devices.size();
      fleet::Device device = group.device;
      device.id = name_of(group.pattern, number);
      device.dev_eui.value =
          group.first_eui ? *group.first_eui + (number - 1) : kFirstDevEui + index;
      device.at = group.placement.place(draft_.plan.field.seed, index);
      device.sends.first = group.first.value_or(drawn_first(index, device.sends.every));
      if (!is_new(group, device)) return;
      devices.push_back(std::move(device));
    }
  }

  [[nodiscard]] engine::SimDuration drawn_first(std::uint64_t index,
                                                engine::SimDuration every) const {
    engine::Random random(draft_.plan.field.seed, engine::Purpose::first_send, index);
    const double share = random.uniform();
    return engine::SimDuration(
        static_cast<std::int64_t>(share * static_cast<double>(every.count())));
  }

  bool is_new(const Group& group, const fleet::Device& device) {
    const auto [id, id_is_new] = ids_.emplace(device.id, group.id);
    if (!id_is_new) return told_twice(*group.id, "device", device.id, *id->second);
    const Node& place = group.dev_eui != nullptr ? *group.dev_eui : *group.id;
    const auto [eui, eui_is_new] = euis_.emplace(device.dev_eui.value, &place);
    if (eui_is_new) return true;
    return told_twice(place, "EUI", lorawan::to_string(device.dev_eui), *eui->second);
  }

  bool told_twice(const Node& node, std::string_view what, std::string_view name,
                  const Node& first) {
    const std::string place =
        &first == &node ? std::string("here")
                        : fmt::format("in {}:{}", first.spot.source->name(), first.spot.line);
    problems_.add(node, fmt::format("the {} '{}' stands here twice, first {}", what, name, place));
    draft_.device_names_known = false;
    return false;
  }

  Draft& draft_;
  Problems& problems_;
  std::unordered_map<std::string, const Node*> ids_;
  std::unordered_map<std::uint64_t, const Node*> euis_;
};

}  // namespace

void read_devices(Draft& draft, Problems& problems) {
  DeviceReader reader(draft, problems);
  for (const NodePtr& node : draft.devices) reader.read(*node);
}

}  // namespace sim::scenario
