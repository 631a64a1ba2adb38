// Recordings for the tests of replay, written as somebody's network would have sent them.
#pragma once

#include <string>

#include "sim/dialect/rfc3339.h"
#include "sim/recording/line.h"
#include "tests/support/child_process.h"

namespace sim::replay::test {

inline engine::SimTime at(std::string_view text) {
  return *dialect::read_rfc3339(text);
}

/// A body of the deployed flavour, with a spelling that no writer of ours has.
inline std::string body_of(const std::string& device, int counter, const std::string& time,
                           const std::string& gateway = "gw-a") {
  return "{ \"app_id\":\"my-app\", \"dev_id\":\"" + device +
         "\",\"hardware_serial\":\"0102030405060708\",\"port\":7,\"counter\":" +
         std::to_string(counter) +
         ",\"payload_raw\":\"AQI=\",\"payload_fields\":{\"moisture\":12.50},\"metadata\":{\"time\":"
         "\"" +
         time +
         "\",\"frequency\":868.1,\"modulation\":\"LORA\",\"data_rate\":\"SF9BW125\","
         "\"coding_rate\":\"4/5\",\"gateways\":[{\"gtw_id\":\"" +
         gateway +
         "\",\"timestamp\":5,\"time\":\"\",\"channel\":0,\"rssi\":-100,\"snr\":7.5,\"rf_chain\":1}]"
         "},"
         "\"downlink_url\":\"https://h/ttn-eu/api/v2/down/my-app/my-process?key=***1\" }";
}

inline recording::Recorded recorded(const std::string& came, const std::string& body) {
  recording::Recorded one;
  one.came = at(came);
  one.request = {
      "POST",
      "/uplink?site=1",
      {{"Host", "was.example"}, {"Content-Length", "1"}, {"Authorization", "***2"}, {"X-Own", "1"}},
      body};
  return one;
}

inline std::string line(const recording::Recorded& one) {
  std::string text;
  recording::append_line(one, text);
  return text;
}

/// Three uplinks of two devices within a minute.
inline std::string three() {
  return line(recorded("2026-03-01T08:00:00.5Z", body_of("a", 1, "2026-03-01T08:00:00.123456Z"))) +
         line(recorded("2026-03-01T08:00:30Z", body_of("b", 9, "2026-03-01T08:00:29Z", "gw-b"))) +
         line(recorded("2026-03-01T08:01:00Z", body_of("a", 2, "2026-03-01T08:00:59Z")));
}

}  // namespace sim::replay::test
