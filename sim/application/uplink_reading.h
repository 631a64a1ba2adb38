// What the body of an uplink says, in neutral words: an uplink that came from somewhere else.
//
// The other way round as Uplink: made by a dialect (Dialect::read_uplink) from bodies that were
// recorded. What a body leaves out is absent here. Called by run (replay) and by whoever looks
// through recordings. Thread rule: values. Source: API reference, "Uplink"; shared facts on TTN v2,
// 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/engine/sim_time.h"
#include "sim/lorawan/data_rate.h"
#include "sim/lorawan/identifiers.h"
#include "sim/payload/value.h"

namespace sim::application {

/// What one gateway said of the frame.
struct GatewayReading {
  std::string id;
  std::optional<std::uint32_t> timestamp_us;  ///< the concentrator's counter
  std::optional<engine::SimTime> time;        ///< nothing: it knew none
  std::uint8_t antenna = 0;
  std::uint8_t channel = 0;
  std::uint8_t rf_chain = 0;
  std::optional<float> rssi_dbm, snr_db;
  std::optional<double> latitude, longitude;  ///< degrees
  std::optional<double> altitude_m;
};

struct UplinkReading {
  std::string app_id;
  std::string dev_id;  ///< never empty
  std::optional<lorawan::DevEui> dev_eui;
  std::uint32_t f_cnt = 0;
  std::uint8_t f_port = 0;
  bool confirmed = false;
  bool is_retry = false;
  lorawan::Bytes payload;
  payload::Fields fields;               ///< empty: none were sent
  std::optional<engine::SimTime> time;  ///< when the network had the frame
  std::optional<std::uint32_t> frequency_hz;
  std::optional<lorawan::DataRate> data_rate;
  std::optional<int> coding_rate;        ///< 5 is 4/5
  std::vector<GatewayReading> gateways;  ///< in the body's order
  std::string downlink_url;              ///< empty: the body has none
};

}  // namespace sim::application
