#include "sim/scenario/gateway_parts.h"

#include "sim/engine/random.h"
#include "sim/scenario/read.h"

namespace sim::scenario {

namespace {

using namespace std::chrono_literals;

/// How far gateways differ in the strongest SNR that they report, and in their noise.
constexpr double kCeilingSigmaDb = 0.3;
constexpr double kNoiseSigmaDb = 1.5;
constexpr DurationRange kDelay{0ns, 10s, "0 to 10s"};
constexpr DurationRange kClockError{1ms, 24h * 366, "1ms to 366d"};

std::optional<fleet::ClockKind> read_clock(const Node& node, Problems& problems) {
  using fleet::ClockKind;
  return read_word<ClockKind>(
      node, "clock", {{"gps", ClockKind::gps}, {"ntp", ClockKind::ntp}, {"none", ClockKind::none}},
      problems);
}

std::optional<fleet::SnrForm> read_forwarder(const Node& node, Problems& problems) {
  using fleet::SnrForm;
  return read_word<SnrForm>(
      node, "forwarder",
      {{"udp", SnrForm::tenths}, {"station", SnrForm::quarters}, {"kerlink", SnrForm::whole}},
      problems);
}

std::optional<fleet::ChannelNumbers> read_channels(const Node& node, Problems& problems) {
  using fleet::ChannelNumbers;
  return read_word<ChannelNumbers>(node, "channels",
                                   {{"semtech", ChannelNumbers::semtech},
                                    {"ascending", ChannelNumbers::ascending},
                                    {"zero", ChannelNumbers::zero}},
                                   problems);
}

std::optional<fleet::RfChains> read_rf_chains(const Node& node, Problems& problems) {
  using fleet::RfChains;
  return read_word<RfChains>(
      node, "rf_chain", {{"by-radio", RfChains::by_radio}, {"zero", RfChains::zero}}, problems);
}

std::optional<bool> read_location(const Node& node, Problems& problems) {
  return read_word<bool>(node, "location", {{"known", true}, {"unknown", false}}, problems);
}

/// A kind, or nothing within: by lot.
std::optional<std::optional<fleet::GatewayKind>> read_kind(const Node& node, Problems& problems) {
  using fleet::GatewayKind;
  return read_word<std::optional<GatewayKind>>(node, "profile",
                                               {{"packet-forwarder", GatewayKind::packet_forwarder},
                                                {"outdoor", GatewayKind::packet_forwarder},
                                                {"kerlink", GatewayKind::kerlink},
                                                {"station", GatewayKind::station},
                                                {"indoor", GatewayKind::indoor},
                                                {"multi-antenna", GatewayKind::multi_antenna},
                                                {"mixed", std::nullopt}},
                                               problems);
}

std::optional<ClockFault> read_offset(const Node& node, Problems& problems) {
  const Section offset(node, "a clock's fault", {"ahead", "behind"}, problems);
  const Entry* which = offset.one_of({"ahead", "behind"}, true);
  if (which == nullptr) return std::nullopt;
  ClockFault fault;
  if (!offset.take(which->key, fault.error, read_duration, kClockError)) return std::nullopt;
  if (which->key == "behind") fault.error = -fault.error;
  return fault;
}

std::optional<ClockFault> read_clock_fault(const Node& node, Problems& problems) {
  if (node.is_map()) return read_offset(node, problems);
  if (!is_scalar(node, "a clock's fault like 1980 or { ahead: 30min }", problems)) {
    return std::nullopt;
  }
  return read_word<ClockFault>(node, "fault of a clock",
                               {{"1980", {.starts_1980 = true}},
                                {"1980-shown", {.starts_1980 = true, .unfiltered = true}},
                                {"empty", {.empty = true}}},
                               problems);
}

/// A fault of a clock that is not there is a mistake; where the lot decides, it may not be there.
void check_clock_fault(const Section& gateway, const GatewayTraits& traits, Problems& problems) {
  const Node* fault = gateway.find("clock_fault");
  if (fault == nullptr || traits.clock_fault.empty) return;
  auto clock = traits.clock;
  if (!clock && traits.kind) clock = fleet::gateway_profile(*traits.kind).clock;
  if (clock != fleet::ClockKind::none) return;
  problems.add(*fault, "the gateway has no clock that could be wrong",
               "write clock: gps or clock: ntp");
}

void read_backhaul(const Section& gateway, GatewayTraits& traits, Problems& problems) {
  const Node* node = gateway.find("backhaul");
  if (node == nullptr) return;
  const Section backhaul(*node, "a backhaul", {"fastest", "spread", "loss"}, problems);
  backhaul.take("fastest", traits.fastest, read_duration, kDelay);
  backhaul.take("spread", traits.spread, read_duration, kDelay);
  backhaul.take("loss", traits.loss, read_share);
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
  pins.take("time", pin.time, read_time);
}

/// No two gateways hear alike: each has a noise and a ceiling of its own.
void draw_receiver(const world::FieldPlan& field, std::uint64_t index, fleet::Gateway& gateway) {
  if (field.receiver.sharp_floor) return;
  engine::Random noise(field.seed, engine::Purpose::gateway_noise, index);
  gateway.noise_figure_db += kNoiseSigmaDb * noise.normal();
  engine::Random ceiling(field.seed, engine::Purpose::gateway_ceiling, index);
  gateway.snr_ceiling_db += kCeilingSigmaDb * ceiling.normal();
}

fleet::GatewayProfile profile_of(const GatewayTraits& traits, const world::FieldPlan& field,
                                 std::uint64_t index) {
  if (traits.kind) return fleet::gateway_profile(*traits.kind);
  engine::Random lot(field.seed, engine::Purpose::gateway_profile, index);
  return fleet::mixed_profile(lot);
}

fleet::Clock clock_of(const GatewayTraits& traits, fleet::ClockKind kind,
                      const world::FieldPlan& field, std::uint64_t index) {
  engine::Random lot(field.seed, engine::Purpose::gateway_clock, index);
  fleet::Clock clock = fleet::drawn_clock(lot);
  const ClockFault& fault = traits.clock_fault;
  clock.kind = fault.empty ? fleet::ClockKind::none : kind;
  clock.error = fault.error;
  clock.starts_1980 = fault.starts_1980;
  clock.unfiltered = fault.unfiltered;
  return clock;
}

}  // namespace

GatewayTraits read_traits(const Section& gateway, Problems& problems) {
  GatewayTraits traits;
  traits.kind = fleet::GatewayKind::packet_forwarder;
  gateway.take("profile", traits.kind, read_kind);
  gateway.take("forwarder", traits.snr_form, read_forwarder);
  gateway.take("channels", traits.channels, read_channels);
  gateway.take("rf_chain", traits.rf_chains, read_rf_chains);
  gateway.take("clock", traits.clock, read_clock);
  if (gateway.take("clock_fault", traits.clock_fault, read_clock_fault)) {
    check_clock_fault(gateway, traits, problems);
  }
  gateway.take("gain", traits.gain_dbi, read_db);
  gateway.take("antennas", traits.antennas, read_whole, WholeRange{1, 2});
  read_backhaul(gateway, traits, problems);
  gateway.take("location", traits.location_known, read_location);
  read_pin(gateway, traits.pin, problems);
  return traits;
}

void give_traits(const GatewayTraits& traits, const world::FieldPlan& field, std::uint64_t index,
                 fleet::Gateway& gateway) {
  const fleet::GatewayProfile profile = profile_of(traits, field, index);
  gateway.snr_form = traits.snr_form.value_or(profile.snr_form);
  gateway.channels =
      fleet::reported_channels(*field.channels, traits.channels.value_or(profile.channels),
                               traits.rf_chains.value_or(profile.rf_chains));
  gateway.antennas = traits.antennas.value_or(profile.antennas);
  gateway.antenna_gain_dbi = traits.gain_dbi.value_or(profile.antenna_gain_dbi);
  gateway.backhaul.fastest = traits.fastest.value_or(profile.backhaul.fastest);
  gateway.backhaul.spread = traits.spread.value_or(profile.backhaul.spread);
  gateway.backhaul.loss = traits.loss.value_or(profile.backhaul.loss);
  gateway.clock = clock_of(traits, traits.clock.value_or(profile.clock), field, index);
  gateway.location_known = traits.location_known;
  gateway.pin = traits.pin;
  gateway.snr_ceiling_db = profile.snr_ceiling_db;
  draw_receiver(field, index, gateway);
}

}  // namespace sim::scenario
