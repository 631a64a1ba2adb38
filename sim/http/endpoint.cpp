#include "sim/http/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>

namespace sim::http {

namespace {

using Error = tl::unexpected<std::string>;

constexpr std::size_t kMaxUrl = 8 * 1024;
constexpr std::size_t kMaxHost = 253;  // RFC 1035 2.3.4, as text

bool is_ipv6(std::string_view host) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return ::inet_pton(AF_INET6, std::string(host).c_str(), address.data()) == 1;
}

bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '.' || c == '_';
}

bool is_host_name(std::string_view host) {
  return host.size() <= kMaxHost && host.front() != '.' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), is_name_character);
}

std::string bracketed(std::string_view host) {
  return host.find(':') == std::string_view::npos ? std::string(host) : fmt::format("[{}]", host);
}

// A host and what stands after its colon, if there is one.
struct HostAndPort {
  std::string_view host;
  std::string_view port;
  bool has_port = false;
};

tl::expected<HostAndPort, std::string> split_authority(std::string_view text) {
  HostAndPort parts;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return Error("the IPv6 address lacks its closing bracket");
    parts.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    if (!is_ipv6(parts.host)) {
      return Error(fmt::format("'{}' is not an IPv6 address", parts.host));
    }
    if (!rest.empty() && rest[0] != ':') return Error("only a port may follow the IPv6 address");
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    parts.host = text.substr(0, colon);
    rest = text.substr(colon);
    if (rest.find(':', 1) != std::string_view::npos) {
      return Error("an IPv6 address must stand in brackets, as in [::1]:8080");
    }
    if (parts.host.empty()) return Error("the host is missing");
    if (!is_host_name(parts.host)) {
      return Error(fmt::format("'{}' is not a host name or an IP address", parts.host));
    }
  }
  parts.has_port = !rest.empty();
  if (parts.has_port) parts.port = rest.substr(1);
  return parts;
}

tl::expected<std::uint16_t, std::string> parse_port(std::string_view text, unsigned lowest) {
  unsigned port = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (code != std::errc{} || end != text.data() + text.size() || port < lowest || port > 65535) {
    return Error(fmt::format("'{}' is not a port: it must be {} to 65535", text, lowest));
  }
  return static_cast<std::uint16_t>(port);
}

// What would let a URL say more in a request line, or in a log, than it seems to say.
std::string forbidden_character(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ') return "contains a space";
    if (byte < 0x20 || byte == 0x7F) return "contains a control character";
    if (byte >= 0x80) return "contains a character that is not ASCII";
  }
  return {};
}

bool has_scheme(std::string_view url, std::string_view scheme) {
  return url.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), url.begin(), [](char wanted, char c) {
           return wanted == (c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
         });
}

constexpr std::uint16_t port_of(Scheme scheme) {
  return scheme == Scheme::https ? 443 : 80;
}

std::optional<Scheme> scheme_of(std::string_view url) {
  if (has_scheme(url, "https://")) return Scheme::https;
  if (has_scheme(url, "http://")) return Scheme::http;
  return std::nullopt;
}

tl::expected<Endpoint, std::string> parse_server(std::string_view authority, Scheme scheme) {
  const auto parts = split_authority(authority);
  if (!parts) return Error(parts.error());
  Endpoint endpoint;
  endpoint.host = parts->host;
  endpoint.port = port_of(scheme);
  endpoint.scheme = scheme;
  if (parts->has_port) {
    const auto port = parse_port(parts->port, 1);
    if (!port) return Error(port.error());
    endpoint.port = *port;
  }
  return endpoint;
}

}  // namespace

std::string Endpoint::authority() const {
  return port == port_of(scheme) ? bracketed(host) : host_and_port();
}

std::string Endpoint::host_and_port() const {
  return fmt::format("{}:{}", bracketed(host), port);
}

std::string Endpoint::url() const {
  return fmt::format("{}://{}{}", has_tls() ? "https" : "http", authority(), target);
}

tl::expected<Endpoint, std::string> parse_endpoint(std::string_view url) {
  if (url.empty()) return Error("the URL is empty: write http://host[:port]/path");
  if (url.size() > kMaxUrl) return Error("the URL is longer than 8 KiB");
  if (const std::string problem = forbidden_character(url); !problem.empty()) {
    return Error(fmt::format("the URL {}: percent-encode it", problem));
  }
  const auto scheme = scheme_of(url);
  if (!scheme) {
    return Error("the URL must begin with http:// or https://, as in http://127.0.0.1:8080/uplink");
  }
  const std::string_view rest = url.substr(url.find("//") + 2);
  const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  const auto server = parse_server(rest.substr(0, path), *scheme);
  // The text stays out of the message: there may be a password in it, with any character.
  const bool has_at = rest.substr(0, server ? path : rest.size()).find('@') != rest.npos;
  if (has_at) {
    return Error("the URL must not contain a user name or password: use an Authorization header");
  }
  if (rest.find('#') != rest.npos) {
    return Error("the URL must not contain a fragment ('#'): it is never sent");
  }
  if (!server) return Error(server.error());
  Endpoint endpoint = *server;
  endpoint.target = rest.substr(path);
  if (!endpoint.target.starts_with('/')) endpoint.target.insert(0, "/");
  return endpoint;
}

tl::expected<Endpoint, std::string> parse_plain_endpoint(std::string_view url) {
  auto endpoint = parse_endpoint(url);
  if (endpoint && endpoint->has_tls()) {
    return Error("https is not available here: use http, or a proxy on this machine that adds TLS");
  }
  return endpoint;
}

std::string Proxy::url() const {
  return fmt::format("http://{}:{}", bracketed(host), port);
}

tl::expected<Proxy, std::string> parse_proxy(std::string_view url) {
  constexpr std::string_view kForm = "write a proxy like http://user:password@host:3128";
  if (url.size() > kMaxUrl) return Error("the proxy's URL is longer than 8 KiB");
  if (const std::string problem = forbidden_character(url); !problem.empty()) {
    return Error(fmt::format("the proxy's URL {}: percent-encode it", problem));
  }
  if (has_scheme(url, "https://") || has_scheme(url, "socks")) {
    return Error(fmt::format("only proxies that are spoken to by plain HTTP are known: {}", kForm));
  }
  if (!has_scheme(url, "http://")) return Error(std::string(kForm));
  std::string_view rest = url.substr(std::string_view("http://").size());
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t at = rest.rfind('@');
  const bool has_user = at != std::string_view::npos;
  const auto server = parse_server(has_user ? rest.substr(at + 1) : rest, Scheme::http);
  if (!server) return Error(fmt::format("the proxy's host or port is not valid: {}", kForm));
  Proxy proxy{server->host, server->port, {}};
  if (has_user) proxy.credentials = percent_decoded(rest.substr(0, at));
  if (has_user && proxy.credentials.find(':') == std::string::npos) proxy.credentials += ':';
  return proxy;
}

std::string ListenAddress::url() const {
  return fmt::format("http://{}:{}", bracketed(host), port);
}

tl::expected<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  constexpr std::string_view kExample = "write host:port, as in 127.0.0.1:8080";
  if (text.empty()) return Error(fmt::format("the address is empty: {}", kExample));
  if (text.size() > kMaxUrl) return Error("the address is longer than 8 KiB");
  if (const std::string problem = forbidden_character(text); !problem.empty()) {
    return Error("the address " + problem);
  }
  const auto parts = split_authority(text);
  if (!parts) return Error(fmt::format("{}: {}", parts.error(), kExample));
  if (!parts->has_port) return Error(fmt::format("the port is missing: {}", kExample));
  const auto port = parse_port(parts->port, 0);
  if (!port) return Error(port.error());
  return ListenAddress{std::string(parts->host), *port};
}

}  // namespace sim::http
