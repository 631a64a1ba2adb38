#include "sim/application/application.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sim::application {

namespace {

constexpr std::int64_t kMinPort = 1;
constexpr std::int64_t kMaxPort = 223;  // LoRaWAN L2 1.0.4 4.3.2: above are test and reserved ports
constexpr std::size_t kMaxIdLength = 36;  // the pattern of identifiers
constexpr std::size_t kDevicesLookedThrough = 10'000;

tl::unexpected<Refusal> refuse(Reason reason, std::string_view field, std::string message) {
  return tl::unexpected(Refusal{reason, std::string(field), std::move(message)});
}

/// The number of characters to insert, delete or replace, or `limit + 1` where that is more than
/// `limit`. Both texts are short.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  std::array<std::size_t, kMaxIdLength + 3> row{};
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    std::size_t best = row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
      best = std::min(best, row[j]);
    }
    if (best > limit) return limit + 1;
  }
  return std::min(row[b.size()], limit + 1);
}

tl::unexpected<Refusal> refuse_device(const DownlinkCall& call, const DeviceDirectory& devices) {
  if (call.dev_id.empty()) {
    return refuse(Reason::unknown_device, "dev_id", "dev_id is missing");
  }
  if (call.dev_id.size() > kMaxIdLength) {
    return refuse(Reason::unknown_device, "dev_id",
                  fmt::format("dev_id is longer than {} characters", kMaxIdLength));
  }
  const std::string_view nearest = devices.nearest(call.dev_id);
  std::string message = fmt::format("there is no device '{}'", call.dev_id);
  if (!nearest.empty()) message += fmt::format("; did you mean '{}'?", nearest);
  return refuse(Reason::unknown_device, "dev_id", std::move(message));
}

/// The port for the downlink; 0 where the call leaves it to the uplink.
tl::expected<std::uint8_t, Refusal> port_of(const DownlinkCall& call) {
  if (!call.f_port) return std::uint8_t{0};
  if (*call.f_port < kMinPort || *call.f_port > kMaxPort) {
    return refuse(Reason::bad_port, "port",
                  fmt::format("port is {}; an application's ports are {} to {}", *call.f_port,
                              kMinPort, kMaxPort));
  }
  return static_cast<std::uint8_t>(*call.f_port);
}

bool has_bytes(const DownlinkCall& call) {
  return call.payload_raw && !call.payload_raw->empty();
}

bool has_fields(const DownlinkCall& call) {
  return call.payload_fields && !call.payload_fields->empty();
}

tl::expected<void, Refusal> check_payloads(const DownlinkCall& call) {
  if (has_bytes(call) && has_fields(call)) {
    return refuse(Reason::both_payloads, "payload_raw",
                  "both payload_raw and payload_fields are given; send one of them");
  }
  if (!has_bytes(call) && !has_fields(call)) {
    return refuse(Reason::no_payload, "payload_raw",
                  "there is no payload; send payload_raw or payload_fields");
  }
  return {};
}

/// The payload, and the port where the encoder chose one.
tl::expected<payload::EncodedDownlink, Refusal> encoded(const DownlinkCall& call,
                                                        const payload::Format& format,
                                                        std::uint8_t f_port,
                                                        const payload::Occasion& occasion) {
  if (has_bytes(call)) return payload::EncodedDownlink{*call.payload_raw, {}};
  auto downlink = payload::encode_downlink(format, *call.payload_fields, f_port, occasion);
  if (downlink) return std::move(*downlink);
  return refuse(Reason::not_encodable, "payload_fields", "payload_fields: " + downlink.error());
}

}  // namespace

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::not_found:
      return "not_found";
    case Reason::method:
      return "method";
    case Reason::unknown_application:
      return "unknown_application";
    case Reason::unknown_process:
      return "unknown_process";
    case Reason::wrong_key:
      return "wrong_key";
    case Reason::too_large:
      return "too_large";
    case Reason::malformed:
      return "malformed";
    case Reason::unknown_device:
      return "unknown_device";
    case Reason::both_payloads:
      return "both_payloads";
    case Reason::no_payload:
      return "no_payload";
    case Reason::bad_base64:
      return "bad_base64";
    case Reason::bad_port:
      return "bad_port";
    case Reason::bad_schedule:
      return "bad_schedule";
    case Reason::payload_size:
      return "payload_size";
    case Reason::not_encodable:
      return "not_encodable";
    case Reason::on_purpose:
      return "on_purpose";
    case Reason::overloaded:
      return "overloaded";
  }
  return "";
}

DeviceDirectory::DeviceDirectory(std::span<const fleet::Device> devices) : devices_(devices) {
  by_id_.reserve(devices.size());
  for (std::size_t i = 0; i < devices.size(); ++i) {
    by_id_.emplace(devices[i].id, static_cast<std::uint32_t>(i));
  }
}

std::optional<std::uint32_t> DeviceDirectory::find(std::string_view dev_id) const {
  const auto found = by_id_.find(dev_id);
  return found == by_id_.end() ? std::nullopt : std::optional(found->second);
}

std::string_view DeviceDirectory::nearest(std::string_view dev_id) const {
  if (dev_id.size() > kMaxIdLength) return {};
  std::size_t limit = dev_id.size() < 5 ? 1 : 2;
  std::string_view nearest;
  for (const fleet::Device& device :
       devices_.first(std::min(devices_.size(), kDevicesLookedThrough))) {
    const std::string_view id = device.id;
    const std::size_t difference =
        id.size() > dev_id.size() ? id.size() - dev_id.size() : dev_id.size() - id.size();
    if (difference > limit) continue;
    const std::size_t distance = edit_distance(dev_id, id, limit);
    if (distance > limit) continue;
    nearest = id;
    if (distance <= 1) return nearest;
    limit = distance - 1;
  }
  return nearest;
}

tl::expected<network::Downlink, Refusal> accept(
    const DownlinkCall& call, const Application& application, const DeviceDirectory& devices,
    const std::function<Destination(std::uint32_t device)>& destination_of,
    const payload::Occasion& occasion) {
  const auto device = devices.find(call.dev_id);
  if (!device) return refuse_device(call, devices);
  const auto schedule = parse_schedule(call.schedule);
  if (!schedule) {
    return refuse(Reason::bad_schedule, "schedule", "schedule is one of replace, first and last");
  }
  if (auto fine = check_payloads(call); !fine) return tl::unexpected(std::move(fine.error()));
  auto port = port_of(call);
  if (!port) return tl::unexpected(std::move(port.error()));
  const Destination destination = destination_of(*device);
  auto sent = encoded(call, application.format, *port > 0 ? *port : destination.f_port, occasion);
  if (!sent) return tl::unexpected(std::move(sent.error()));
  if (const std::size_t limit = destination.max_payload; sent->bytes.size() > limit) {
    return refuse(Reason::payload_size, has_bytes(call) ? "payload_raw" : "payload_fields",
                  fmt::format("the payload has {} bytes; device '{}' takes {} at its data rate",
                              sent->bytes.size(), call.dev_id, limit));
  }
  network::Downlink downlink;
  downlink.device = *device;
  downlink.f_port = sent->f_port.value_or(*port);
  downlink.confirmed = call.confirmed;
  downlink.schedule = *schedule;
  downlink.payload = std::move(sent->bytes);
  if (has_fields(call)) downlink.fields = *call.payload_fields;
  return downlink;
}

std::optional<network::Schedule> parse_schedule(std::string_view text) {
  if (text.empty() || text == "replace") return network::Schedule::replace;
  if (text == "first") return network::Schedule::first;
  if (text == "last") return network::Schedule::last;
  return std::nullopt;
}

bool same_key(std::string_view given, std::string_view secret) {
  // Without an early way out, and volatile so that the compiler adds none.
  volatile unsigned difference = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = secret.empty() ? '\0' : secret[i % secret.size()];
    difference = difference | static_cast<unsigned>(static_cast<unsigned char>(given[i]) ^
                                                    static_cast<unsigned char>(expected));
  }
  return difference == 0;
}

}  // namespace sim::application
