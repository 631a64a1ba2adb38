// The uplink of the API reference's example, to be changed by the tests that need another.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "sim/application/application.h"

namespace sim::dialect::test {

inline engine::SimTime at_ns(std::int64_t nanoseconds) {
  return engine::SimTime(engine::SimDuration(nanoseconds));
}

/// Owns all that an application::Uplink refers to.
struct Example {
  application::Application app{"my-app-id", "my-process-id", "ttn-account-v2.secret",
                               payload::NoFormat{}};
  fleet::Device device;
  std::vector<fleet::Gateway> gateways;
  network::Uplink frame;
  payload::Fields fields;
  std::string downlink_url =
      "https://integrations.thethingsnetwork.org/ttn/api/v2/down/my-app-id/my-process-id"
      "?key=ttn-account-v2.secret";

  Example() {
    device.id = "my-dev-id";
    device.dev_eui.value = 0x0102030405060708;
    gateways.emplace_back().id = "ttn-herengracht-ams";
    gateways[0].at = {52.374485, 4.8829713, 12};
    frame.f_cnt = 2;
    frame.received_at = at_ns(0);
    frame.tx.frequency_hz = 868'100'000;
    frame.tx.data_rate = lorawan::lora(7, 125'000);
    frame.payload = {1, 2, 3, 4};
    radio::Reception reception;
    reception.timestamp_us = 12'345;
    reception.time = at_ns(0);
    reception.rssi_dbm = -25;
    reception.snr_db = 5;
    frame.receptions = {reception};
  }

  [[nodiscard]] application::Uplink uplink() const {
    return {frame, fields, device, gateways, app, downlink_url};
  }
};

inline Example fsk() {
  Example example;
  example.frame.tx.data_rate = lorawan::fsk(50'000);
  example.frame.tx.frequency_hz = 868'800'000;
  return example;
}

/// A retry with fields, heard by two gateways; the second one's place is not known.
inline Example two_gateways() {
  Example example;
  constexpr std::int64_t kStart = 1'767'225'600'000'000'000;
  example.frame.confirmed = example.frame.is_retry = example.frame.is_retry_as_deployed = true;
  example.frame.received_at = at_ns(kStart + 5'250'000'000);
  example.fields.set("battery", 3.05);
  example.fields.set("note", "a < b & c");
  example.fields.set("open", true);
  payload::Fields position;
  position.set("latitude", 52.3745);
  position.set("longitude", 4.883);
  example.fields.set("position", position);
  example.frame.receptions[0].time = at_ns(kStart + 5'204'001'000);
  fleet::Gateway second;
  second.id = "eui-58a0cbfffe800001";
  second.location_known = false;
  example.gateways.push_back(second);
  radio::Reception reception;
  reception.gateway = 1;
  reception.timestamp_us = 4'294'967'295;
  reception.time = at_ns(kStart + 5'000'000'000);
  reception.channel = 3;
  reception.rf_chain = 1;
  reception.rssi_dbm = -118;
  reception.snr_db = -13.75;
  example.frame.receptions.push_back(reception);
  return example;
}

inline std::string fixture(const std::string& name) {
  std::ifstream file(std::string(LNSIM_SOURCE_DIR) + "/fixtures/ttn_v2/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace sim::dialect::test
