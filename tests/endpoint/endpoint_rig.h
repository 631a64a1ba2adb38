// What the tests of the endpoint share: an endpoint on a free port, uplinks that are right until a
// test changes them, and a network that takes downlink calls.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "sim/endpoint/reference_endpoint.h"
#include "sim/http/endpoint.h"

namespace sim::endpoint {

/// The API reference's own example, with a call that goes nowhere.
inline nlohmann::json example_uplink() {
  return nlohmann::json::parse(R"({
    "app_id": "my-app-id", "dev_id": "my-dev-id", "hardware_serial": "0102030405060708",
    "port": 1, "counter": 2, "is_retry": false, "payload_raw": "AQIDBA==",
    "payload_fields": {"moisture": 40.5},
    "metadata": {"time": "1970-01-01T00:00:00Z", "frequency": 868.1, "modulation": "LORA",
      "data_rate": "SF7BW125", "coding_rate": "4/5",
      "gateways": [{"id": "ttn-herengracht-ams", "timestamp": 12345, "channel": 0, "rssi": -25,
                    "snr": 5, "rf_chain": 0}]},
    "downlink_url": "http://127.0.0.1:9/down?key=ttn-account-v2.secret"})");
}

/// An uplink that is to be answered with a downlink.
inline nlohmann::json dry_uplink(const std::string& downlink_url) {
  nlohmann::json uplink = example_uplink();
  uplink["payload_fields"]["moisture"] = 3;
  uplink["downlink_url"] = downlink_url;
  return uplink;
}

class RunningEndpoint {
 public:
  explicit RunningEndpoint(EndpointSettings settings = {}) : endpoint_(with_log(settings)) {
    endpoint_.start();
  }

  [[nodiscard]] int port() const { return http::parse_endpoint(endpoint_.url())->port; }
  [[nodiscard]] httplib::Client client() const {
    httplib::Client client("127.0.0.1", port());
    client.set_tcp_nodelay(true);
    client.set_keep_alive(true);
    return client;
  }
  httplib::Result post(const std::string& body) const {
    return client().Post("/uplink", body, "application/json");
  }
  httplib::Result post(const nlohmann::json& uplink) const { return post(uplink.dump()); }
  ReferenceEndpoint& operator*() { return endpoint_; }
  ReferenceEndpoint* operator->() { return &endpoint_; }
  std::vector<std::string> log() {
    const std::lock_guard lock(mutex_);
    return log_;
  }

 private:
  EndpointSettings with_log(EndpointSettings settings) {
    settings.log = [this](const std::string& line) {
      const std::lock_guard lock(mutex_);
      log_.push_back(line);
    };
    return settings;
  }

  std::mutex mutex_;
  std::vector<std::string> log_;
  ReferenceEndpoint endpoint_;
};

/// Takes downlink calls, and answers them with the status that it is told.
class DownlinkNetwork {
 public:
  DownlinkNetwork() {
    server_.Post("/down", [this](const httplib::Request& request, httplib::Response& response) {
      if (on_call) on_call();
      const std::lock_guard lock(mutex_);
      bodies_.push_back(request.body);
      targets_.push_back(request.target);
      response.status = troubles_left > 0 ? trouble : status;
      if (troubles_left > 0) --troubles_left;
      if (!retry_after.empty()) response.set_header("Retry-After", retry_after);
      came_.notify_all();
      response.set_header("Location", "/elsewhere");
      response.set_content("{}", "application/json");
    });
    server_.Post("/elsewhere", [this](const httplib::Request&, httplib::Response&) { ++strays; });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running()) std::this_thread::yield();
  }
  ~DownlinkNetwork() {
    server_.stop();
    thread_.join();
  }
  DownlinkNetwork(const DownlinkNetwork&) = delete;
  DownlinkNetwork& operator=(const DownlinkNetwork&) = delete;

  [[nodiscard]] std::string url(const std::string& host = "127.0.0.1") const {
    return "http://" + host + ":" + std::to_string(port_) + "/down?key=ttn-account-v2.secret";
  }
  std::vector<std::string> bodies() {
    const std::lock_guard lock(mutex_);
    return bodies_;
  }
  std::vector<std::string> targets() {
    const std::lock_guard lock(mutex_);
    return targets_;
  }

  /// Blocks until that many calls have come.
  void wait_for_calls(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return bodies_.size() >= count; });
  }

  std::atomic<int> status{202};
  std::atomic<int> trouble{500};      ///< the status of the first calls
  std::atomic<int> troubles_left{0};  ///< how many they are
  std::string retry_after;            ///< set before the first call
  std::atomic<int> strays{0};
  std::function<void()> on_call;

 private:
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> bodies_;
  std::vector<std::string> targets_;
};

}  // namespace sim::endpoint
