#include "sim/dialect/uplink_reading_v2.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sim/dialect/base64.h"
#include "sim/dialect/go_text.h"
#include "sim/dialect/json_walk.h"
#include "sim/dialect/rfc3339.h"
#include "sim/payload/json_reader.h"

namespace sim::dialect {

namespace {

using application::GatewayReading;
using application::UplinkReading;
using payload::Fields;
using payload::Value;

constexpr std::size_t kMostGateways = 1000;
constexpr std::size_t kShown = 40;  // of a value from outside, in a message

/// The members of an object, read one by one; the first error stays.
class Reading {
 public:
  Reading(const Fields& members, std::string place, std::string& error)
      : members_(members), place_(std::move(place)), error_(error) {}

  /// nullptr where the member is missing or null.
  [[nodiscard]] const Value* find(std::string_view key) const {
    const Value* value = members_.find(key);
    const bool absent =
        value == nullptr || std::holds_alternative<std::monostate>(value->variant());
    return absent ? nullptr : value;
  }

  template <class Type>
  const Type* get(std::string_view key, std::string_view wanted) {
    const Value* value = find(key);
    if (value == nullptr) return nullptr;
    const Type* typed = std::get_if<Type>(&value->variant());
    if (typed == nullptr) wrong(key, *value, wanted);
    return typed;
  }

  void text(std::string_view key, std::string& into) {
    if (const auto* found = get<std::string>(key, "a text")) into = *found;
  }
  void truth(std::string_view key, bool& into) {
    if (const auto* found = get<bool>(key, "true or false")) into = *found;
  }
  template <class Whole>
  void whole(std::string_view key, std::int64_t most, Whole& into) {
    const Value* value = find(key);
    if (value == nullptr) return;
    const auto* number = std::get_if<std::int64_t>(&value->variant());
    if (number == nullptr || *number < 0 || *number > most) {
      return wrong(key, *value, fmt::format("a whole number from 0 to {}", most));
    }
    into = static_cast<Whole>(*number);
  }
  template <class Number>
  void number(std::string_view key, double most, std::optional<Number>& into) {
    const Value* value = find(key);
    if (value == nullptr) return;
    const bool truth = std::holds_alternative<bool>(value->variant());
    if (truth || !value->is_number() || std::abs(value->number()) > most) {
      return wrong(key, *value, fmt::format("a number of at most {:g} either way", most));
    }
    into = static_cast<Number>(value->number());
  }
  /// The empty text is what the deployed network sent for no time.
  void time(std::string_view key, std::optional<engine::SimTime>& into) {
    const auto* found = get<std::string>(key, "a time");
    if (found == nullptr || found->empty()) return;
    into = read_rfc3339(*found);
    if (!into) wrong(key, Value(*found), "a time like 2026-01-01T00:00:00Z");
  }

  void wrong(std::string_view key, const Value& value, std::string_view wanted) {
    std::string shown = payload::to_text(value).substr(0, kShown);
    fail(fmt::format("{}{} is {}; it takes {}", place_, key, shown, wanted));
  }
  void fail(std::string sentence) {
    if (error_.empty()) error_ = std::move(sentence);
  }

 private:
  const Fields& members_;
  std::string place_;
  std::string& error_;
};

void read_payload(Reading& body, UplinkReading& uplink) {
  const auto* text = body.get<std::string>("payload_raw", "a text in Base64");
  if (text == nullptr) return;
  auto bytes = read_base64(*text);
  if (!bytes) return body.fail("payload_raw " + bytes.error());
  uplink.payload = std::move(*bytes);
}

void read_identity(Reading& body, UplinkReading& uplink) {
  body.text("app_id", uplink.app_id);
  body.text("dev_id", uplink.dev_id);
  if (uplink.dev_id.empty()) body.fail("it has no dev_id, so it is no uplink");
  if (const auto* text = body.get<std::string>("hardware_serial", "an EUI")) {
    uplink.dev_eui = lorawan::parse_dev_eui(*text);
  }
  body.text("downlink_url", uplink.downlink_url);
}

void read_frame(Reading& body, UplinkReading& uplink) {
  body.whole("port", 255, uplink.f_port);
  body.whole("counter", UINT32_MAX, uplink.f_cnt);
  body.truth("confirmed", uplink.confirmed);
  body.truth("is_retry", uplink.is_retry);
  read_payload(body, uplink);
  if (const auto* fields = body.get<Fields>("payload_fields", "an object")) uplink.fields = *fields;
}

void read_modulation(Reading& metadata, UplinkReading& uplink) {
  std::optional<double> mhz;
  metadata.number("frequency", 4000, mhz);
  if (mhz && *mhz > 0) uplink.frequency_hz = static_cast<std::uint32_t>(std::lround(*mhz * 1e6));
  if (const auto* text = metadata.get<std::string>("data_rate", "a text like SF7BW125")) {
    uplink.data_rate = lorawan::parse_data_rate(*text);
  }
  std::uint32_t bit_rate = 0;
  metadata.whole("bit_rate", UINT32_MAX, bit_rate);
  if (bit_rate != 0 && !uplink.data_rate) uplink.data_rate = lorawan::fsk(bit_rate);
  if (const auto* text = metadata.get<std::string>("coding_rate", "a text like 4/5")) {
    const bool known = text->size() == 3 && text->starts_with("4/");
    if (known && text->back() >= '5' && text->back() <= '8') {
      uplink.coding_rate = text->back() - '0';
    }
  }
}

GatewayReading read_gateway(const Fields& members, std::size_t index, std::string& error) {
  Reading reading(members, fmt::format("metadata.gateways[{}].", index), error);
  GatewayReading gateway;
  reading.text("id", gateway.id);
  reading.text("gtw_id", gateway.id);
  if (reading.find("timestamp") != nullptr) {
    std::uint32_t timestamp = 0;
    reading.whole("timestamp", UINT32_MAX, timestamp);
    gateway.timestamp_us = timestamp;
  }
  reading.time("time", gateway.time);
  reading.whole("antenna", 255, gateway.antenna);
  reading.whole("channel", 255, gateway.channel);
  reading.whole("rf_chain", 255, gateway.rf_chain);
  reading.number("rssi", 1000, gateway.rssi_dbm);
  reading.number("snr", 1000, gateway.snr_db);
  reading.number("latitude", 90, gateway.latitude);
  reading.number("longitude", 180, gateway.longitude);
  reading.number("altitude", 1e6, gateway.altitude_m);
  return gateway;
}

void read_gateways(Reading& metadata, UplinkReading& uplink, std::string& error) {
  const auto* list = metadata.get<payload::Array>("gateways", "a list");
  if (list == nullptr) return;
  if (list->size() > kMostGateways) {
    return metadata.fail(fmt::format("metadata.gateways has more than {} gateways", kMostGateways));
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const auto* members = std::get_if<Fields>(&(*list)[i].variant());
    if (members == nullptr) {
      return metadata.fail(fmt::format("metadata.gateways[{}] is not an object", i));
    }
    uplink.gateways.push_back(read_gateway(*members, i, error));
  }
}

bool is(const JsonStep& step, std::string_view key) {
  return !step.in_list && step.key == key;
}

/// metadata.time, and the time of each gateway.
bool is_time(std::span<const JsonStep> path) {
  if (path.size() < 2 || !is(path[0], "metadata") || !is(path.back(), "time")) return false;
  return path.size() == 2 || (path.size() == 4 && is(path[1], "gateways") && path[2].in_list);
}

/// The first gateway's members; nullptr where a body names none.
const Fields* first_gateway(const Fields& body) {
  const Value* metadata = body.find("metadata");
  const auto* members = metadata ? std::get_if<Fields>(&metadata->variant()) : nullptr;
  const Value* gateways = members ? members->find("gateways") : nullptr;
  const auto* list = gateways ? std::get_if<payload::Array>(&gateways->variant()) : nullptr;
  return list != nullptr && !list->empty() ? std::get_if<Fields>(&list->front().variant())
                                           : nullptr;
}

}  // namespace

tl::expected<UplinkReading, std::string> read_v2_uplink(std::string_view body) {
  const auto members = payload::read_json_fields(body, "the body");
  if (!members) return tl::unexpected(members.error());
  UplinkReading uplink;
  std::string error;
  Reading reading(*members, "", error);
  read_identity(reading, uplink);
  read_frame(reading, uplink);
  if (const auto* metadata = reading.get<Fields>("metadata", "an object")) {
    Reading inner(*metadata, "metadata.", error);
    inner.time("time", uplink.time);
    read_modulation(inner, uplink);
    read_gateways(inner, uplink, error);
  }
  if (!error.empty()) return tl::unexpected(std::move(error));
  return uplink;
}

std::optional<FlavourV2> flavour_of_v2(std::string_view body) {
  const auto members = payload::read_json_fields(body, "the body");
  if (!members || members->find("dev_id") == nullptr) return std::nullopt;
  if (members->find("counter") == nullptr && members->find("payload_raw") == nullptr) {
    return std::nullopt;
  }
  if (const Fields* gateway = first_gateway(*members)) {
    if (gateway->find("gtw_id") != nullptr) return FlavourV2::deployed;
    if (gateway->find("id") != nullptr) return FlavourV2::documented;
  }
  const Value* retry = members->find("is_retry");
  const bool says_no = retry != nullptr && *retry == Value(false);
  return says_no ? FlavourV2::documented : FlavourV2::deployed;
}

std::optional<std::string> v2_sent_again(std::string_view body, const Anew& anew) {
  return with_tokens_exchanged(body, [&anew](const JsonToken& token) -> std::optional<std::string> {
    const bool url = token.path.size() == 1 && is(token.path[0], "downlink_url");
    if (url && anew.downlink_url) {
      std::string text;
      append_go_string(*anew.downlink_url, text);
      return text;
    }
    if (anew.shift.count() == 0 || !is_time(token.path)) return std::nullopt;
    const auto text = text_of(token.bytes);
    const auto moved = text ? moved_rfc3339(*text, anew.shift) : std::nullopt;
    if (!moved) return std::nullopt;
    return "\"" + *moved + "\"";
  });
}

}  // namespace sim::dialect
