#include "sim/dialect/uplink_writer_v2.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/dialect/go_text.h"
#include "sim/dialect/json_writer.h"

namespace sim::dialect {

namespace {

/// More than the keys, numbers and times of a body, or of a reception, take without its texts.
constexpr std::size_t kRoomForFrame = 500;
constexpr std::size_t kRoomForReception = 400;

std::string quoted(std::string_view text) {
  std::string result;
  append_go_string(text, result);
  return result;
}

/// Whether a text stands for itself in JSON: identifiers do.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

char* put_number(char* at, float number) {
  if (char* end = put_strength(at, number)) return end;
  std::string text;
  JsonWriter(text).number(number);
  return put(at, text);
}

std::size_t index_of(const lorawan::TxSettings& tx) {
  const std::uint32_t rate = tx.data_rate.spreading_factor + tx.data_rate.bandwidth_hz / 125'000;
  return tx.frequency_hz / 100'000 + std::size_t{rate} * 11;
}

bool same(const lorawan::TxSettings& a, const lorawan::TxSettings& b) {
  return a.frequency_hz == b.frequency_hz && a.data_rate == b.data_rate &&
         a.coding_rate == b.coding_rate;
}

}  // namespace

UplinkWriterV2::UplinkWriterV2(const UplinkSurroundings& surroundings, const BodyRules& rules)
    : rules_(rules) {
  head_.set("{\"app_id\":" + quoted(surroundings.application.id) + ",\"dev_id\":");
  tail_.set(",\"downlink_url\":" + quoted(surroundings.downlink_url) + "}");
  gateways_.reserve(surroundings.gateways.size());
  for (const fleet::Gateway& gateway : surroundings.gateways) {
    std::string place;
    JsonWriter json(place);
    json.begin_object();
    if (rules.gateway_location) write_location(gateway, json);
    json.end_object();
    GatewayParts parts;
    parts.head.set("{" + quoted(rules.gateway_id_key) + ":" + quoted(gateway.id) +
                   ",\"timestamp\":");
    parts.tail.set(place == "{}" ? "}" : "," + place.substr(1));
    gateway_room_ = std::max(gateway_room_, parts.head.size + parts.tail.size);
    gateways_.push_back(std::move(parts));
  }
}

const UplinkWriterV2::Part& UplinkWriterV2::tx_part(const lorawan::TxSettings& tx) {
  TxParts& parts = tx_[index_of(tx) % tx_.size()];
  if (parts.text.size > 0 && same(parts.tx, tx)) return parts.text;
  parts.tx = tx;
  std::string text;
  JsonWriter json(text);
  json.begin_object();
  write_modulation(tx, json);
  text.front() = ',';
  parts.text.set(text + ",\"gateways\":[");
  return parts.text;
}

std::size_t UplinkWriterV2::room_for(const application::Uplink& uplink) const {
  const network::Uplink& frame = uplink.frame;
  return head_.size + kRoomForFrame + 4 * (frame.payload.size() / 3 + 1) +
         frame.receptions.size() * (kRoomForReception + gateway_room_) + tail_.size + kSlack;
}

char* UplinkWriterV2::put_frame(char* at, const network::Uplink& frame) const {
  at = put_whole(put(at, "\",\"port\":"), frame.f_port);
  at = put_whole(put(at, ",\"counter\":"), frame.f_cnt);
  if (rules_.confirmed && frame.confirmed) at = put(at, ",\"confirmed\":true");
  const bool is_retry = frame.*rules_.is_retry;
  if (is_retry) {
    at = put(at, ",\"is_retry\":true");
  } else if (rules_.false_is_retry) {
    at = put(at, ",\"is_retry\":false");
  }
  if (frame.payload.empty() && rules_.empty_payload_is_null) {
    return put(at, ",\"payload_raw\":null");
  }
  at = put_base64(put(at, ",\"payload_raw\":\""), frame.payload);
  *at++ = '"';
  return at;
}

char* UplinkWriterV2::put_reception(char* at, const radio::Reception& reception) {
  assert(reception.gateway < gateways_.size());
  const GatewayParts& parts = gateways_[reception.gateway];
  at = put_part(at, parts.head);
  if (reception.timestamp_us != 0 || rules_.zero_timestamp) {
    at = put_whole(at, reception.timestamp_us);
  } else {
    at -= sizeof(",\"timestamp\":") - 1;
  }
  if (reception.time) {
    at = dates_.put(put(at, ",\"time\":\""), *reception.time);
    *at++ = '"';
  } else if (rules_.empty_time) {
    at = put(at, ",\"time\":\"\"");
  }
  if (rules_.antenna && reception.antenna != 0) {
    at = put_whole(put(at, ",\"antenna\":"), reception.antenna);
  }
  at = put_whole(put(at, ",\"channel\":"), reception.channel);
  at = put_number(put(at, ",\"rssi\":"), reception.rssi_dbm);
  at = put_number(put(at, ",\"snr\":"), reception.snr_db);
  at = put_whole(put(at, ",\"rf_chain\":"), reception.rf_chain);
  return put_part(at, parts.tail);
}

char* UplinkWriterV2::put_metadata(char* at, const network::Uplink& frame) {
  at = dates_.put(put(at, ",\"metadata\":{\"time\":\""), frame.received_at);
  *at++ = '"';
  if (frame.receptions.empty()) return put(at, "}");
  at = put_part(at, tx_part(frame.tx));
  for (const radio::Reception& reception : frame.receptions) {
    at = put_reception(at, reception);
    *at++ = ',';
  }
  return put(at - 1, "]}");
}

void UplinkWriterV2::write_fields(const payload::Fields& fields, TextBuffer& text) {
  scratch_.clear();
  JsonWriter(scratch_).fields(fields);
  text.append(",\"payload_fields\":");
  text.append(scratch_);
}

void UplinkWriterV2::write(const application::Uplink& uplink, TextBuffer& text) {
  const std::string& id = uplink.device.id;
  char* at = text.reserve(room_for(uplink) + 6 * id.size());
  at = put_part(at, head_);
  if (is_plain(id)) {
    *at++ = '"';
    at = put(at, id);
    *at++ = '"';
  } else {
    at = put(at, quoted(id));
  }
  at = put_hex16(put(at, ",\"hardware_serial\":\""), uplink.device.dev_eui.value);
  at = put_frame(at, uplink.frame);
  if (!uplink.fields.empty()) {
    text.commit(at);
    write_fields(uplink.fields, text);
    at = text.reserve(room_for(uplink));
  }
  at = put_metadata(at, uplink.frame);
  text.commit(put_part(at, tail_));
}

}  // namespace sim::dialect
