#include "sim/dialect/v2_dialect.h"

#include <algorithm>

#include "sim/dialect/downlink_api_v2.h"
#include "sim/dialect/downlink_body_v2.h"
#include "sim/dialect/go_text.h"
#include "sim/dialect/uplink_reading_v2.h"
#include "sim/dialect/uplink_writer_v2.h"

namespace sim::dialect {

void V2Dialect::write_uplink(const application::Uplink& uplink, std::string& body) const {
  write_v2_uplink(uplink, rules_, body);
}

std::unique_ptr<UplinkWriter> V2Dialect::make_writer(const UplinkSurroundings& surroundings) const {
  return std::make_unique<UplinkWriterV2>(surroundings, rules_);
}

tl::expected<application::UplinkReading, std::string> V2Dialect::read_uplink(
    std::string_view body) const {
  return read_v2_uplink(body);
}

// Either flavour reads the other's bodies; the rules say which one is this one's.
Likeness V2Dialect::likeness(std::string_view body) const {
  const auto flavour = flavour_of_v2(body);
  if (!flavour) return Likeness::none;
  const auto own = rules_.gateway_id_key == "gtw_id" ? FlavourV2::deployed : FlavourV2::documented;
  return *flavour == own ? Likeness::certain : Likeness::possible;
}

std::optional<std::string> V2Dialect::sent_again(std::string_view body, const Anew& anew) const {
  return v2_sent_again(body, anew);
}

bool V2Dialect::is_retry(const network::Uplink& uplink) const {
  return uplink.*rules_.is_retry;
}

std::string V2Dialect::downlink_url(std::string_view public_url,
                                    const application::Application& app) const {
  return v2_downlink_url(public_url, app);
}

tl::expected<application::DownlinkCall, application::Refusal> V2Dialect::read_downlink(
    const http::Request& request, const application::Application& app) const {
  return read_v2_downlink(request, app);
}

void V2Dialect::write_downlink(const application::DownlinkCall& call, Wording wording,
                               std::string& body) const {
  write_v2_downlink_body(call, wording, body);
}

http::Response V2Dialect::accepted(int success_status) const {
  return v2_accepted(success_status);
}

http::Response V2Dialect::refused(const application::Refusal& refusal) const {
  return v2_refused(refusal);
}

bool V2Dialect::is_the_senders(std::string_view header) {
  static constexpr std::string_view kNames[] = {"Host", "Content-Length", "Transfer-Encoding",
                                                "Trailer"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return same_in_any_case(name, header); });
}

void V2Dialect::set_header(http::Headers& headers, std::string_view name, std::string_view value) {
  const auto place = std::find_if(headers.begin(), headers.end(), [&](const http::Header& header) {
    return same_in_any_case(header.name, name);
  });
  if (place != headers.end()) {
    place->value = value;
  } else {
    headers.push_back({std::string(name), std::string(value)});
  }
}

}  // namespace sim::dialect
