// The reference endpoint: an application as a careful engineer would write it, to test against.
//
// It takes the base protocol's uplinks over HTTP, checks who sends and what, stores each frame once
// however often it comes, and answers a moisture below a threshold with one downlink. `lnsim run`
// has it as `builtin`; `lnsim endpoint` runs it alone. It shares no parsing with the simulator, so
// that a mistake of one is seen by the other. Called by cli. Thread rule: start and stop from one
// thread; the server has its own. Source: API reference.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sim/endpoint/defects.h"
#include "sim/endpoint/retry_rules.h"
#include "sim/http/endpoint.h"

namespace sim::endpoint {

struct EndpointSettings {
  http::ListenAddress listen;
  std::string authorization;       ///< what the Authorization header must be; empty: not checked
  std::string field = "moisture";  ///< the field that is watched
  double below = 15;               ///< a value below it is answered with a downlink
  std::uint8_t downlink_port = 2;
  bool confirmed = false;  ///< whether the device is to acknowledge the downlink
  std::chrono::milliseconds downlink_timeout{2'000};
  RetryRules downlink_retries;
  std::size_t max_devices = 100'000;  ///< the store's bound; the oldest device goes first
  Defect defect = Defect::none;
  std::chrono::milliseconds defect_delay{10'000};  ///< how late a late downlink is
  /// One line for each request, for people; may be empty.
  std::function<void(const std::string&)> log;
};

/// What the endpoint has stored and done; for tests and for the line at its end.
struct EndpointCounts {
  std::uint64_t uplinks = 0;     ///< stored, each frame once
  std::uint64_t duplicates = 0;  ///< taken, and seen before
  std::uint64_t refused = 0;
  std::uint64_t downlinks = 0;  ///< accepted by the network
  std::uint64_t downlink_failures = 0;
};

class ReferenceEndpoint {
 public:
  explicit ReferenceEndpoint(EndpointSettings settings);
  ~ReferenceEndpoint();
  ReferenceEndpoint(const ReferenceEndpoint&) = delete;
  ReferenceEndpoint& operator=(const ReferenceEndpoint&) = delete;

  /// Binds and serves on threads of its own; throws std::system_error where it cannot bind.
  void start();
  void stop();
  /// Where uplinks go: "http://127.0.0.1:40123/uplink". After start().
  [[nodiscard]] std::string url() const;
  /// Where it says what is stored of a device: "http://127.0.0.1:40123/probe/{device}".
  [[nodiscard]] std::string probe_url() const;
  [[nodiscard]] EndpointCounts counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim::endpoint
