// Where requests go: a URL taken apart, and addresses to listen on.
// Called by scenario (checking), delivery (connecting), run (listening). Thread rule: values.
// Source: RFC 3986, for the schemes http and https.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace sim::http {

enum class Scheme : std::uint8_t { http, https };

/// A server's URL in its parts. `target` is the path and query, at least "/".
struct Endpoint {
  std::string host;  ///< without brackets, also for IPv6
  std::uint16_t port = 80;
  std::string target = "/";
  Scheme scheme = Scheme::http;

  [[nodiscard]] bool has_tls() const { return scheme == Scheme::https; }
  /// What stands in the Host header: the port is left out where it is the scheme's own.
  [[nodiscard]] std::string authority() const;
  /// "host:port", always with the port: what CONNECT asks for.
  [[nodiscard]] std::string host_and_port() const;
  /// "http://host:port/path?query", the port left out where it is the scheme's own.
  [[nodiscard]] std::string url() const;
};

/// Reads "http://host[:port][/path][?query]", or https. The error is a sentence: what is wrong and
/// what would do. User names in URLs are refused (they would end up in logs), and so are fragments.
tl::expected<Endpoint, std::string> parse_endpoint(std::string_view url);
/// The same, for who speaks no TLS: https is refused.
tl::expected<Endpoint, std::string> parse_plain_endpoint(std::string_view url);

/// A proxy to go through: "http://[user:password@]host[:port]".
struct Proxy {
  std::string host;  ///< without brackets, also for IPv6
  std::uint16_t port = 80;
  std::string credentials;  ///< "user:password", percent-decoded; a secret; empty: none

  /// "http://host:port", without the credentials: what may be shown.
  [[nodiscard]] std::string url() const;
};

/// The error is a sentence that shows no part of the text: there may be a password in it.
tl::expected<Proxy, std::string> parse_proxy(std::string_view url);

/// An address to listen on: "127.0.0.1:0", "[::1]:8080", "0.0.0.0:80"; port 0 takes a free one.
struct ListenAddress {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  /// "http://host:port", with brackets for IPv6.
  [[nodiscard]] std::string url() const;
};

tl::expected<ListenAddress, std::string> parse_listen_address(std::string_view text);

/// A text with its percent-encoding decoded; broken encoding stays as it is.
std::string percent_decoded(std::string_view text);

/// The path of a target without its query, and the decoded query parameters in order.
struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  [[nodiscard]] const std::string* find(std::string_view name) const;
};

/// Takes a request target apart, in origin form or as a whole URL. Percent-encoding is decoded in
/// the query, and in the path where that changes nothing in its meaning (RFC 3986 6.2.2.2: "%2F"
/// stays); broken encoding stays as it is, and so does '+'.
Target parse_target(std::string_view target);

/// A target with the value of the query parameter `key` masked as "***", in whatever case or
/// encoding the name is written: what may be printed and kept.
std::string masked_target(std::string_view target);

}  // namespace sim::http
