#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "sim/engine/random.h"
#include "sim/fleet/building.h"
#include "sim/scenario/data_rate_value.h"
#include "sim/scenario/device_mac.h"
#include "sim/scenario/device_parts.h"
#include "sim/scenario/naming.h"
#include "sim/scenario/place.h"
#include "sim/scenario/reaction_section.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMaxDevices = 1'000'000;
constexpr std::uint64_t kFirstDevEui = 0x70B3'D57E'D000'0001;
constexpr double kDefaultWithinM = 1'000;
constexpr double kDeviceHeightM = 1;
constexpr double kMaxBuildingLossDb = 100;
constexpr DurationRange kInterval{1ms, 24h * 366, "1ms to 366d"};

/// One entry of `devices:`, which stands for `count` devices.
struct Group {
  fleet::Device device;
  std::string pattern;
  Named named;
  std::optional<std::uint64_t> first_eui;
  std::optional<engine::SimDuration> first;
  Placement placement;
  double clock_drift_ppm = 0;  ///< each is off by its own lot, up to this
  bool indoors = false;        ///< each loses what its own lot says
  const Node* id = nullptr;
  const Node* dev_eui = nullptr;
};

/// Reads the entries of `devices:` and expands them; knows all names that are taken.
class DeviceReader {
 public:
  DeviceReader(Draft& draft, Problems& problems) : draft_(draft), problems_(problems) {}

  void read(const Node& node) {
    std::vector<std::string_view> keys = {
        "id",      "count",  "dev_eui",     "at",      "around",        "within", "grid",
        "places",  "track",  "height",      "indoor",  "building_loss", "every",  "first",
        "jitter",  "port",   "confirmed",   "counter", "data_rate",     "eirp",   "downlink_loss",
        "payload", "fields", "on_downlink", "pin"};
    keys.insert(keys.end(), std::begin(kMacKeys), std::end(kMacKeys));
    const Section section(node, "a device", keys, problems_);
    if (!section.is_map()) {
      draft_.device_names_known = false;
      return;
    }
    Group group;
    group.device.at.height_m = kDeviceHeightM;
    read_place(section, group);
    read_building(section, group);
    read_identity(section, group);
    read_sending(section, group);
    read_traffic(section, group.device.sends, problems_);
    read_mac(section, group.device, group.clock_drift_ppm, problems_);
    read_radio_of(section, group.device);
    read_pin(section, group.device);
    read_content(section, group.device);
    expand(group);
  }

 private:
  void read_identity(const Section& section, Group& group) {
    group.named = group.placement.read_count(section, kMaxDevices, problems_);
    group.id = section.require("id");
    if (group.id != nullptr) {
      group.pattern = read_name_pattern(*group.id, group.named, "devices", problems_).value_or("");
    }
    group.dev_eui = section.find("dev_eui");
    if (group.dev_eui == nullptr) return;
    const auto eui =
        group.dev_eui->is_scalar() ? lorawan::parse_dev_eui(group.dev_eui->text) : std::nullopt;
    if (!eui) {
      problems_.add(*group.dev_eui, fmt::format("{} is not an EUI", described(*group.dev_eui)),
                    "write 16 hexadecimal digits in quotes like \"70B3D57ED0000001\"");
    } else if (eui->value + (group.named.count - 1) < eui->value) {
      problems_.add(*group.dev_eui,
                    fmt::format("there are not {} EUIs from here on", group.named.count));
    } else {
      group.first_eui = eui->value;
    }
  }

  void read_place(const Section& section, Group& group) {
    section.take("height", group.device.at.height_m, read_distance_m);
    std::vector<std::string_view> keys = placement_keys();
    keys.push_back("track");
    const Entry* place = section.one_of(keys, false);
    if (place == nullptr) {
      const auto& gateways = draft_.plan.field.gateways;
      const fleet::Position center = gateways.empty() ? fleet::Position{} : gateways.front().at;
      group.placement = Placement(Disc{center, kDefaultWithinM});
      return;
    }
    const auto placement = read_placement(*place, group.device.at.height_m, draft_, problems_);
    if (!placement && brings_count(*place)) draft_.device_names_known = false;
    group.placement = placement.value_or(Placement());
    group.device.track = group.placement.track();
  }

  void read_building(const Section& section, Group& group) {
    const Entry* building = section.one_of({"indoor", "building_loss"}, false);
    if (building == nullptr) return;
    const Node& node = *building->value;
    if (building->key == "indoor") {
      group.indoors = read_bool(node, problems_).value_or(false);
    } else if (node.is_scalar() && node.text == "measured") {
      group.indoors = true;
    } else {
      group.device.building_loss_db = read_building_loss(node).value_or(0);
    }
  }

  std::optional<double> read_building_loss(const Node& node) {
    if (!node.is_scalar() || node.text.find_first_of("0123456789") == std::string::npos) {
      problems_.add(node,
                    fmt::format("expected measured or a loss like 15dB, found {}", described(node)),
                    node.is_scalar() ? near_suggestion(node.text, {"measured"}) : "");
      return std::nullopt;
    }
    const auto loss = read_db(node, problems_);
    if (!loss || (*loss >= 0 && *loss <= kMaxBuildingLossDb)) return loss;
    problems_.add(
        node, fmt::format("{} is not between 0dB and {}dB", described(node), kMaxBuildingLossDb),
        "a wall takes some 5dB to 20dB; measured draws them by lot");
    return std::nullopt;
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
      device.data_rate_index =
          read_data_rate(*rate, channels, problems_).value_or(device.data_rate_index);
    }
    section.take("eirp", device.eirp_dbm, read_dbm);
    section.take("downlink_loss", device.downlink_loss, read_share);
  }

  /// SF7BW125, which every region has.
  static std::uint8_t default_data_rate(const lorawan::ChannelPlan& channels) {
    return lorawan::uplink_data_rate_index(channels, lorawan::lora(7, 125'000)).value_or(0);
  }

  void read_content(const Section& section, fleet::Device& device) {
    const payload::Format& format = draft_.plan.field.format;
    const std::size_t max_payload =
        lorawan::max_uplink_payload(*draft_.plan.field.channels, device.data_rate_index);
    auto source = read_source(section, format, max_payload, problems_);
    if (!source) {
      draft_.field_names_known = false;
      return;
    }
    device.payload = std::move(*source);
    if (const Node* rules = section.find("on_downlink")) {
      device.on_downlink = read_reactions(*rules, device, draft_.plan.field, problems_);
    }
  }

  void read_pin(const Section& section, fleet::Device& device) {
    const Node* node = section.find("pin");
    if (node == nullptr) return;
    const Section pins(*node, "a device's pin", {"time", "frequency", "rssi", "snr", "gateways"},
                       problems_);
    engine::SimTime time;
    if (pins.take("time", time, read_time)) device.pin.time = time;
    float level = 0;
    constexpr NumberRange kLevel{-200, 200};
    if (pins.take("rssi", level, read_number, kLevel)) device.pin.rssi_dbm = level;
    if (pins.take("snr", level, read_number, kLevel)) device.pin.snr_db = level;
    if (const Node* gateways = pins.find("gateways")) read_pinned_gateways(*gateways, device);
    if (pins.find("frequency") != nullptr) read_pinned_frequency(pins, device);
  }

  void read_pinned_gateways(const Node& node, fleet::Device& device) {
    const auto& items = items_of(node, "a list of gateways", problems_);
    if (node.is_list() && items.empty()) problems_.add(node, "name a gateway at least");
    for (const NodePtr& item : items) {
      if (const auto gateway = find_gateway(draft_, *item, problems_)) {
        device.pin.gateways.push_back(*gateway);
      }
    }
  }

  void read_pinned_frequency(const Section& pins, fleet::Device& device) {
    std::uint32_t frequency = 0;
    if (!pins.take("frequency", frequency, read_frequency_hz)) return;
    const lorawan::ChannelPlan& channels = *draft_.plan.field.channels;
    if (is_channel(channels, frequency, device.data_rate_index)) {
      device.pin.frequency_hz = frequency;
      return;
    }
    problems_.add(
        *pins.find("frequency"),
        fmt::format("{} has no channel at {} for {}", channels.name,
                    described(*pins.find("frequency")),
                    lorawan::to_string(channels.data_rates[device.data_rate_index].rate)));
  }

  void expand(const Group& group) {
    auto& devices = draft_.plan.field.devices;
    if (group.pattern.empty()) {
      draft_.device_names_known = false;
      return;
    }
    if (devices.size() + group.named.count > kMaxDevices) {
      problems_.add(*group.id, fmt::format("there are more than {} devices", kMaxDevices));
      draft_.device_names_known = false;
      return;
    }
    for (std::uint64_t number = 1; number <= group.named.count; ++number) {
      const std::uint64_t index = devices.size();
      fleet::Device device = group.device;
      const auto [name, spot] = group.placement.name(group.pattern, number, group.id->spot);
      device.id = name;
      device.dev_eui.value =
          group.first_eui ? *group.first_eui + (number - 1) : kFirstDevEui + index;
      const std::uint64_t seed = draft_.plan.field.seed;
      device.at = group.placement.place({seed, engine::Purpose::placement, index}, number,
                                        device.at.height_m);
      if (group.indoors) device.building_loss_db = fleet::drawn_building_loss_db(seed, index);
      device.sends.first = group.first.value_or(drawn_first(index, device.sends.every));
      device.mac.clock_drift_ppm = drawn_drift(index, group.clock_drift_ppm);
      if (!is_new(group, device, spot)) return;
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

  [[nodiscard]] double drawn_drift(std::uint64_t index, double most_ppm) const {
    if (most_ppm <= 0) return 0;
    engine::Random random(draft_.plan.field.seed, engine::Purpose::device_clock, index);
    return random.uniform(-most_ppm, most_ppm);
  }

  bool is_new(const Group& group, const fleet::Device& device, const Spot& spot) {
    if (take_name(ids_, "device", device.id, spot, problems_)) {
      const Spot place = group.dev_eui != nullptr ? group.dev_eui->spot : spot;
      const auto [first, eui_is_new] = euis_.emplace(device.dev_eui.value, place);
      if (eui_is_new) return true;
      add_twice("EUI", lorawan::to_string(device.dev_eui), place, first->second, problems_);
    }
    draft_.device_names_known = false;
    return false;
  }

  Draft& draft_;
  Problems& problems_;
  TakenNames ids_;
  std::unordered_map<std::uint64_t, Spot> euis_;
};

}  // namespace

void read_devices(Draft& draft, Problems& problems) {
  DeviceReader reader(draft, problems);
  for (const NodePtr& node : draft.devices) reader.read(*node);
}

}  // namespace sim::scenario
