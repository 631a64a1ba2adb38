#include <fmt/format.h>

#include "sim/check/curl.h"
#include "sim/http/endpoint.h"

namespace sim::check {

namespace {

constexpr std::string_view kProxyUser = "PROXY_USER";

void append(CurlWay& way, std::string_view option, std::string_view value) {
  way.options += fmt::format(" {} {}", option, shell_quoted(value));
}

void append_file(CurlWay& way, std::string_view option, const delivery::PemFile& file) {
  if (!file.text.empty()) append(way, option, file.name);
}

/// curl asks for the name in the URL, so that name goes there, and the host beside it.
void append_server_name(CurlWay& way, const std::string& name, http::Endpoint endpoint) {
  append(way, "--connect-to", "::" + endpoint.host_and_port());
  append(way, "-H", "Host: " + endpoint.authority());
  endpoint.host = name;
  way.url = endpoint.url();
}

}  // namespace

CurlWay curl_way(const delivery::Route& route, const std::string& url) {
  CurlWay way{url, {}, {}};
  if (!route.unix_socket.empty()) append(way, "--unix-socket", route.unix_socket);
  if (route.proxy) append(way, "--proxy", route.proxy->url());
  if (route.proxy && !route.proxy->credentials.empty()) {
    way.options += fmt::format(" --proxy-user \"${}\"", kProxyUser);
    way.variables.emplace_back(kProxyUser);
  }
  const auto endpoint = http::parse_endpoint(url);
  if (!endpoint || !endpoint->has_tls()) return way;
  const delivery::TlsSettings& tls = route.tls;
  append_file(way, "--cacert", tls.ca);
  append_file(way, "--cert", tls.certificate);
  append_file(way, "--key", tls.key);
  if (tls.insecure) way.options += " -k";
  if (!tls.server_name.empty()) append_server_name(way, tls.server_name, *endpoint);
  return way;
}

}  // namespace sim::check
