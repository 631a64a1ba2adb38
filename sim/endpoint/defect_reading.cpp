#include "sim/endpoint/defect_reading.h"

#include <algorithm>
#include <array>
#include <functional>
#include <nlohmann/json.hpp>
#include <string_view>

namespace sim::endpoint {

namespace {

using json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 10> kKeys = {
    "app_id",   "dev_id",      "hardware_serial", "port",     "counter",
    "is_retry", "payload_raw", "payload_fields",  "metadata", "downlink_url"};
constexpr std::size_t kLongText = 1'000;
constexpr std::size_t kManyGateways = 8;
constexpr int kDeep = 5;

Refusal error(const char* message) {
  return {500, "", message};
}
Refusal refusal(const char* field, const char* message) {
  return {422, field, message};
}

/// Whether a text within the value, however deep, is as asked for.
bool has_text(const json& value, const std::function<bool(const std::string&)>& is_it) {
  if (value.is_string()) return is_it(value.get_ref<const std::string&>());
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(),
                     [&](const json& one) { return has_text(one, is_it); });
}

int depth(const json& value) {
  int deepest = 0;
  if (!value.is_structured()) return 0;
  for (const json& one : value) deepest = std::max(deepest, depth(one));
  return deepest + 1;
}

/// The gateways; an empty list where there is none.
json gateways_of(const json& body) {
  const auto metadata = body.find("metadata");
  if (metadata == body.end() || !metadata->is_object()) return json::array();
  const auto gateways = metadata->find("gateways");
  return gateways == metadata->end() || !gateways->is_array() ? json::array() : *gateways;
}

bool any_gateway(const json& body, const std::function<bool(const json&)>& is_it) {
  const json gateways = gateways_of(body);
  return std::any_of(gateways.begin(), gateways.end(), is_it);
}

std::string time_of(const json& gateway) {
  return gateway.is_object() && gateway.contains("time") && gateway["time"].is_string()
             ? gateway["time"].get<std::string>()
             : std::string();
}

bool knows(const std::string& key) {
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

bool is_in_order(const json& body) {
  std::size_t last = 0;
  for (const auto& [key, value] : body.items()) {
    const auto at =
        static_cast<std::size_t>(std::find(kKeys.begin(), kKeys.end(), key) - kKeys.begin());
    if (at == kKeys.size()) continue;
    if (at < last) return false;
    last = at;
  }
  return true;
}

std::optional<Refusal> by_form(Defect defect, const std::string& text, const json& body) {
  using enum Defect;
  if (defect == refuses_pretty && text.find('\n') != std::string::npos) {
    return Refusal{400, "", "the body is not one line"};
  }
  if (defect == refuses_other_order && !is_in_order(body)) {
    return refusal("", "the keys are not in order");
  }
  if (defect == refuses_unknown_keys) {
    for (const auto& [key, value] : body.items()) {
      if (!knows(key)) return refusal("", "there is a key that is not known");
    }
  }
  if (defect == needs_serial && !body.contains("hardware_serial")) {
    return refusal("hardware_serial", "is missing");
  }
  if (defect == needs_fields && body.value("payload_fields", json()).empty()) {
    return error("payload_fields is undefined");
  }
  const json payload = body.value("payload_raw", json());
  if (defect == needs_payload && payload.is_string() && payload.get<std::string>().empty()) {
    return error("index 0 is out of range");
  }
  const json counter = body.value("counter", json(0));
  const std::uint64_t number = counter.is_number_unsigned() ? counter.get<std::uint64_t>() : 0;
  if (defect == counter_16_bit && number > 0xFFFF) return error("numeric value out of range");
  if (defect == counter_31_bit && number > 0x7FFF'FFFF) return error("numeric value out of range");
  return std::nullopt;
}

std::optional<Refusal> by_fields(Defect defect, const json& body) {
  using enum Defect;
  const json fields = body.value("payload_fields", json::object());
  const auto has = [&](const std::function<bool(const std::string&)>& is_it) {
    return has_text(fields, is_it);
  };
  const auto beyond_ascii = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  };
  if (defect == chokes_on_unicode && has(beyond_ascii)) return error("ordinal not in range(128)");
  if (defect == chokes_on_long_text &&
      has([](const std::string& text) { return text.size() > kLongText; })) {
    return error("value too long for type character varying(1000)");
  }
  if (defect == chokes_on_quotes &&
      has([](const std::string& text) { return text.find('\'') != std::string::npos; })) {
    return error("syntax error at or near \"'\"");
  }
  if (defect == chokes_on_nesting && depth(fields) > kDeep) return error("too deep");
  return std::nullopt;
}

std::optional<Refusal> by_metadata(Defect defect, const json& body) {
  using enum Defect;
  const json metadata = body.value("metadata", json::object());
  if (defect == needs_gateways && gateways_of(body).empty())
    return error("gateways[0] is undefined");
  if (defect == needs_data_rate && !metadata.contains("data_rate")) {
    return error("data_rate is undefined");
  }
  if (defect == refuses_many_gateways && gateways_of(body).size() > kManyGateways) {
    return refusal("metadata.gateways", "has more than 8 entries");
  }
  if (defect == needs_gateway_time &&
      any_gateway(body, [](const json& one) { return !one.contains("time"); })) {
    return error("time is undefined");
  }
  const auto has_time = [&body](const std::function<bool(const std::string&)>& is_it) {
    return any_gateway(
        body, [&](const json& one) { return one.contains("time") && is_it(time_of(one)); });
  };
  if (defect == chokes_on_empty_time && has_time([](const auto& time) { return time.empty(); })) {
    return error("cannot parse \"\" as a time");
  }
  if (defect == refuses_old_time &&
      has_time([](const auto& time) { return !time.empty() && time < "2000"; })) {
    return refusal("metadata.gateways.time", "is too old");
  }
  if (defect == refuses_future_time && has_time([](const auto& time) { return time > "2030"; })) {
    return refusal("metadata.gateways.time", "is in the future");
  }
  if (defect == refuses_integers && metadata.value("frequency", json(0.5)).is_number_integer()) {
    return refusal("metadata.frequency", "must be a float");
  }
  if (defect == refuses_fractions && any_gateway(body, [](const json& one) {
        return one.value("rssi", json(0)).is_number_float();
      })) {
    return refusal("metadata.gateways.rssi", "must be an integer");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> odd_refusal(Defect defect, const std::string& body) {
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return std::nullopt;
  if (auto found = by_form(defect, body, parsed)) return found;
  if (auto found = by_fields(defect, parsed)) return found;
  return by_metadata(defect, parsed);
}

bool takes_nonetheless(Defect defect, const std::string& body, const Refusal& good) {
  if (defect == Defect::ok_on_malformed) return good.status == 400;
  const json parsed = json::parse(body, nullptr, false);
  if (!parsed.is_object()) return false;
  if (defect == Defect::takes_no_device) return !parsed.contains("dev_id");
  return defect == Defect::takes_wrong_types && good.status == 422;
}

}  // namespace sim::endpoint
