#include "sim/dialect/ttn_v2.h"

namespace sim::dialect {

namespace {

constexpr BodyRules kRules{
    .gateway_id_key = "id",
    .is_retry = &network::Uplink::is_retry,
    .false_is_retry = true,
    .confirmed = false,
    .empty_payload_is_null = false,
    .empty_time = false,
    .zero_timestamp = true,
    .antenna = false,
    .gateway_location = false,
};

}  // namespace

TtnV2::TtnV2() : V2Dialect(kRules) {}

std::string_view TtnV2::name() const {
  return "ttn-v2";
}

std::string_view TtnV2::title() const {
  return "The Things Network v2 HTTP integration, as its API reference documents it";
}

http::Headers TtnV2::request_headers(const RequestSettings& settings) const {
  http::Headers headers{
      {"Content-Type", "application/json"}, {"User-Agent", "lnsim"}, {"Content-Length", ""}};
  if (!settings.authorization.empty()) {
    set_header(headers, "Authorization", settings.authorization);
  }
  for (const auto& [name, value] : settings.headers) {
    if (!is_the_senders(name)) set_header(headers, name, value);
  }
  return headers;
}

}  // namespace sim::dialect
