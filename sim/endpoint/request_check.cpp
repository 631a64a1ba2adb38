#include "sim/endpoint/request_check.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace sim::endpoint {

namespace {

// Looks at every byte whatever the first ones are, so that the time tells nothing of how much of a
// guess is right.
bool same_secret(std::string_view given, std::string_view wanted) {
  unsigned difference = given.size() == wanted.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const char expected = wanted[i % wanted.size()];
    difference |= static_cast<unsigned char>(given[i] ^ expected);
  }
  return difference == 0;
}

// "application/json", in any case, with parameters or without.
bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  content_type = content_type.substr(0, content_type.find(';'));
  const std::size_t last = content_type.find_last_not_of(" \t");
  content_type = content_type.substr(0, last + 1);
  return std::equal(content_type.begin(), content_type.end(), kJson.begin(), kJson.end(),
                    [](char c, char j) { return c == j || (c >= 'A' && c <= 'Z' && c + 32 == j); });
}

std::optional<Refusal> check_body_form(const httplib::Request& request) {
  if (!is_json(request.get_header_value("Content-Type"))) {
    return Refusal{415, "", "the Content-Type must be application/json"};
  }
  if (request.has_header("Content-Encoding")) {  // a few packed bytes can be a very large body
    return Refusal{415, "", "the body must not have a Content-Encoding"};
  }
  if (request.get_header_value("Transfer-Encoding") == "chunked") return std::nullopt;
  if (request.has_header("Transfer-Encoding")) {
    return Refusal{501, "", "the only Transfer-Encoding that is known is chunked"};
  }
  if (!request.has_header("Content-Length")) {
    return Refusal{411, "", "the Content-Length is missing"};
  }
  const std::string length = request.get_header_value("Content-Length");
  std::size_t size = 0;
  const auto [end, code] = std::from_chars(length.data(), length.data() + length.size(), size);
  if (code == std::errc::result_out_of_range) return too_large_body();
  if (code != std::errc{} || end != length.data() + length.size()) {
    return Refusal{400, "", "the Content-Length is not a number"};
  }
  if (size > kMaxBody) return too_large_body();
  return std::nullopt;
}

}  // namespace

bool is_probe(const httplib::Request& request) {
  return request.path.starts_with("/probe/");
}

std::optional<Refusal> check_request(const httplib::Request& request,
                                     const std::string& authorization) {
  const bool probe = is_probe(request);
  if (!probe && request.path != "/uplink") return Refusal{404, "", "uplinks go to /uplink"};
  if (probe && request.method != "GET") return Refusal{405, "", "what is stored is asked by GET"};
  if (!probe && request.method != "POST" && request.method != "PUT") {
    return Refusal{405, "", "uplinks come with POST or PUT"};
  }
  if (!authorization.empty() &&
      !same_secret(request.get_header_value("Authorization"), authorization)) {
    return Refusal{401, "", "the Authorization header is not the one that is expected"};
  }
  return probe ? std::nullopt : check_body_form(request);
}

Refusal too_large_body() {
  return {413, "", "the body is larger than 256 KiB"};
}

}  // namespace sim::endpoint
