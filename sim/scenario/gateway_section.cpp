#include <fmt/format.h>

#include <cmath>

#include "sim/engine/random.h"
#include "sim/scenario/naming.h"
#include "sim/scenario/place.h"
#include "sim/scenario/read.h"
#include "sim/scenario/sections.h"

namespace sim::scenario {

namespace {

constexpr std::size_t kMaxGateways = 10'000;
constexpr double kDefaultHeightM = 10;
/// The SNR that gateways report of the strongest signals: of most, and of those made for indoors.
constexpr double kCeilingDb = 9.4;
constexpr double kIndoorCeilingDb = 12.6;
/// How far gateways differ in that, and in their noise.
constexpr double kCeilingSigmaDb = 0.3;
constexpr double kNoiseSigmaDb = 1.5;
/// What an indoor gateway loses to the walls around it; a middle value of published measurements.
constexpr double kIndoorGainDb = -10;
/// How far apart the crystals of concentrators run, in parts per million.
constexpr double kDriftSigmaPpm = 0.8;

/// A counter that began long before the run, at a rate of its own.
fleet::Clock drawn_clock(std::uint64_t seed, std::uint64_t gateway) {
  engine::Random random(seed, engine::Purpose::gateway_clock, gateway);
  fleet::Clock clock;
  clock.offset_us = static_cast<std::uint32_t>(random.next());
  clock.drift_ppm = kDriftSigmaPpm * random.normal();
  return clock;
}

std::optional<double> read_height_m(const Node& node, Problems& problems) {
  return read_distance_m(node, problems);
}

std::optional<bool> read_location(const Node& node, Problems& problems) {
  return read_word<bool>(node, "location", {{"known", true}, {"unknown", false}}, problems);
}

std::optional<fleet::ClockKind> read_clock(const Node& node, Problems& problems) {
  using fleet::ClockKind;
  return read_word<ClockKind>(
      node, "clock", {{"gps", ClockKind::gps}, {"ntp", ClockKind::ntp}, {"none", ClockKind::none}},
      problems);
}

/// No two gateways hear alike: each has a noise and a ceiling of its own.
void draw_receiver(const Draft& draft, fleet::Gateway& gateway) {
  if (draft.plan.field.receiver.sharp_floor) return;
  const std::uint64_t seed = draft.plan.field.seed;
  const std::uint64_t index = draft.plan.field.gateways.size();
  engine::Random noise(seed, engine::Purpose::gateway_noise, index);
  gateway.noise_figure_db += kNoiseSigmaDb * noise.normal();
  engine::Random ceiling(seed, engine::Purpose::gateway_ceiling, index);
  gateway.snr_ceiling_db += kCeilingSigmaDb * ceiling.normal();
}

std::optional<fleet::SnrForm> read_forwarder(const Node& node, Problems& problems) {
  using fleet::SnrForm;
  return read_word<SnrForm>(
      node, "forwarder",
      {{"udp", SnrForm::tenths}, {"station", SnrForm::quarters}, {"kerlink", SnrForm::whole}},
      problems);
}

void read_profile(const Section& section, fleet::Gateway& gateway, Problems& problems) {
  const Node* node = section.find("profile");
  if (node == nullptr) return;
  const auto indoor =
      read_word<bool>(*node, "profile", {{"outdoor", false}, {"indoor", true}}, problems);
  if (!indoor || !*indoor) return;
  gateway.antenna_gain_dbi = kIndoorGainDb;
  gateway.snr_ceiling_db = kIndoorCeilingDb;
  gateway.clock.kind = fleet::ClockKind::none;
}

void read_pin(const Section& section, fleet::ReceptionPin& pin, Problems& problems) {
  const Node* node = section.find("pin");
  if (node == nullptr) return;
  const Section pins(*node, "a gateway's pin",
                     {"rssi", "snr", "timestamp", "time", "channel", "rf_chain"}, problems);
  constexpr NumberRange kLevel{-200, 200};
  const auto take_level = [&](std::string_view key, std::optional<float>& out) {
    double level = 0;
    if (pins.take(key, level, read_number, kLevel)) out = static_cast<float>(level);
  };
  take_level("rssi", pin.rssi_dbm);
  take_level("snr", pin.snr_db);
  const auto take_whole = [&](std::string_view key, auto& out, std::uint64_t max) {
    std::uint64_t number = 0;
    if (!pins.take(key, number, read_whole, WholeRange{0, max})) return;
    using Number = typename std::decay_t<decltype(out)>::value_type;
    out = static_cast<Number>(number);
  };
  take_whole("timestamp", pin.timestamp_us, 0xFFFF'FFFF);
  take_whole("channel", pin.channel, 255);
  take_whole("rf_chain", pin.rf_chain, 255);
  engine::SimTime time;
  if (pins.take("time", time, read_time)) pin.time = time;
}

/// All but the name and the place, which differ within an entry: only the height is set of that.
fleet::Gateway read_values(const Section& section, const Draft& draft, Problems& problems) {
  fleet::Gateway gateway;
  gateway.clock = drawn_clock(draft.plan.field.seed, draft.plan.field.gateways.size());
  gateway.at.height_m = kDefaultHeightM;
  gateway.snr_ceiling_db = kCeilingDb;
  gateway.snr_form = fleet::SnrForm::tenths;
  read_profile(section, gateway, problems);
  draw_receiver(draft, gateway);
  section.take("forwarder", gateway.snr_form, read_forwarder);
  section.take("height", gateway.at.height_m, read_height_m);
  section.take("clock", gateway.clock.kind, read_clock);
  section.take("gain", gateway.antenna_gain_dbi, read_db);
  section.take("location", gateway.location_known, read_location);
  read_pin(section, gateway.pin, problems);
  return gateway;
}

/// Where the gateways of one entry stand, and what they are called.
struct GatewayGroup {
  Placement placement;
  Named named;
  const Node* id = nullptr;
  std::string pattern;  ///< empty after a problem
};

GatewayGroup read_group(const Section& section, Draft& draft, Problems& problems) {
  GatewayGroup group;
  if (const Entry* place = section.one_of(placement_keys(), true)) {
    const auto placement = read_placement(*place, 0, draft, problems);
    if (!placement && brings_count(*place)) draft.gateway_names_known = false;
    group.placement = placement.value_or(Placement());
  }
  group.named = group.placement.read_count(section, kMaxGateways, problems);
  group.id = section.require("id");
  if (group.id == nullptr) return group;
  group.pattern = read_name_pattern(*group.id, group.named, "gateways", problems).value_or("");
  if (draft.plan.field.gateways.size() + group.named.count > kMaxGateways) {
    problems.add(*group.id, fmt::format("there are more than {} gateways", kMaxGateways));
    group.pattern.clear();
  }
  return group;
}

/// Devices draw their places under their own index; gateways must not draw the same ones.
engine::Random placement_lot(const Draft& draft) {
  const std::uint64_t subject =
      engine::mixed_subject(engine::hashed("gateway"), draft.plan.field.gateways.size());
  return {draft.plan.field.seed, engine::Purpose::placement, subject};
}

/// Makes `count` gateways of an entry. After a problem one of them is enough: the rest have it too.
void expand(const Section& section, const GatewayGroup& group, Draft& draft, Problems& problems) {
  const std::size_t before = problems.count();
  for (std::uint64_t number = 1; number <= group.named.count; ++number) {
    fleet::Gateway gateway = read_values(section, draft, problems);
    gateway.at = group.placement.place(placement_lot(draft), number, gateway.at.height_m);
    if (!group.pattern.empty()) {
      const auto [name, spot] = group.placement.name(group.pattern, number, group.id->spot);
      take_name(draft.gateway_spots, "gateway", name, spot, problems);
      gateway.id = name;
    }
    draft.plan.field.gateways.push_back(std::move(gateway));
    if (group.pattern.empty() || problems.count() > before) {
      if (group.pattern.empty() || number < group.named.count) draft.gateway_names_known = false;
      return;
    }
  }
}

void read_gateway(const Node& node, Draft& draft, Problems& problems) {
  const Section section(node, "a gateway",
                        {"id", "count", "at", "around", "within", "grid", "places", "height",
                         "clock", "gain", "location", "profile", "forwarder", "pin"},
                        problems);
  if (!section.is_map()) {
    draft.gateway_names_known = false;
    return;
  }
  const GatewayGroup group = read_group(section, draft, problems);
  expand(section, group, draft, problems);
}

}  // namespace

std::optional<std::uint32_t> find_gateway(const Draft& draft, const Node& node,
                                          Problems& problems) {
  if (!is_scalar(node, "the id of a gateway", problems)) return std::nullopt;
  const auto& gateways = draft.plan.field.gateways;
  std::vector<std::string_view> known;
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    if (gateways[i].id == node.text) return static_cast<std::uint32_t>(i);
    known.push_back(gateways[i].id);
  }
  if (draft.gateway_names_known) {
    problems.add(node, fmt::format("there is no gateway {}", described(node)),
                 draft.gateways_read ? suggestion(node.text, known)
                                     : std::string("name one that stands above this one"));
  }
  return std::nullopt;
}

void read_gateways(Draft& draft, Problems& problems) {
  if (draft.gateways.size() > kMaxGateways) {
    problems.add(*draft.gateways[kMaxGateways],
                 fmt::format("there are more than {} gateways", kMaxGateways));
    draft.gateway_names_known = false;
    return;
  }
  for (const NodePtr& node : draft.gateways) read_gateway(*node, draft, problems);
  draft.gateways_read = true;
}

}  // namespace sim::scenario
