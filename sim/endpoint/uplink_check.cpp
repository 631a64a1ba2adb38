#include "sim/endpoint/uplink_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sim::endpoint {

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxId = 100;
constexpr std::size_t kMaxPayload = 255;  // a LoRaWAN frame is no longer than that
constexpr std::size_t kMaxUrl = 2048;
constexpr std::size_t kMaxTime = 40;

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

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// Before parsing: what is nested without end costs memory with each level.
bool is_too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
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
  require(std::none_of(value.begin(), value.end(), is_control), name,
          "must not have control characters");
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

// RFC 4648 4, with its padding and with nothing in the bits that are left over.
bool is_base64(std::string_view value) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (value.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && value.ends_with('=')) {
    value.remove_suffix(1);
    ++padding;
  }
  if (value.find_first_not_of(kAlphabet) != std::string_view::npos) return false;
  const std::size_t left_over = padding == 0 ? 0 : kAlphabet.find(value.back());
  return left_over % (std::size_t{1} << (2 * padding)) == 0;
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

// RFC 3339 as Go writes it: "1970-01-01T00:00:00Z", with a fraction or an offset if there is one.
bool is_time(std::string_view value) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  constexpr std::string_view kOffset = "+dd:dd";
  const auto fits = [](std::string_view part, std::string_view form) {
    return std::equal(part.begin(), part.end(), form.begin(), form.end(), [](char c, char f) {
      return f == 'd' ? is_digit(c) : c == f || (f == '+' && c == '-');
    });
  };
  if (value.size() > kMaxTime || !fits(value.substr(0, kForm.size()), kForm)) return false;
  value.remove_prefix(kForm.size());
  if (value.starts_with('.')) {
    const std::size_t end = std::min(value.find_first_not_of("0123456789", 1), value.size());
    if (end == 1) return false;
    value.remove_prefix(end);
  }
  return value == "Z" || fits(value, kOffset);
}

void check_gateways(const json& gateways) {
  require(gateways.is_array(), "metadata.gateways", "must be a list");
  for (std::size_t i = 0; i < gateways.size(); ++i) {
    require(gateways[i].is_object(), fmt::format("metadata.gateways[{}]", i), "must be an object");
  }
}

// A simulated uplink was received by no gateway and has no list of them.
std::string time_of(const json& body) {
  const json& metadata = member(body, "metadata", "metadata");
  require(metadata.is_object(), "metadata", "must be an object");
  std::string time = text(member(metadata, "metadata.time", "time"), "metadata.time");
  require(is_time(time), "metadata.time", "must be a time as in 1970-01-01T00:00:00Z");
  if (const auto found = metadata.find("gateways"); found != metadata.end()) check_gateways(*found);
  return time;
}

std::string downlink_url(const json& body) {
  std::string url = text(member(body, "downlink_url", "downlink_url"), "downlink_url");
  require(url.starts_with("http://") || url.starts_with("https://"), "downlink_url",
          "must be an http or https URL");
  require(url.size() <= kMaxUrl, "downlink_url", "must have at most 2048 characters");
  return url;
}

void check_serial(const json& body) {
  const std::string serial =
      text(member(body, "hardware_serial", "hardware_serial"), "hardware_serial");
  require(serial.size() == 16 && std::all_of(serial.begin(), serial.end(), is_hex),
          "hardware_serial", "must be 16 hexadecimal digits");
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
  }
  uplink.frame.payload_raw = payload(body);
  uplink.watched = watched(body, watched_field);
  uplink.frame.time = time_of(body);
  uplink.downlink_url = downlink_url(body);
  return uplink;
}

}  // namespace

tl::expected<Uplink, Refusal> check_uplink(std::string_view body,
                                           const std::string& watched_field) {
  const auto broken = [](const char* message) { return tl::unexpected(Refusal{400, "", message}); };
  if (is_too_deep(body)) return broken("the body is nested more than 32 levels deep");
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
