#include "sim/anonymity/role.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/http/secrets.h"

namespace sim::anonymity {

namespace {

using Path = std::span<const dialect::JsonStep>;

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"app_id", {How::name, Kind::application}},
    {"application_id", {How::name, Kind::application}},
    {"dev_id", {How::name, Kind::device}},
    {"device_id", {How::name, Kind::device}},
    {"gtw_id", {How::name, Kind::gateway}},
    {"gateway_id", {How::name, Kind::gateway}},
    {"process_id", {How::name, Kind::process}},
    {"hardware_serial", {How::hex, Kind::eui}},
    {"dev_eui", {How::hex, Kind::eui}},
    {"deveui", {How::hex, Kind::eui}},
    {"app_eui", {How::hex, Kind::eui}},
    {"appeui", {How::hex, Kind::eui}},
    {"join_eui", {How::hex, Kind::eui}},
    {"gateway_eui", {How::hex, Kind::eui}},
    {"gtw_eui", {How::hex, Kind::eui}},
    {"eui", {How::hex, Kind::eui}},
    {"dev_addr", {How::hex, Kind::dev_addr}},
    {"devaddr", {How::hex, Kind::dev_addr}},
    {"latitude", {How::latitude}},
    {"lat", {How::latitude}},
    {"longitude", {How::longitude}},
    {"lon", {How::longitude}},
    {"lng", {How::longitude}},
    {"long", {How::longitude}},
    {"altitude", {How::altitude}},
    {"alt", {How::altitude}},
    {"time", {How::time}},
    {"payload_raw", {How::payload}},
    {"fine_timestamp_encrypted", {How::payload}},
    {"modulation", {How::word}},
    {"data_rate", {How::word}},
    {"coding_rate", {How::word}},
    {"location_source", {How::word}},
    {"schedule", {How::word}},
    {"port", {How::keep}},
    {"counter", {How::keep}},
    {"timestamp", {How::keep}},
    {"fine_timestamp", {How::keep}},
    {"frequency", {How::keep}},
    {"bit_rate", {How::keep}},
    {"airtime", {How::keep}},
    {"channel", {How::keep}},
    {"rssi", {How::keep}},
    {"snr", {How::keep}},
    {"rf_chain", {How::keep}},
    {"antenna", {How::keep}},
    {"location_accuracy", {How::keep}},
};

bool is_within_fields(Path path) {
  return path.size() > 1 && !path[0].in_list && lowered(path[0].key) == "payload_fields";
}

bool is_gateways_id(Path path) {
  return path.size() >= 3 && !path.back().in_list && lowered(path.back().key) == "id" &&
         path[path.size() - 2].in_list && lowered(path[path.size() - 3].key) == "gateways";
}

bool has_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace

std::string key_of(Path path) {
  for (std::size_t i = path.size(); i > 0; --i) {
    if (!path[i - 1].in_list) return lowered(path[i - 1].key);
  }
  return {};
}

std::string told(Path path) {
  std::string text;
  for (const dialect::JsonStep& step : path) {
    if (step.in_list) {
      text += "[]";
    } else {
      if (!text.empty()) text += '.';
      text += step.key;
    }
  }
  return text;
}

Role role_of(Path path) {
  if (is_within_fields(path)) return {How::field};
  if (is_gateways_id(path)) return {How::name, Kind::gateway};
  const std::string key = key_of(path);
  const auto* known = std::find_if(std::begin(kRoles), std::end(kRoles),
                                   [&key](const auto& role) { return role.first == key; });
  if (known != std::end(kRoles)) return known->second;
  return http::carries_secret(key) ? Role{How::secret, Kind::secret} : Role{};
}

bool is_word(std::string_view key, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  const auto is_one_of = [text](auto... words) { return ((text == words) || ...); };
  if (text.size() > 12) return is_one_of("ip_geolocation");
  if (key == "modulation") return is_one_of("LORA", "FSK");
  if (key == "data_rate") return text.starts_with("SF") && has_only(text.substr(2), "BW0123456789");
  if (key == "coding_rate") return text.starts_with("4/") && has_only(text.substr(2), kDigits);
  if (key == "schedule") return is_one_of("replace", "first", "last");
  return is_one_of("gps", "config", "registry", "unknown");
}

}  // namespace sim::anonymity
