#include "sim/endpoint/uplink_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/endpoint/text_form.h"

namespace sim::endpoint {

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxId = 100;
constexpr std::size_t kMaxPayload = 255;  // a LoRaWAN frame is no longer than that
constexpr std::size_t kMaxUrl = 2048;
constexpr std::chrono::hours kOldestTime{24};  // an older one is of a clock that nobody set

// Thrown within this file only: the checks read as a list, and the first that fails ends it.
struct Refused {
  Refusal refusal;
};

[[noreturn]] void refuse(const std::string& field, std::string message) {
  throw Refused{{422, field, std::move(message)}};
}

void require(bool holds, const std::string& field, const char* message) {
  if (!holds) refuse(field, message);
}

const json& member(const json& object, const std::string& path, const char* name) {
  const auto found = object.find(name);
  require(found != object.end(), path, "is missing");
  return *found;
}

std::string text(const json& value, const std::string& path) {
  require(value.is_string(), path, "must be a string");
  return value.get<std::string>();
}

std::string id(const json& body, const char* name) {
  std::string value = text(member(body, name, name), name);
  require(!value.empty() && value.size() <= kMaxId, name, "must have 1 to 100 characters");
  require(!has_control_character(value), name, "must not have control characters");
  return value;
}

std::uint64_t whole(const json& body, const char* name, std::uint64_t lowest,
                    std::uint64_t highest) {
  const json& value = member(body, name, name);
  const bool is_whole = value.is_number_unsigned();
  if (!is_whole || value.get<std::uint64_t>() < lowest || value.get<std::uint64_t>() > highest) {
    refuse(name, fmt::format("must be a whole number from {} to {}", lowest, highest));
  }
  return value.get<std::uint64_t>();
}

// "Go" applications write a payload without bytes as null.
std::string payload(const json& body) {
  const json& value = member(body, "payload_raw", "payload_raw");
  if (value.is_null()) return {};
  std::string raw = text(value, "payload_raw");
  require(is_base64(raw), "payload_raw", "must be base64 with its padding");
  require(raw.size() <= (kMaxPayload + 2) / 3 * 4, "payload_raw", "must have at most 255 bytes");
  return raw;
}

void check_gateways(const json& gateways) {
  require(gateways.is_array(), "metadata.gateways", "must be a list");
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    require(gateways[i].is_object(), fmt::format("metadata.gateways[{}]", i), "must be an object");
  }
}

// When the frame was on the air. What a gateway held back while it was cut off reached the server
// long after: the gateway's own time is nearer, unless its clock is wrong, which the server's
// shows.
std::chrono::microseconds sent_at(const json& gateways, std::chrono::microseconds received) {
  std::optional<std::chrono::microseconds> latest;
  for (const json& gateway : gateways) {
    const auto time = gateway.find("time");
    if (time == gateway.end() || !time->is_string()) continue;
    const auto& text = time->get_ref<const std::string&>();
    if (!is_time(text)) continue;
    const auto moment = moment_of(text);
    if (moment > received || received - moment > kOldestTime) continue;
    latest = std::max(latest.value_or(moment), moment);
  }
  return latest.value_or(received);
}

// A simulated uplink was received by no gateway and has no list of them.
std::chrono::microseconds sent_at(const json& body) {
  const json& metadata = member(body, "metadata", "metadata");
  require(metadata.is_object(), "metadata", "must be an object");
  const std::string time = text(member(metadata, "metadata.time", "time"), "metadata.time");
  require(is_time(time), "metadata.time", "must be a time as in 1970-01-01T00:00:00Z");
  const auto received = moment_of(time);
  const auto gateways = metadata.find("gateways");
  if (gateways == metadata.end()) return received;
  check_gateways(*gateways);
  return sent_at(*gateways, received);
}

std::string downlink_url(const json& body) {
  std::string url = text(member(body, "downlink_url", "downlink_url"), "downlink_url");
  require(url.starts_with("http://") || url.starts_with("https://"), "downlink_url",
          "must be an http or https URL");
  require(url.size() <= kMaxUrl, "downlink_url", "must have at most 2048 characters");
  return url;
}

/// In case of LoRaWAN there is one.
void check_serial(const json& body) {
  if (!body.contains("hardware_serial")) return;
  const std::string serial =
      text(member(body, "hardware_serial", "hardware_serial"), "hardware_serial");
  require(serial.size() == 16 && is_hexadecimal(serial), "hardware_serial",
          "must be 16 hexadecimal digits");
}

std::optional<double> watched(const json& body, const std::string& field) {
  const auto fields = body.find("payload_fields");
  if (fields == body.end()) return std::nullopt;
  require(fields->is_object(), "payload_fields", "must be an object");
  const auto value = fields->find(field);
  if (value == fields->end() || !value->is_number()) return std::nullopt;
  return value->get<double>();
}

Uplink read(const json& body, const std::string& watched_field) {
  Uplink uplink;
  uplink.frame.app_id = id(body, "app_id");
  uplink.frame.dev_id = id(body, "dev_id");
  check_serial(body);
  whole(body, "port", 1, 223);
  uplink.frame.counter = static_cast<std::uint32_t>(whole(body, "counter", 0, 0xffffffff));
  if (const auto retry = body.find("is_retry"); retry != body.end()) {
    require(retry->is_boolean(), "is_retry", "must be true or false");
    uplink.is_retry = retry->get<bool>();
  }
  uplink.frame.payload_raw = payload(body);
  uplink.watched = watched(body, watched_field);
  if (const auto fields = body.find("payload_fields"); fields != body.end()) {
    uplink.fields = fields->dump();
  }
  uplink.frame.sent_at = sent_at(body);
  uplink.downlink_url = downlink_url(body);
  return uplink;
}

}  // namespace

tl::expected<Uplink, Refusal> check_uplink(std::string_view body,
                                           const std::string& watched_field) {
  const auto broken = [](const char* message) { return tl::unexpected(Refusal{400, "", message}); };
  if (nests_deeper_than(kMaxDepth, body))
    return broken("the body is nested more than 32 levels deep");
  const json parsed = json::parse(body, nullptr, false);
  if (parsed.is_discarded()) return broken("the body is not JSON");
  if (!parsed.is_object()) return broken("the body is not a JSON object");
  try {
    return read(parsed, watched_field);
  } catch (Refused& refused) {
    return tl::unexpected(std::move(refused.refusal));
  }
}

}  // namespace sim::endpoint
