#include "sim/dialect/ttn_v2_wire.h"

#include <algorithm>
#include <iterator>

#include "sim/dialect/go_text.h"

namespace sim::dialect {

namespace {

constexpr BodyRules kRules{
    .gateway_id_key = "gtw_id",
    .is_retry = &network::Uplink::is_retry_as_deployed,
    .false_is_retry = false,
    .confirmed = true,
    .empty_payload_is_null = true,
    .empty_time = true,
    .zero_timestamp = false,
    .antenna = true,
    .gateway_location = true,
};

/// A header's name as Go writes it, "x-api-key" as "X-Api-Key".
std::string canonical(std::string_view name) {
  std::string result(name);
  bool word_begins = true;
  for (char& c : result) {
    if (word_begins && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (!word_begins && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    word_begins = c == '-';
  }
  return result;
}

}  // namespace

TtnV2Wire::TtnV2Wire() : V2Dialect(kRules) {}

std::string_view TtnV2Wire::name() const {
  return "ttn-v2-wire";
}

std::string_view TtnV2Wire::title() const {
  return "The Things Network v2 HTTP integration, as the deployed network sent it";
}

// The order of Go's HTTP client: two headers of its own, the program's by name, and at the end the
// encoding that the client adds where the program says nothing of it.
http::Headers TtnV2Wire::request_headers(const RequestSettings& settings) const {
  http::Headers headers{{"User-Agent", "http-ttn/2.6.0"}, {"Content-Length", ""}};
  http::Headers further{{"Content-Type", "application/json"}};
  if (!settings.authorization.empty()) {
    set_header(further, "Authorization", settings.authorization);
  }
  for (const auto& [name, value] : settings.headers) {
    if (is_the_senders(name)) continue;
    set_header(same_in_any_case(name, "User-Agent") ? headers : further, canonical(name), value);
  }
  std::sort(further.begin(), further.end(),
            [](const http::Header& a, const http::Header& b) { return a.name < b.name; });
  if (http::find_header(further, "Accept-Encoding") == nullptr) {
    further.push_back({"Accept-Encoding", "gzip"});
  }
  std::move(further.begin(), further.end(), std::back_inserter(headers));
  return headers;
}

}  // namespace sim::dialect
