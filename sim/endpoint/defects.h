// Known mistakes that the reference endpoint can be given, to test the tester with.
//
// Each is one that real code has had. A defect is a value that the places where the endpoint acts
// ask for; a good endpoint has none. Called by ReferenceEndpoint; listed by cli. Thread rule: pure.
// Source: sim/endpoint/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sim::endpoint {

enum class Defect : std::uint8_t {
  none,
  wrong_device,
  wrong_port,
  port_0,
  port_224,
  url_safe_base64,
  both_payloads,
  too_large,
  twice,
  answers_retries,
  late,
  expired_key,
  wrong_method,
  stores_twice,
  last_wins,
};

struct NamedDefect {
  Defect defect;
  std::string_view name;   ///< "wrong-device"
  std::string_view title;  ///< what such an endpoint does
};

/// All of them, in the order in which they are listed.
std::span<const NamedDefect> defects();
std::optional<Defect> find_defect(std::string_view name);

/// A downlink call before it is written out.
struct DownlinkRequest {
  std::string method = "POST";
  std::string url;
  std::string dev_id;
  int port = 2;
  bool confirmed = false;
  std::string payload_raw = "AQ==";
  bool with_fields = false;  ///< `payload_fields` as well
};

/// The call as an endpoint with that defect makes it. `other_device` is another one that it knows.
DownlinkRequest spoiled(DownlinkRequest request, Defect defect, std::string_view other_device);

}  // namespace sim::endpoint
