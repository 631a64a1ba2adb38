// The application behind the network: its names, its key, its payload format.
//
// Uplink is what a dialect writes: the network's uplink with its names and fields. DownlinkCall is
// what a dialect read from a call of the downlink API, and accept() turns it into a Downlink, or
// says why not. Called by run and by every dialect. Thread rule: immutable values, pure functions.
// Source: API reference, "Uplink" and "Downlink"; the refusals are lnsim's own, see
// sim/dialect/README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_map>

#include "sim/fleet/device.h"
#include "sim/fleet/gateway.h"
#include "sim/network/downlink_queue.h"
#include "sim/network/uplink.h"
#include "sim/payload/format.h"

namespace sim::application {

struct Application {
  std::string id;
  std::string process;
  std::string access_key;
  payload::Format format;
};

/// An uplink with all that a body needs. Refers to values that outlive the writing of it.
struct Uplink {
  const network::Uplink& frame;
  const payload::Fields& fields;  ///< empty: left out
  const fleet::Device& device;
  std::span<const fleet::Gateway> gateways;  ///< the plan's, by index
  const Application& application;
  std::string_view downlink_url;
};

/// Why a call of the downlink API was refused. The dialect gives each a status.
enum class Reason : std::uint8_t {
  not_found,  ///< no such path
  method,     ///< neither POST nor PUT
  unknown_application,
  unknown_process,
  wrong_key,
  too_large,  ///< the body, in bytes
  malformed,  ///< not JSON, or a field of the wrong type
  unknown_device,
  both_payloads,
  no_payload,
  bad_base64,
  bad_port,
  bad_schedule,
  payload_size,   ///< more than the device's data rate takes
  not_encodable,  ///< payload_fields that the format cannot encode
  on_purpose,     ///< the scenario has the network misbehave
  overloaded,     ///< more connections than the limit
};

/// A short name for journals and reports: "wrong_key".
std::string_view to_string(Reason reason);

struct Refusal {
  Reason reason;
  std::string field;    ///< the offending key of the body ("port"), or empty
  std::string message;  ///< a sentence for the caller; never contains a key
};

/// A downlink as a dialect read it: syntax is checked, meaning is not.
struct DownlinkCall {
  std::string dev_id;
  std::optional<std::int64_t> f_port;
  bool confirmed = false;
  std::optional<lorawan::Bytes> payload_raw;
  std::optional<payload::Fields> payload_fields;
  std::string schedule;  ///< "", "replace", "first" or "last"
};

/// What accept() has to know of the devices.
class DeviceDirectory {
 public:
  explicit DeviceDirectory(std::span<const fleet::Device> devices);
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view dev_id) const;
  /// The known identifier that is nearest to a mistyped one; empty where none is near. In a large
  /// fleet only the first devices are looked through, so that a wrong call costs little.
  [[nodiscard]] std::string_view nearest(std::string_view dev_id) const;

 private:
  std::span<const fleet::Device> devices_;
  std::unordered_map<std::string_view, std::uint32_t> by_id_;
};

/// What the network knows of the device that a downlink is for.
struct Destination {
  std::size_t max_payload = 0;  ///< bytes that its data rate takes
  std::uint8_t f_port = 1;      ///< of its uplinks: the downlink's where a call names none
};

/// Turns a call into a downlink, or says what is wrong first: device, schedule, payload, port,
/// encoding, size.
tl::expected<network::Downlink, Refusal> accept(
    const DownlinkCall& call, const Application& application, const DeviceDirectory& devices,
    const std::function<Destination(std::uint32_t device)>& destination_of,
    const payload::Occasion& occasion);

/// "", "replace", "first" or "last"; nothing for any other text.
std::optional<network::Schedule> parse_schedule(std::string_view text);

/// Compares keys in a time that depends on the length of `given` alone.
bool same_key(std::string_view given, std::string_view secret);

}  // namespace sim::application
