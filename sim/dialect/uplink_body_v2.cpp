#include "sim/dialect/uplink_body_v2.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <utility>

#include "sim/dialect/json_writer.h"

namespace sim::dialect {

namespace {

using lorawan::Modulation;

/// A short text that is put together without an allocation.
template <class... Parts>
void write_text(JsonWriter& json, fmt::format_string<Parts...> form, Parts&&... parts) {
  char text[40];
  const auto written = fmt::format_to_n(text, sizeof text, form, std::forward<Parts>(parts)...);
  json.string(std::string_view(text, written.out));
}

}  // namespace

void write_modulation(const lorawan::TxSettings& tx, JsonWriter& json) {
  json.key("frequency").number(static_cast<float>(tx.frequency_hz / 1e6));
  if (tx.data_rate.modulation == Modulation::fsk) {
    json.key("modulation").string("FSK");
    json.key("bit_rate").number(tx.data_rate.bit_rate);
    return;  // FSK has no forward error correction, so no coding rate
  }
  json.key("modulation").string("LORA");
  json.key("data_rate");
  write_text(json, "SF{}BW{}", tx.data_rate.spreading_factor, tx.data_rate.bandwidth_hz / 1000);
  json.key("coding_rate");
  write_text(json, "4/{}", tx.coding_rate);
}

// Like Go's omitempty: what is 0 counts as unknown.
void write_location(const fleet::Gateway& gateway, JsonWriter& json) {
  if (!gateway.location_known) return;
  const auto latitude = static_cast<float>(gateway.at.latitude);
  const auto longitude = static_cast<float>(gateway.at.longitude);
  const auto altitude = static_cast<std::int64_t>(std::lround(gateway.at.height_m));
  if (latitude != 0) json.key("latitude").number(latitude);
  if (longitude != 0) json.key("longitude").number(longitude);
  if (altitude != 0) json.key("altitude").number(altitude);
}

namespace {

void write_reception(const radio::Reception& reception, const fleet::Gateway& gateway,
                     const BodyRules& rules, JsonWriter& json) {
  json.begin_object();
  json.key(rules.gateway_id_key).string(gateway.id);
  if (reception.timestamp_us != 0 || rules.zero_timestamp) {
    json.key("timestamp").number(reception.timestamp_us);
  }
  if (reception.time) {
    json.key("time").time(*reception.time);
  } else if (rules.empty_time) {
    json.key("time").string("");
  }
  if (rules.antenna && reception.antenna != 0) json.key("antenna").number(int{reception.antenna});
  json.key("channel").number(int{reception.channel});
  json.key("rssi").number(reception.rssi_dbm);
  json.key("snr").number(reception.snr_db);
  json.key("rf_chain").number(int{reception.rf_chain});
  if (rules.gateway_location) write_location(gateway, json);
  json.end_object();
}

void write_metadata(const application::Uplink& uplink, const BodyRules& rules, JsonWriter& json) {
  const network::Uplink& frame = uplink.frame;
  json.key("metadata").begin_object();
  json.key("time").time(frame.received_at);
  if (!frame.receptions.empty()) {  // what no gateway received was simulated, and has a time alone
    write_modulation(frame.tx, json);
    json.key("gateways").begin_array();
    for (const radio::Reception& reception : frame.receptions) {
      assert(reception.gateway < uplink.gateways.size());
      write_reception(reception, uplink.gateways[reception.gateway], rules, json);
    }
    json.end_array();
  }
  json.end_object();
}

void write_frame(const network::Uplink& frame, const BodyRules& rules, JsonWriter& json) {
  json.key("port").number(int{frame.f_port});
  json.key("counter").number(frame.f_cnt);
  if (rules.confirmed && frame.confirmed) json.key("confirmed").boolean(true);
  const bool is_retry = frame.*rules.is_retry;
  if (is_retry || rules.false_is_retry) json.key("is_retry").boolean(is_retry);
  json.key("payload_raw");
  if (frame.payload.empty() && rules.empty_payload_is_null) {
    json.null();
  } else {
    json.base64(frame.payload);
  }
}

}  // namespace

void write_v2_uplink(const application::Uplink& uplink, const BodyRules& rules, std::string& body) {
  JsonWriter json(body);
  json.begin_object();
  json.key("app_id").string(uplink.application.id);
  json.key("dev_id").string(uplink.device.id);
  json.key("hardware_serial");
  write_text(json, "{:016X}", uplink.device.dev_eui.value);
  write_frame(uplink.frame, rules, json);
  if (!uplink.fields.empty()) json.key("payload_fields").fields(uplink.fields);
  write_metadata(uplink, rules, json);
  json.key("downlink_url").string(uplink.downlink_url);
  json.end_object();
}

}  // namespace sim::dialect
