#include "sim/endpoint/defects.h"

#include <algorithm>
#include <array>

namespace sim::endpoint {

namespace {

constexpr std::array kDefects = {
    NamedDefect{Defect::wrong_device, "wrong-device",
                "sends the downlink to another device than the uplink's"},
    NamedDefect{Defect::wrong_port, "wrong-port", "sends the downlink on the next port"},
    NamedDefect{Defect::port_0, "port-0", "sends the downlink on port 0"},
    NamedDefect{Defect::port_224, "port-224", "sends the downlink on port 224"},
    NamedDefect{Defect::url_safe_base64, "url-safe-base64",
                "writes payload_raw in the alphabet of URLs (- and _)"},
    NamedDefect{Defect::both_payloads, "both-payloads",
                "sends payload_raw and payload_fields together"},
    NamedDefect{Defect::too_large, "too-large", "sends a payload of 300 bytes"},
    NamedDefect{Defect::twice, "twice", "sends the downlink twice"},
    NamedDefect{Defect::answers_retries, "answers-retries",
                "sends the downlink again for a retried uplink"},
    NamedDefect{Defect::late, "late", "sends the downlink long after the uplink"},
    NamedDefect{Defect::expired_key, "expired-key", "calls with a key of former times"},
    NamedDefect{Defect::wrong_method, "wrong-method", "calls with DELETE"},
    NamedDefect{Defect::stores_twice, "stores-twice",
                "stores an uplink that comes again once more"},
    NamedDefect{Defect::last_wins, "last-wins",
                "takes what came last for the newest, however old it is"},
};

constexpr std::size_t kTooLarge = 300;

/// The URL with another key in it.
std::string with_old_key(const std::string& url) {
  const std::size_t key = url.find("key=");
  return key == std::string::npos ? url : url.substr(0, key) + "key=ttn-account-v2.of-last-year";
}

}  // namespace

std::span<const NamedDefect> defects() {
  return kDefects;
}

std::optional<Defect> find_defect(std::string_view name) {
  const auto found = std::find_if(kDefects.begin(), kDefects.end(),
                                  [&](const NamedDefect& one) { return one.name == name; });
  return found == kDefects.end() ? std::nullopt : std::optional(found->defect);
}

DownlinkRequest spoiled(DownlinkRequest request, Defect defect, std::string_view other_device) {
  switch (defect) {
    case Defect::wrong_device:
      request.dev_id = other_device.empty() ? request.dev_id + "-2" : std::string(other_device);
      break;
    case Defect::wrong_port:
      ++request.port;
      break;
    case Defect::port_0:
      request.port = 0;
      break;
    case Defect::port_224:
      request.port = 224;
      break;
    case Defect::url_safe_base64:
      request.payload_raw = "-_8=";
      break;
    case Defect::both_payloads:
      request.with_fields = true;
      break;
    case Defect::too_large:
      request.payload_raw = std::string(kTooLarge / 3 * 4, 'A');
      break;
    case Defect::expired_key:
      request.url = with_old_key(request.url);
      break;
    case Defect::wrong_method:
      request.method = "DELETE";
      break;
    case Defect::none:
    case Defect::twice:
    case Defect::answers_retries:
    case Defect::late:
    case Defect::stores_twice:
    case Defect::last_wins:
      break;
  }
  return request;
}

}  // namespace sim::endpoint
