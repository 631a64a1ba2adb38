// The JSON body of an uplink, in both flavours of the v2 integration.
//
// One writer and a few rules: what the API reference documents and what the deployed network sent
// differ in some keys, and in what is left out. Called by ttn_v2 and ttn_v2_wire.
// Thread rule: pure. Source: API reference, "Uplink"; shared facts on TTN v2, 0 and 1.
#pragma once

#include <string>
#include <string_view>

#include "sim/application/application.h"
#include "sim/dialect/json_writer.h"

namespace sim::dialect {

/// Where the flavours differ.
struct BodyRules {
  std::string_view gateway_id_key;
  bool network::Uplink::*is_retry;  ///< which of the two meanings
  bool false_is_retry;              ///< `"is_retry":false` is written, not left out
  bool confirmed;                   ///< `"confirmed":true` is written
  bool empty_payload_is_null;       ///< `"payload_raw":null`, not `""`
  bool empty_time;                  ///< `"time":""` without synchronised time, not left out
  bool zero_timestamp;              ///< `"timestamp":0` is written, not left out
  bool antenna;                     ///< `"antenna":1` of the gateway's second antenna is written
  bool gateway_location;            ///< latitude, longitude and altitude of a gateway
};

/// The parts of a body that are the same for many, which uplink_writer_v2 keeps: a frequency and a
/// data rate, and where a gateway stands (like Go's omitempty: what is 0 counts as unknown).
void write_modulation(const lorawan::TxSettings& tx, JsonWriter& json);
void write_location(const fleet::Gateway& gateway, JsonWriter& json);

/// Appends the body. Nothing is allocated once `body` has its capacity.
void write_v2_uplink(const application::Uplink& uplink, const BodyRules& rules, std::string& body);

}  // namespace sim::dialect
